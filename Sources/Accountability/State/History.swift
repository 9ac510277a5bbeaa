public import Encoding

/// Why something was sent back.
public enum ReturnReason: String, CaseIterable, Hashable, Sendable {
  case evidenceMissing = "evidence-missing"
  case wrongBasis = "wrong-basis"
  case behindSchedule = "behind-schedule"
  case noSubstance = "no-substance"
  case falsified

  /// The words, as events carry them.
  static let shape = Shape.word(allCases.map(\.rawValue))

  /// What it is called, for people.
  public var label: Label {
    switch self {
    case .evidenceMissing: Label(english: "evidence missing", chinese: "佐证缺失")
    case .wrongBasis: Label(english: "wrong basis", chinese: "口径有误")
    case .behindSchedule: Label(english: "behind schedule", chinese: "进度滞后")
    case .noSubstance: Label(english: "no substance", chinese: "内容空泛")
    case .falsified: Label(english: "falsified", chinese: "内容失实")
    }
  }
}

/// One review of a report, kept so that a scorecard can name the events behind its figures.
public struct Review: Record {
  /// The event that reviewed.
  public internal(set) var citation = Citation.blank
  /// Who reviewed.
  public internal(set) var organisation = OrganisationID.blank
  /// The entry that holds the review.
  public internal(set) var entry: UInt64 = 0
  /// The ledger's clock at that entry.
  public internal(set) var recordedOn = Timestamp.blank
  /// Why it was sent back; `nil` if it was accepted.
  public internal(set) var reason: ReturnReason?

  /// Blank.
  public init() {}

  /// Passes every field through the coder.
  public mutating func code(with coder: inout RecordCoder) throws(StateError) {
    try coder.code(&citation)
    try coder.code(&organisation)
    try coder.code(&entry)
    try coder.code(&recordedOn)
    try coder.code(&reason, blank: .falsified) { (coder, reason) throws(StateError) in
      try coder.code(&reason)
    }
  }
}

/// One correction of a report.
public struct Correction: Record {
  /// Who found that it was wrong.
  public enum Finder: String, CaseIterable, Hashable, Sendable {
    case unit, reviewer, auditor, statistics
  }

  /// The event that corrected.
  public internal(set) var citation = Citation.blank
  /// The entry that holds it.
  public internal(set) var entry: UInt64 = 0
  /// The ledger's clock at that entry.
  public internal(set) var recordedOn = Timestamp.blank
  /// Who found it; `unit` also where a second report replaced one that nobody had reviewed.
  public internal(set) var foundBy = Finder.unit
  /// Whether it came after the due date then in force.
  public internal(set) var isLate = false

  /// Blank.
  public init() {}

  /// Passes every field through the coder.
  public mutating func code(with coder: inout RecordCoder) throws(StateError) {
    try coder.code(&citation)
    try coder.code(&entry)
    try coder.code(&recordedOn)
    try coder.code(&foundBy)
    try coder.code(&isLate)
  }
}

/// A time in which nothing was owed: suspended, cancelled, or completed and later reopened.
public struct Pause: Record {
  /// When it began.
  public internal(set) var from = Timestamp.blank
  /// When it ended; `nil` if it has not.
  public internal(set) var to: Timestamp?

  /// Blank.
  public init() {}

  init(from: Timestamp, to: Timestamp?) {
    self.from = from
    self.to = to
  }

  /// Passes every field through the coder.
  public mutating func code(with coder: inout RecordCoder) throws(StateError) {
    try coder.code(&from)
    try coder.code(&to)
  }
}

/// How a round ended that was reopened.
public struct PastRound: Record {
  /// Which round, from 1.
  public internal(set) var round = 1
  /// The claim that was accepted in it.
  public internal(set) var claim: Citation?
  /// When the ledger recorded that claim.
  public internal(set) var claimedOn: Timestamp?
  /// Whether that was after the due date then in force.
  public internal(set) var isClaimLate = false
  /// When the claim was accepted.
  public internal(set) var completedOn: Timestamp?
  /// When the task was closed, if it had been.
  public internal(set) var closedOn: Timestamp?
  /// The event that reopened it.
  public internal(set) var reopening = Citation.blank
  /// When the ledger recorded that.
  public internal(set) var reopenedOn = Timestamp.blank

  /// Blank.
  public init() {}

  /// Passes every field through the coder.
  public mutating func code(with coder: inout RecordCoder) throws(StateError) {
    try coder.code(&round)
    try coder.code(&claim)
    try coder.code(&claimedOn)
    try coder.code(&isClaimLate)
    try coder.code(&completedOn)
    try coder.code(&closedOn)
    try coder.code(&reopening)
    try coder.code(&reopenedOn)
  }
}
