import Accountability
import Cryptography
import Encoding
import Ledger
import TransparencyLog

/// What one entry says, free of its place: so that the same can be said again in another history.
struct Statement {
  var time: Timestamp
  var at: Timestamp
  var by: [KeyName]
  /// Each key's number when it was first said: what later events cite.
  var numbers: [KeyName: UInt64] = [:]
  /// How many of the newest entries its author had not seen.
  var unseen: UInt64 = 0
  var events: [Event]
  var openings: [Opening] = []
  /// The note as it was signed, for a forger who cannot sign it again.
  private(set) var signed: [UInt8]?

  // What a cheat does otherwise than everybody does.

  /// Added to the author's number.
  var skip: Int64 = 0
  /// What the author claims to have seen, of the true view.
  var claim: (@Sendable (Submission.Seen) -> Submission.Seen)?
  /// Signs in the place of the key of the same line.
  var hands: [Int: SigningKey] = [:]
  /// The note, whatever it says, in the place of one made of all this.
  var note: [UInt8]?
  /// Keys whose count does not go on after it: they are not enrolled, or the signature fails.
  var uncounted: Set<KeyName> = []

  /// What is said in an entry.
  init(_ entry: Entry, openings: [Opening] = []) {
    time = entry.time
    at = entry.submission.at
    by = entry.submission.by.map(\.key)
    numbers = Dictionary(uniqueKeysWithValues: entry.submission.by.map { ($0.key, $0.n) })
    unseen = entry.index - entry.submission.seen.size
    events = entry.submission.events
    signed = entry.submission.bytes
    self.openings = openings
  }

  /// Something new, said right after `previous`.
  init(_ by: [KeyName], _ events: [Event], after previous: Statement) {
    time = previous.time
    at = previous.time
    self.by = by
    self.events = events
  }
}

extension JSONValue {
  /// The same with every citation in it put into another numbering.
  func citing(_ numbers: [SubmissionFacts.Signer: UInt64]) -> JSONValue {
    switch self {
    case .object(let object): return .object(object.citing(numbers))
    case .array(let items): return .array(items.map { $0.citing(numbers) })
    case .string(let text):
      guard let citation = Citation(text),
        let n = numbers[.init(key: citation.key, n: citation.n)]
      else { return self }
      return .string(Citation(key: citation.key, n: n, event: citation.event).description)
    default: return self
    }
  }
}

extension JSONObject {
  func citing(_ numbers: [SubmissionFacts.Signer: UInt64]) -> JSONObject {
    JSONObject(members.map { ($0.key, $0.value.citing(numbers)) })
  }
}
