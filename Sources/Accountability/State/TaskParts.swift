public import Encoding

/// A due date that was in force, and since when.
public struct DueDate: Record {
  /// What put it in force.
  public enum Origin: String, CaseIterable, Sendable { case assigned, granted, set, ruled }

  /// The date.
  public internal(set) var day = Day.blank
  /// What put it in force.
  public internal(set) var origin = Origin.assigned
  /// The entry that did.
  public internal(set) var entry: UInt64 = 0

  /// Blank.
  public init() {}

  /// Passes every field through the coder.
  public mutating func code(with coder: inout RecordCoder) throws(StateError) {
    try coder.code(&day)
    try coder.code(&origin)
    try coder.code(&entry)
  }
}

/// How often a task reports.
public enum Cycle: String, CaseIterable, Sendable {
  case weekly, monthly, quarterly, yearly

  /// The kind of period that one report covers.
  public var periodKind: Period.Kind {
    switch self {
    case .weekly: .week
    case .monthly: .month
    case .quarterly: .quarter
    case .yearly: .year
    }
  }
}

/// The latest report of one period.
public struct PeriodReport: Record {
  /// The period.
  public internal(set) var period = Period.blank
  /// The report.
  public internal(set) var citation = Citation.blank
  /// What became of it.
  public internal(set) var status = Report.Status.filed
  /// When the ledger recorded the first report of the period.
  public internal(set) var filedOn = Timestamp.blank
  /// The per cent it gives, as corrected.
  public internal(set) var percent = 0

  /// Blank.
  public init() {}

  /// Passes every field through the coder.
  public mutating func code(with coder: inout RecordCoder) throws(StateError) {
    try coder.code(&period)
    try coder.code(&citation)
    try coder.code(&status)
    try coder.code(&filedOn)
    try coder.code(&percent)
  }
}

/// An extension that was asked for and not yet decided.
public struct PendingExtension: Record {
  /// The request.
  public internal(set) var citation = Citation.blank
  /// The date asked for.
  public internal(set) var to = Day.blank

  /// Blank.
  public init() {}

  /// Passes every field through the coder.
  public mutating func code(with coder: inout RecordCoder) throws(StateError) {
    try coder.code(&citation)
    try coder.code(&to)
  }
}
