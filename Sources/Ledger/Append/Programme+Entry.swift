public import Accountability
public import Cryptography

extension Programme {
  /// Judges one entry of a log and applies it if it holds: what writer, views and audit share.
  ///
  /// - Parameters:
  ///   - header: The header of an earlier entry, by index; `nil` if the log has none there.
  ///   - isSigned: Whether a signature line verifies under a key.
  /// - Throws: What `header` throws.
  public mutating func apply(
    _ entry: Entry, header: (UInt64) throws -> EntryHeader?,
    isSigned: (Int, PublicKey) -> Bool
  ) throws -> Outcome {
    let submission = entry.submission
    let seen = submission.seen
    var seenMatches = false
    if seen.size == entry.index {
      seenMatches = seen.root == entry.root
    } else if seen.size < entry.index {
      seenMatches = try header(seen.size)?.root == seen.root
    }
    var newestSeen: EntryHeader?
    if seen.size > 0, seen.size <= entry.index { newestSeen = try header(seen.size - 1) }
    return apply(
      submission.facts, index: entry.index, time: entry.time, timeOfSeen: newestSeen?.time,
      seenMatches: seenMatches, isSigned: isSigned)
  }

  /// The same, verifying every signature here.
  public mutating func apply(
    _ entry: Entry, header: (UInt64) throws -> EntryHeader?
  ) throws -> Outcome {
    try apply(entry, header: header) { entry.submission.isSigned($0, by: $1) }
  }
}
