public import Cryptography
internal import Encoding
public import TransparencyLog

/// What an auditor remembers of a ledger it has audited (`docs/formats/remembered-head.md`).
///
/// ```
/// onus/head/v2
/// {"leaf":"<hash of entry 0, base64>","verified":412,"vkey":"<the log's verifier key>"}
///
/// <the checkpoint, verbatim>
/// ```
///
/// The origin is the name in the verifier key. The first version had no `verified`, and is read as
/// having verified nothing. `docs/formats/remembered-head.md` describes the file.
public struct RememberedHead: Hashable, Sendable {
  /// The first line.
  public static let magic = "onus/head/v2"
  private static let firstMagic = "onus/head/v1"

  /// The log's key; its name is the origin.
  public let logKey: VerifierKey
  /// The hash of the leaf of entry 0.
  public let firstLeaf: Digest
  /// The newest checkpoint that was audited.
  public let checkpoint: SignedCheckpoint
  /// Of how many of its entries, from the first on, every signature was verified and held.
  public let verifiedCount: UInt64

  /// A head.
  ///
  /// - Throws: `LedgerError` if the log's key has not signed the checkpoint, or that has fewer entries
  ///   than were verified.
  public init(
    logKey: VerifierKey, firstLeaf: Digest, checkpoint: SignedCheckpoint, verifiedCount: UInt64 = 0
  ) throws(LedgerError) {
    guard checkpoint.isSigned(by: logKey) else {
      throw LedgerError(.malformedHead, "The checkpoint is not signed by \(logKey.keyName).")
    }
    guard verifiedCount <= checkpoint.checkpoint.size else {
      throw LedgerError(
        .malformedHead, "No more entries can have been verified than the checkpoint covers.")
    }
    self.verifiedCount = verifiedCount
    self.logKey = logKey
    self.firstLeaf = firstLeaf
    self.checkpoint = checkpoint
  }

  /// Parses a file, accepting exactly one encoding of it.
  public init(_ bytes: [UInt8]) throws(LedgerError) {
    let parts = bytes.split(
      separator: UInt8(ascii: "\n"), maxSplits: 3, omittingEmptySubsequences: false)
    let isFirst = parts.first?.elementsEqual(Self.firstMagic.utf8) == true
    guard parts.count == 4, isFirst || parts[0].elementsEqual(Self.magic.utf8), parts[2].isEmpty,
      let object = try? CanonicalJSON.parse(parts[1]).object,
      object.members.count == (isFirst ? 2 : 3),
      let verified = isFirst ? 0 : object["verified"]?.integer, verified >= 0,
      let firstLeaf = object["leaf"]?.string.flatMap({ Digest(base64: $0) }),
      let vkey = object["vkey"]?.string, let logKey = try? VerifierKey(vkey),
      let checkpoint = try? SignedCheckpoint(Array(parts[3]))
    else {
      throw LedgerError(.malformedHead, "The file is not a remembered head.")
    }
    try self.init(
      logKey: logKey, firstLeaf: firstLeaf, checkpoint: checkpoint,
      verifiedCount: UInt64(verified))
    guard isFirst ? firstBytes == bytes : self.bytes == bytes else {
      throw LedgerError(.malformedHead, "A remembered head has exactly one encoding.")
    }
  }

  /// The file.
  public var bytes: [UInt8] {
    var object = members
    object["verified"] = .integer(Int64(clamping: verifiedCount))
    return bytes(Self.magic, object)
  }

  /// The file as the first version had it.
  private var firstBytes: [UInt8] { bytes(Self.firstMagic, members) }

  private var members: JSONObject {
    ["leaf": .string(firstLeaf.base64), "vkey": .string(logKey.description)]
  }

  private func bytes(_ magic: String, _ members: JSONObject) -> [UInt8] {
    Array("\(magic)\n".utf8) + CanonicalJSON.write(.object(members)) + Array("\n\n".utf8)
      + checkpoint.bytes
  }

  /// How many entries it covers.
  public var size: UInt64 { checkpoint.checkpoint.size }
}
