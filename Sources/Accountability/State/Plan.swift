public import Encoding

/// The programme as issued: its frame for dates, cycles and lights.
public struct Charter: Record {
  /// Its id.
  public internal(set) var id = ProgrammeID.blank
  /// Its title in English.
  public internal(set) var titleEnglish = ""
  /// Its title in Chinese.
  public internal(set) var titleChinese = ""
  /// Its first day.
  public internal(set) var start = Day.blank
  /// Its last day.
  public internal(set) var end = Day.blank
  /// The fixed offset at which all its dates are read.
  public internal(set) var offset = UTCOffset.utc
  /// Days off beside weekends.
  public internal(set) var holidays: [Day] = []
  /// Weekend days that are worked.
  public internal(set) var workdays: [Day] = []
  /// When a light changes.
  public internal(set) var thresholds = LightThresholds()
  /// The entry that issued it.
  public internal(set) var issuedAt: UInt64 = 0

  /// Blank.
  public init() {}

  /// Passes every field through the coder.
  public mutating func code(with coder: inout RecordCoder) throws(StateError) {
    try coder.code(&id)
    try coder.code(&titleEnglish)
    try coder.code(&titleChinese)
    try coder.code(&start)
    try coder.code(&end)
    try coder.code(&offset)
    try coder.code(&holidays, blank: .blank) { (coder, day) throws(StateError) in
      try coder.code(&day)
    }
    try coder.code(&workdays, blank: .blank) { (coder, day) throws(StateError) in
      try coder.code(&day)
    }
    try thresholds.code(with: &coder)
    try coder.code(&issuedAt)
  }
}

/// The numbers behind lights (`docs/rules.md`, *Lights*) that a programme may set for itself.
public struct LightThresholds: Record {
  /// Red above this gap, in points.
  public internal(set) var redGapPoints = 30
  /// Yellow from this gap, in points.
  public internal(set) var yellowGapPoints = 10
  /// Red from so many cycles without an accepted report.
  public internal(set) var redMissedCycles = 3
  /// Yellow from so many.
  public internal(set) var yellowMissedCycles = 1
  /// Yellow when due within so many working days.
  public internal(set) var dueSoonWorkdays = 3
  /// Red when the start is so many months overdue.
  public internal(set) var redStartMonths = 3
  /// How many days after its period's last day a report is due, up to 24:00 of the last of them.
  public internal(set) var reportGraceDays = 10

  /// The published defaults.
  public init() {}

  /// Passes every field through the coder.
  public mutating func code(with coder: inout RecordCoder) throws(StateError) {
    try coder.code(&redGapPoints)
    try coder.code(&yellowGapPoints)
    try coder.code(&redMissedCycles)
    try coder.code(&yellowMissedCycles)
    try coder.code(&dueSoonWorkdays)
    try coder.code(&redStartMonths)
    try coder.code(&reportGraceDays)
  }
}

/// A group of tasks.
public struct Objective: Record {
  /// Its id.
  public internal(set) var id = ObjectiveID.blank
  /// Its title in English.
  public internal(set) var titleEnglish = ""
  /// Its title in Chinese.
  public internal(set) var titleChinese = ""

  /// Blank.
  public init() {}

  /// Passes every field through the coder.
  public mutating func code(with coder: inout RecordCoder) throws(StateError) {
    try coder.code(&id)
    try coder.code(&titleEnglish)
    try coder.code(&titleChinese)
  }
}

/// A number with a direction.
public struct Indicator: Record {
  /// Which way is better.
  public enum Direction: String, CaseIterable, Sendable {
    case up, down
    case atLeast = "at-least"
    case atMost = "at-most"
    case within
  }

  /// What should be reached by a period.
  public struct Target: Record {
    /// The period.
    public internal(set) var period = Period.blank
    /// The value, a decimal.
    public internal(set) var value = ""

    /// Blank.
    public init() {}

    /// Passes every field through the coder.
    public mutating func code(with coder: inout RecordCoder) throws(StateError) {
      try coder.code(&period)
      try coder.code(&value)
    }
  }

  /// Its id.
  public internal(set) var id = IndicatorID.blank
  /// Its title in English.
  public internal(set) var titleEnglish = ""
  /// Its title in Chinese.
  public internal(set) var titleChinese = ""
  /// The unit of its values.
  public internal(set) var unit = ""
  /// Which way is better.
  public internal(set) var direction = Direction.up
  /// The value it started from, a decimal.
  public internal(set) var baseline = ""
  /// What should be reached when.
  public internal(set) var targets: [Target] = []
  /// Who publishes its official values.
  public internal(set) var publisher: OrganisationID?

  /// Blank.
  public init() {}

  /// Passes every field through the coder.
  public mutating func code(with coder: inout RecordCoder) throws(StateError) {
    try coder.code(&id)
    try coder.code(&titleEnglish)
    try coder.code(&titleChinese)
    try coder.code(&unit)
    try coder.code(&direction)
    try coder.code(&baseline)
    try coder.code(&targets)
    try coder.code(&publisher)
  }
}

extension Period {
  static var blank: Period { Period(containing: .blank, kind: .month) }
}
