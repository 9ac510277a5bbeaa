import Cryptography
import Encoding
import Testing

@testable import Accountability

@Suite struct `A scorecard` {
  private static let time = Timestamp.of("2026-07-15T00:00:00.000Z")
  private static let key = KeyName(name: "D1", id: 1)

  /// So many tasks of a unit, due at the end of June; the first `late` were claimed late.
  private static func add(
    _ count: Int, of unit: String, late: Int = 0, to programme: inout Programme
  ) throws {
    for number in 1...count {
      var task = Task()
      task.id = try id("\(unit)-T\(number)")
      task.lead = try id(unit)
      task.state = .closed
      task.start = .of("2026-05-01")
      task.acceptedOn = .of("2026-05-02T00:00:00.000Z")
      task.completedOn = .of("2026-06-15T00:00:00.000Z")
      task.claim = Citation(key: key, n: UInt64(number), event: 1)
      task.isClaimLate = number <= late
      var due = DueDate()
      due.day = .of("2026-06-30")
      due.entry = 7
      task.dueDates = [due]
      programme.tasks[task.id] = task
    }
  }

  private static func report(
    _ number: UInt64, of unit: String, in programme: inout Programme,
    _ body: (inout Report) throws -> Void
  ) throws {
    var report = Report()
    report.citation = Citation(key: key, n: 100 + number, event: 1)
    report.task = try id("\(unit)-T1")
    report.organisation = try id(unit)
    report.entry = number
    try body(&report)
    programme.reports[report.citation] = report
  }

  private static func review(_ n: UInt64, _ reason: ReturnReason?) -> Review {
    var review = Review()
    review.citation = Citation(key: KeyName(name: "SUP", id: 2), n: n, event: 1)
    review.reason = reason
    return review
  }

  @Test func `of nothing is empty`() {
    #expect(Scorecard.make(programme: Programme(), at: Self.time).rows.isEmpty)
  }

  @Test func `counts what was closed and claimed by the date in force`() throws {
    var programme = Programme()
    try Self.add(5, of: "D1", late: 2, to: &programme)
    let row = try #require(Scorecard.make(programme: programme, at: Self.time).rows.first)
    #expect(row.dueTasks == 5)
    #expect(row.onTime.part == 3)
    #expect(row.onTime.perMille == 600)
    #expect(row.onTime.items.map(\.citation?.n) == [1, 2, 3, 4, 5])
    #expect(row.onTime.items.allSatisfy { $0.entry == 7 })
  }

  @Test func `does not count a task before the end of its due date, or stopped`() throws {
    var programme = Programme()
    programme.charter = {
      var charter = Charter()
      charter.offset = UTCOffset("+08:00") ?? .utc
      return charter
    }()
    try Self.add(2, of: "D1", to: &programme)
    let due = { (time: String) in
      Scorecard.make(programme: programme, at: .of(time)).rows.first?.dueTasks
    }
    #expect(due("2026-06-30T15:59:59.999Z") == 0)
    #expect(due("2026-06-30T16:00:00.000Z") == 2)
    programme.tasks.update(try id("D1-T1")) { $0.state = .cancelled }
    let after = Scorecard.make(programme: programme, at: Self.time).rows.first?.dueTasks
    #expect(after == 1)
  }

  @Test func `weighs 50, 20, 20, 5 and 5`() throws {
    var programme = Programme()
    try Self.add(5, of: "D1", late: 1, to: &programme)
    // One report owed per task (May), one filed in time.
    programme.tasks.update(try id("D1-T1")) { task in
      var row = PeriodReport()
      row.period = Period("2026-05") ?? .blank
      row.filedOn = .of("2026-06-10T23:59:59.999Z")
      task.periods = PeriodReports([row])
    }
    try Self.report(1, of: "D1", in: &programme) { report in
      report.reviews = [Self.review(1, .falsified), Self.review(2, nil)]
      report.evidence = [report.citation]
    }
    try Self.report(2, of: "D1", in: &programme) { report in
      var correction = Correction()
      correction.isLate = true
      correction.citation = Citation(key: Self.key, n: 300, event: 1)
      report.corrections = [correction]
    }
    let row = try #require(Scorecard.make(programme: programme, at: Self.time).rows.first)
    #expect(row.onTime.perMille == 800)
    #expect(row.quality.perMille == 500)
    #expect(row.quality.items.map(\.citation?.n) == [1, 2])
    #expect(row.reporting.perMille == 200)
    #expect(row.reporting.items.map(\.period?.description) == .init(repeating: "2026-05", count: 5))
    #expect(row.corrections.perMille == 500)
    #expect(row.corrections.items.map(\.citation?.n) == [101, 300])
    #expect(row.evidence.perMille == 500)
    #expect(row.falsified.map(\.n) == [1])
    #expect(row.scorePerMille == (50 * 800 + 20 * 500 + 20 * 200 + 5 * 500 + 5 * 500) / 100)
  }

  @Test func `counts a report filed at the end of its grace as late`() throws {
    var programme = Programme()
    try Self.add(1, of: "D1", to: &programme)
    for (filedOn, part) in [("2026-06-10T23:59:59.999Z", 1), ("2026-06-11T00:00:00.000Z", 0)] {
      programme.tasks.update(try id("D1-T1")) { task in
        var row = PeriodReport()
        row.period = Period("2026-05") ?? .blank
        row.filedOn = .of(filedOn)
        task.periods = PeriodReports([row])
      }
      #expect(Scorecard.make(programme: programme, at: Self.time).rows[0].reporting.part == part)
    }
  }

  @Test func `ranks no unit under five due tasks, and equals together`() throws {
    var programme = Programme()
    try Self.add(5, of: "D1", to: &programme)
    try Self.add(5, of: "D2", to: &programme)
    try Self.add(4, of: "D3", to: &programme)
    try Self.add(6, of: "D4", late: 1, to: &programme)
    let card = Scorecard.make(programme: programme, at: Self.time)
    #expect(card.rows.map(\.organisation.rawValue) == ["D1", "D2", "D3", "D4"])
    #expect(card.rows.map(\.rank) == [1, 1, nil, 3])
    #expect(card.rows.map(\.scorePerMille).allSatisfy { $0 != nil })
  }

  @Test func `leaves a figure of nothing out of the score`() throws {
    var programme = Programme()
    try Self.add(5, of: "D1", late: 1, to: &programme)
    for task in programme.tasks.values {
      programme.tasks.update(task.id) { $0.acceptedOn = nil }
    }
    let row = try #require(Scorecard.make(programme: programme, at: Self.time).rows.first)
    #expect(row.quality.perMille == nil)
    #expect(row.scorePerMille == 800)
  }
}
