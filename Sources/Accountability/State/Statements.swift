public import Encoding

/// Something a unit reported that others may review, correct or cite.
public struct Report: Record {
  /// What it was.
  public enum Kind: String, CaseIterable, Sendable {
    case progress, contribution, milestone, claim
  }

  /// What became of it.
  public enum Status: String, CaseIterable, Sendable { case filed, accepted, returned }

  /// How events name it.
  public internal(set) var citation = Citation.blank
  /// What it was.
  public internal(set) var kind = Kind.progress
  /// The task it is about.
  public internal(set) var task = TaskID.blank
  /// Whose words they are.
  public internal(set) var organisation = OrganisationID.blank
  /// The period it covers, for progress and contributions.
  public internal(set) var period: Period?
  /// The milestone it claims, for milestones.
  public internal(set) var milestone: MilestoneID?
  /// The per cent it gives, as corrected.
  public internal(set) var percent = 0
  /// Values given, as corrected.
  public internal(set) var values: [ReportedValue] = []
  /// The evidence it cites.
  public internal(set) var evidence: [Citation] = []
  /// The task's round.
  public internal(set) var round = 1
  /// The entry that holds it.
  public internal(set) var entry: UInt64 = 0
  /// The ledger's clock at that entry.
  public internal(set) var recordedOn = Timestamp.blank
  /// What became of it.
  public internal(set) var status = Status.filed
  /// How often it was corrected.
  public internal(set) var correctionCount = 0
  /// Every review of it, oldest first.
  public internal(set) var reviews: [Review] = []
  /// Every correction of it, oldest first.
  public internal(set) var corrections: [Correction] = []
  var touch = Touch()

  /// Blank.
  public init() {}

  /// Passes every field through the coder.
  public mutating func code(with coder: inout RecordCoder) throws(StateError) {
    try coder.code(&citation)
    try coder.code(&kind)
    try coder.code(&task)
    try coder.code(&organisation)
    try coder.code(&period, blank: .blank) { (coder, period) throws(StateError) in
      try coder.code(&period)
    }
    try coder.code(&milestone)
    try coder.code(&percent)
    try coder.code(&values)
    try coder.code(&evidence)
    try coder.code(&round)
    try coder.code(&entry)
    try coder.code(&recordedOn)
    try coder.code(&status)
    try coder.code(&correctionCount)
    try coder.code(&reviews)
    try coder.code(&corrections)
    try touch.code(with: &coder)
  }
}

/// A value of an indicator as a unit reports it.
public struct ReportedValue: Record {
  /// The indicator.
  public internal(set) var indicator = IndicatorID.blank
  /// The value, a decimal.
  public internal(set) var value = ""

  /// Blank.
  public init() {}

  /// Passes every field through the coder.
  public mutating func code(with coder: inout RecordCoder) throws(StateError) {
    try coder.code(&indicator)
    try coder.code(&value)
  }
}

/// A piece of evidence: what, when, and under which commitment; the content lies elsewhere.
public struct Evidence: Record {
  /// How events name it.
  public internal(set) var citation = Citation.blank
  /// The task it is for.
  public internal(set) var task = TaskID.blank
  /// Who attached it.
  public internal(set) var organisation = OrganisationID.blank
  /// What sort of thing, an id such as `photograph`.
  public internal(set) var kind = ""
  /// When it was made, by its author's word.
  public internal(set) var capturedOn = Day.blank
  /// The commitment of its content, base64.
  public internal(set) var commitment = ""
  /// The task's round.
  public internal(set) var round = 1
  /// The entry that holds it.
  public internal(set) var entry: UInt64 = 0

  /// Blank.
  public init() {}

  /// Passes every field through the coder.
  public mutating func code(with coder: inout RecordCoder) throws(StateError) {
    try coder.code(&citation)
    try coder.code(&task)
    try coder.code(&organisation)
    try coder.code(&kind)
    try coder.code(&capturedOn)
    try coder.code(&commitment)
    try coder.code(&round)
    try coder.code(&entry)
  }
}
