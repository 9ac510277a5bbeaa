internal import Cryptography

/// A timestamp as a store keeps it: what an authority answered, and the checkpoint that it is of
/// (docs/formats/timestamp.md).
///
/// The hash in front covers the answer, and the answer's imprint the checkpoint, so that no bit of
/// the three changes unseen, whoever trusts the authority.
public struct StoredTimestamp: Hashable, Sendable {
  /// The most that a ledger keeps: one a day for 27 years.
  public static let maximumCount = 10_000
  /// The most bytes of a checkpoint that are read.
  public static let maximumCheckpointByteCount = 1 << 16

  /// The SHA-256 hash of the answer, as it is stored; nothing is checked.
  public let digest: [UInt8]
  /// The checkpoint, verbatim, with the log's signature line: the bytes that were timestamped.
  public let checkpoint: [UInt8]
  /// The authority's answer, verbatim.
  public let response: [UInt8]

  /// A timestamp as it is found.
  public init(digest: [UInt8], checkpoint: [UInt8], response: [UInt8]) {
    self.digest = digest
    self.checkpoint = checkpoint
    self.response = response
  }

  /// A timestamp to be kept.
  public init(checkpoint: [UInt8], response: [UInt8]) {
    self.init(
      digest: SHA256.hash(response).bytes, checkpoint: checkpoint, response: response)
  }
}
