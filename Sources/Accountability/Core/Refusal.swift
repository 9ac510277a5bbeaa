/// Which question of an audit a violation answers (`docs/design.md`, *Auditing*).
public enum Axis: String, CaseIterable, Hashable, Sendable {
  case integrity, signatures, history, authority, anchoring, content, views
}

/// Why the rules do not let a submission in.
///
/// The same value is thrown when a writer refuses and stored when an audit finds that a committed
/// entry should have been refused.
public struct Refusal: Error, Hashable, Sendable {
  /// What rule was broken: closed, stable, to branch on.
  public enum Code: String, Hashable, CaseIterable, Sendable {
    // Signatures: who signed.
    case unknownKey = "unknown-key"
    case endedKey = "ended-key"
    case badSignature = "bad-signature"
    case missingCosigner = "missing-cosigner"
    case unwantedCosigner = "unwanted-cosigner"
    // History: what came before.
    case wrongCount = "wrong-count"
    case wrongSeen = "wrong-seen"
    case fallingSeen = "falling-seen"
    case wrongTime = "wrong-time"
    // Authority: who may.
    case malformed
    case unknownType = "unknown-type"
    case misplaced
    case noRole = "no-role"
    case keyLimited = "key-limited"
    case notParty = "not-party"
    case notIndependent = "not-independent"
    case separation
    case unknownSubject = "unknown-subject"
    case unknownCitation = "unknown-citation"
    case alreadyExists = "already-exists"
    case wrongState = "wrong-state"
    case notReady = "not-ready"
    case stale
    case tooLate = "too-late"
    case wrongDate = "wrong-date"
    case lastHolder = "last-holder"
    case nothingToDo = "nothing-to-do"
  }

  /// The rule.
  public let code: Code
  /// What is wrong, in one sentence for a person.
  public let message: String
  /// What would be accepted, where that can be said.
  public let hint: String?
  /// The entry that causes it, if one does.
  public let entry: UInt64?
  /// The event of the submission that is refused, from 1; `nil` for the submission as a whole.
  public internal(set) var event: Int?

  /// A refusal.
  public init(
    _ code: Code, _ message: String, hint: String? = nil, entry: UInt64? = nil, event: Int? = nil
  ) {
    self.code = code
    self.message = message
    self.hint = hint
    self.entry = entry
    self.event = event
  }

  /// The same refusal, laid at event `number` of its submission.
  func at(event number: Int) -> Refusal {
    var placed = self
    if placed.event == nil { placed.event = number }
    return placed
  }
}

extension Refusal.Code {
  /// The axis of an audit that an entry breaking this rule fails.
  public var axis: Axis {
    switch self {
    case .unknownKey, .endedKey, .badSignature, .missingCosigner, .unwantedCosigner: .signatures
    case .wrongCount, .wrongSeen, .fallingSeen, .wrongTime: .history
    default: .authority
    }
  }
}
