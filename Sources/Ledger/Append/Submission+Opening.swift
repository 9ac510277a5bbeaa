internal import Accountability
internal import Encoding

extension Submission {
  /// The log key that a submission which opens a ledger names; `nil` in any other.
  var openedLogKey: String? { openedData?["vkey"]?.string }

  /// The clock that a submission which opens a ledger chooses.
  var openedClock: ClockKind {
    openedData?["clock"]?.string.flatMap { ClockKind(rawValue: $0) } ?? .system
  }

  private var openedData: JSONObject? {
    guard let first = events.first, first.type == "ledger.opened" else { return nil }
    return first.data
  }
}
