public import Cryptography
internal import Encoding
public import TransparencyLog

/// What an auditor remembers of a ledger it has audited (DESIGN §8).
///
/// ```
/// onus/head/v1
/// {"leaf":"<hash of entry 0, base64>","vkey":"<the log's verifier key>"}
///
/// <the checkpoint, verbatim>
/// ```
///
/// The origin is the name in the verifier key. `docs/formats/remembered-head.md` describes the file.
public struct RememberedHead: Hashable, Sendable {
  /// The first line.
  public static let magic = "onus/head/v1"

  /// The log's key; its name is the origin.
  public let logKey: VerifierKey
  /// The hash of the leaf of entry 0.
  public let firstLeaf: Digest
  /// The newest checkpoint that was audited.
  public let checkpoint: SignedCheckpoint

  /// A head.
  ///
  /// - Throws: `LedgerError` if the log's key has not signed the checkpoint.
  public init(
    logKey: VerifierKey, firstLeaf: Digest, checkpoint: SignedCheckpoint
  ) throws(LedgerError) {
    guard checkpoint.isSigned(by: logKey) else {
      throw LedgerError(.malformedHead, "The checkpoint is not signed by \(logKey.keyName).")
    }
    self.logKey = logKey
    self.firstLeaf = firstLeaf
    self.checkpoint = checkpoint
  }

  /// Parses a file, accepting exactly one encoding of it.
  public init(_ bytes: [UInt8]) throws(LedgerError) {
    let parts = bytes.split(
      separator: UInt8(ascii: "\n"), maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 4, parts[0].elementsEqual(Self.magic.utf8), parts[2].isEmpty,
      let object = try? CanonicalJSON.parse(parts[1]).object, object.members.count == 2,
      let firstLeaf = object["leaf"]?.string.flatMap({ Digest(base64: $0) }),
      let vkey = object["vkey"]?.string, let logKey = try? VerifierKey(vkey),
      let checkpoint = try? SignedCheckpoint(Array(parts[3]))
    else {
      throw LedgerError(.malformedHead, "The file is not a remembered head.")
    }
    try self.init(logKey: logKey, firstLeaf: firstLeaf, checkpoint: checkpoint)
    guard self.bytes == bytes else {
      throw LedgerError(.malformedHead, "A remembered head has exactly one encoding.")
    }
  }

  /// The file.
  public var bytes: [UInt8] {
    let object: JSONObject = [
      "leaf": .string(firstLeaf.base64), "vkey": .string(logKey.description),
    ]
    return Array("\(Self.magic)\n".utf8) + CanonicalJSON.write(.object(object))
      + Array("\n\n".utf8) + checkpoint.bytes
  }

  /// How many entries it covers.
  public var size: UInt64 { checkpoint.checkpoint.size }
}
