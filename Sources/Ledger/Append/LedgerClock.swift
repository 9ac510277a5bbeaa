internal import Accountability
internal import Encoding

/// Decides which time an entry gets (`docs/formats/entry.md`): never earlier than the entry before.
struct LedgerClock {
  /// A clock further behind than this is wrong, not jittery.
  static let stepBackMilliseconds: Int64 = 1000
  /// A clock further ahead than this may be wrong; it would block the ledger until it comes true.
  static let gapMilliseconds: Int64 = 60 * 24 * 60 * 60 * 1000

  let kind: ClockKind
  let now: Timestamp
  let allowsGap: Bool

  /// The time of an entry after one of time `last`.
  ///
  /// A simulated clock is where its submissions say it is, and stands still for one that was signed
  /// earlier than the last entry.
  func time(of submission: Submission, after last: Timestamp?) throws(LedgerError) -> Timestamp {
    let time = kind == .simulated ? submission.at : now
    guard let last else { return time }
    if time < last {
      guard kind == .simulated || time.milliseconds >= last.milliseconds - Self.stepBackMilliseconds
      else {
        throw LedgerError(
          .clockBehind, "The clock says \(time), and the last entry was made at \(last).",
          hint: "Set this machine's clock.")
      }
      return last
    }
    guard allowsGap || time.milliseconds <= last.milliseconds + Self.gapMilliseconds else {
      throw LedgerError(
        .clockAhead,
        (kind == .simulated ? "It is signed on" : "The clock says")
          + " \(time), more than 60 days after the last entry at \(last).",
        hint: kind == .simulated
          ? "Sign it again with --at and the day that it is there, or if so much time has passed, say so with --after-gap."
          : "If that is right, say so with --after-gap.")
    }
    return time
  }
}
