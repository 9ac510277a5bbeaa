internal import Cryptography
internal import Encoding

/// The latest reports of a task's periods, in order of period.
///
/// A task that is reported on for years has hundreds, and a ledger has thousands of tasks: one takes 32
/// bytes here, where it takes 88 as a ``PeriodReport``. The few keys that author them are kept once.
public struct PeriodReports: Sendable, Equatable, RandomAccessCollection {
  private struct Row: Sendable, Equatable {
    /// Number and event in one: 2^53 numbers of 256 events.
    let rank: UInt64
    let filedOn: Timestamp
    let period: Period
    /// Which of the authors.
    let author: UInt32
    let status: Report.Status
    let percent: UInt8
  }

  private var authors: [KeyName] = []
  private var rows: ContiguousArray<Row> = []

  init() {}

  init(_ reports: [PeriodReport]) {
    for report in reports { append(report) }
  }

  /// Where the first one stands.
  public var startIndex: Int { 0 }
  /// How many there are.
  public var endIndex: Int { rows.count }

  /// The report that stands there.
  public internal(set) subscript(place: Int) -> PeriodReport {
    get {
      let row = rows[place]
      var report = PeriodReport()
      report.period = row.period
      report.citation = Citation(
        key: authors[Int(row.author)], rank: row.rank)
      report.status = row.status
      report.filedOn = row.filedOn
      report.percent = Int(row.percent)
      return report
    }
    set { rows[place] = row(newValue) }
  }

  /// The period that stands there.
  func period(at place: Int) -> Period { rows[place].period }

  /// Where a report stands; `nil` where it is none of these, or was replaced.
  func place(of citation: Citation) -> Int? {
    guard let author = authors.firstIndex(of: citation.key) else { return nil }
    let rank = citation.rank
    return rows.firstIndex { $0.rank == rank && $0.author == author }
  }

  /// What became of the report that stands there.
  func status(at place: Int) -> Report.Status { rows[place].status }

  /// The per cent of the report that stands there.
  func percent(at place: Int) -> Int { Int(rows[place].percent) }

  mutating func insert(_ report: PeriodReport, at place: Int) {
    // Doubled, half of the room of all tasks would stay empty.
    if rows.count == rows.capacity { rows.reserveCapacity(rows.count + rows.count / 4 + 4) }
    rows.insert(row(report), at: place)
  }

  mutating func append(_ report: PeriodReport) { insert(report, at: count) }

  private mutating func row(_ report: PeriodReport) -> Row {
    let author: Int
    if let place = authors.lastIndex(of: report.citation.key) {
      author = place
    } else {
      author = authors.count
      authors.append(report.citation.key)
    }
    return Row(
      rank: report.citation.rank, filedOn: report.filedOn,
      period: report.period, author: UInt32(author), status: report.status,
      percent: UInt8(clamping: report.percent))
  }

  /// Whether both hold the same reports, whoever's key was first among them.
  public static func == (left: Self, right: Self) -> Bool { left.elementsEqual(right) }
}

extension RecordCoder {
  /// The list of a task's periods.
  mutating func code(_ reports: inout PeriodReports) throws(StateError) {
    var count = UInt64(reports.count)
    try code(&count)
    if isReading {
      reports = PeriodReports()
      for _ in 0..<count {
        var report = PeriodReport()
        try report.code(with: &self)
        reports.append(report)
      }
    } else {
      for place in reports.indices {
        var report = reports[place]
        try report.code(with: &self)
      }
    }
  }
}
