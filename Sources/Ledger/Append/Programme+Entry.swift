public import Accountability
public import Cryptography

extension Programme {
  /// Judges one entry of a log and applies it if it holds: what writer, views and audit share.
  ///
  /// - Parameters:
  ///   - index: Its place in the log, which decides, whatever its header says.
  ///   - header: The header of an earlier entry, by index; `nil` if the log has none there.
  ///   - isSigned: Whether a signature line verifies under a key.
  /// - Throws: What `header` throws.
  public mutating func apply(
    _ entry: Entry, at index: UInt64, header: (UInt64) throws -> EntryHeader?,
    isSigned: (Int, PublicKey) -> Bool
  ) throws -> Outcome {
    let submission = entry.submission
    let seen = submission.seen
    var seenMatches = false
    if seen.size == index {
      seenMatches = seen.root == entry.root
    } else if seen.size < index {
      seenMatches = try header(seen.size)?.root == seen.root
    }
    var newestSeen: EntryHeader?
    if seen.size > 0, seen.size <= index { newestSeen = try header(seen.size - 1) }
    return apply(
      submission.facts, index: index, time: entry.time, timeOfSeen: newestSeen?.time,
      seenMatches: seenMatches, isSigned: isSigned)
  }

  /// The same, verifying every signature here.
  public mutating func apply(
    _ entry: Entry, header: (UInt64) throws -> EntryHeader?
  ) throws -> Outcome {
    try apply(entry, at: entry.index, header: header) { entry.submission.isSigned($0, by: $1) }
  }
}

extension Refusal {
  /// Why an entry is void whose bytes are none.
  public static func unreadable(_ index: UInt64, _ problem: String) -> Refusal {
    Refusal(.malformed, "Entry \(index) cannot be read: \(problem)")
  }
}
