internal import Encoding

/// The bounds every parser checks before it allocates (`docs/formats/submission.md`).
public enum Limits {
  /// The most bytes of a submission, signature lines included.
  public static let submissionByteCount = 60_000
  /// The most bytes of a leaf: what an entry bundle of tlog-tiles can hold.
  public static let leafByteCount = 65_535
  /// The most events of one submission.
  public static let eventCount = 256
  /// The most keys that sign one submission.
  public static let signerCount = 16
  /// The largest number that canonical JSON carries, 2^53−1.
  public static let number = CanonicalJSON.maximumInteger
  /// The most openings a carried submission brings.
  public static let openingCount = 4_096
  /// The most bytes of one opening's content, 64 MiB: it is held in memory whole. An event can state a
  /// larger size; its content is then kept elsewhere.
  public static let openingByteCount = 64 << 20
  /// The most bytes of a submission that is carried with its openings: one opening of the longest always
  /// goes, and so do many shorter ones.
  public static let carriedByteCount = 128 << 20
}
