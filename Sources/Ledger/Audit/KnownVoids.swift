public import Cryptography
internal import Encoding

/// Void entries that were looked into before: `audit --known FILE` reports them apart.
///
/// ```
/// onus/known-voids/v1
/// 412 CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
/// ```
///
/// A line for each: the entry's index, a space, the hash of its leaf in base64; indexes rise. The hash
/// keeps an acknowledgement from covering another entry that was put in that place.
public struct KnownVoids: Hashable, Sendable {
  /// The first line of the file.
  public static let magic = "onus/known-voids/v1"

  /// The leaf hash of each acknowledged entry.
  public private(set) var leaves: [UInt64: Digest] = [:]

  /// None.
  public init() {}

  /// These.
  public init(leaves: [UInt64: Digest]) { self.leaves = leaves }

  /// Parses a list, accepting exactly one encoding of it.
  public init(_ bytes: [UInt8]) throws(LedgerError) {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw LedgerError(.malformedKnownVoids, "A list of known voids is text.", line: 1)
    }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count >= 2, lines[0] == Self.magic, lines[lines.count - 1].isEmpty else {
      throw LedgerError(
        .malformedKnownVoids,
        "A list of known voids begins with \(Self.magic) and ends with a line feed.", line: 1)
    }
    for (number, line) in lines.enumerated().dropFirst().dropLast() {
      let words = line.split(separator: " ", omittingEmptySubsequences: false)
      guard words.count == 2, let index = UInt64(words[0]), String(index) == words[0],
        let leaf = Digest(base64: String(words[1])), leaves[index] == nil
      else {
        throw LedgerError(
          .malformedKnownVoids, "A line is an entry's index, a space, and its leaf hash in base64.",
          line: number + 1)
      }
      leaves[index] = leaf
    }
    guard self.bytes == bytes else {
      throw LedgerError(.malformedKnownVoids, "The indexes of known voids rise.", line: 2)
    }
  }

  /// The file.
  public var bytes: [UInt8] {
    var text = "\(Self.magic)\n"
    for (index, leaf) in leaves.sorted(by: { $0.key < $1.key }) {
      text += "\(index) \(leaf.base64)\n"
    }
    return Array(text.utf8)
  }

  /// Whether this very entry was acknowledged.
  public func contains(_ index: UInt64, _ leaf: Digest) -> Bool { leaves[index] == leaf }
}

extension LedgerError.Code {
  /// Not a list of known void entries.
  public static let malformedKnownVoids = Self("malformed-known-voids")
  /// Not a remembered head.
  public static let malformedHead = Self("malformed-head")
}
