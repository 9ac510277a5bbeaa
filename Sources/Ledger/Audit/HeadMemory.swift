internal import Cryptography
internal import Encoding
internal import FoundationEssentials

/// The folder where an auditor keeps the heads it remembers, one file for each log key.
///
/// A file is named by the SHA-256 of the log's verifier key, so that nothing a ledger says of itself
/// chooses which memory it is compared with; a ledger is looked up by its key *and* by its origin.
public struct HeadMemory: Sendable {
  private static let suffix = ".head"
  private static let maximumByteCount = 100_000

  /// The folder; made when something is first remembered.
  public let folder: String

  /// The memory in `folder`, for example `~/.config/onus/heads`.
  public init(folder: String) { self.folder = folder }

  /// Everything remembered, and the files that cannot be read.
  func heads() -> (heads: [RememberedHead], unreadable: [String]) {
    guard Files.exists(folder) else { return ([], []) }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      return ([], [folder])
    }
    var heads: [RememberedHead] = []
    var unreadable: [String] = []
    for name in names.sorted() where name.hasSuffix(Self.suffix) {
      let path = "\(folder)/\(name)"
      if let bytes = try? Files.contents(of: path, atMost: Self.maximumByteCount),
        let head = try? RememberedHead(bytes), self.path(of: head) == path
      {
        heads.append(head)
      } else {
        unreadable.append(path)
      }
    }
    return (heads, unreadable)
  }

  /// Remembers a head in the place of an earlier one of the same log key, unless it is older.
  ///
  /// What was verified before stays so. That the head extends the earlier one is the caller's to
  /// know.
  public func remember(_ head: RememberedHead) throws(LedgerError) {
    let path = path(of: head)
    var head = head
    if let bytes = try Files.contents(of: path, atMost: Self.maximumByteCount),
      let old = try? RememberedHead(bytes)
    {
      if old.size > head.size { return }
      head = try RememberedHead(
        logKey: head.logKey, firstLeaf: head.firstLeaf, checkpoint: head.checkpoint,
        verifiedCount: max(head.verifiedCount, old.verifiedCount))
    }
    try Files.makeFolder(folder, mode: 0o700)
    try Files.replace(path, with: head.bytes)
  }

  private func path(of head: RememberedHead) -> String {
    let name = Hex.encode(SHA256.hash(Array(head.logKey.description.utf8)).bytes)
    return "\(folder)/\(name)\(Self.suffix)"
  }
}
