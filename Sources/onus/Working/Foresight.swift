internal import Accountability
internal import Encoding
internal import Ledger
internal import SQLiteStorage
internal import Views

/// The rules, asked of what is not appended yet: what they would say of it, against the views.
///
/// Nothing is written. Records are loaded as the rules read them, and what was taken in stays taken in, so
/// that one submission after another can be asked of.
struct Foresight {
  private let folder: LedgerFolder
  private let views: ViewStore
  private var slice = Programme.makeSlice()
  /// The place of the next entry.
  private var index: UInt64

  init(in folder: LedgerFolder, _ views: ViewStore) throws {
    (self.folder, self.views) = (folder, views)
    index = try views.position().size
  }

  /// What would refuse it some time, as if every signature that is still to come verified and whatever
  /// comes before it were there; `nil` if nothing would.
  mutating func refusal(of submission: SubmissionFacts) throws -> Refusal? {
    try load(for: submission)
    return slice.foreseenRefusal(
      of: submission, at: index, time: try time(of: submission),
      timeOfSeen: try folder.time(ofSize: submission.seenSize))
  }

  /// Takes it in as if it were appended next, and returns what refuses it. What is refused leaves nothing
  /// behind, not even its number.
  mutating func append(_ submission: SubmissionFacts) throws -> Refusal? {
    try load(for: submission)
    let before = slice
    let outcome = slice.apply(
      submission, index: index, time: try time(of: submission),
      timeOfSeen: try folder.time(ofSize: submission.seenSize), seenMatches: true
    ) { _, _ in true }
    guard case .void(let refusal) = outcome else {
      index += 1
      return nil
    }
    slice = before
    return refusal
  }

  private mutating func load(for submission: SubmissionFacts) throws {
    while case let missing = slice.missing(for: submission), !missing.isEmpty {
      for (key, value) in zip(missing, try views.load(missing)) { try slice.load(key, value) }
    }
  }

  /// The ledger's clock at the next entry: it never goes back.
  private func time(of submission: SubmissionFacts) throws -> Timestamp {
    let now = try folder.clock() == .simulated ? submission.at : MachineClock.now()
    return max(now, try folder.time(ofSize: views.position().size) ?? now)
  }
}
