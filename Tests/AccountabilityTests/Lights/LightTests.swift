import Encoding
import Testing

@testable import Accountability

/// A task put together for one row of the table.
struct Wall {
  var charter = Charter()
  var task = Task()

  init() {
    charter.offset = UTCOffset("+08:00") ?? .utc
    task.state = .inProgress
    task.start = .of("2026-01-01")
    task.acceptedOn = .of("2026-01-01T02:00:00.000Z")
    set(due: "2026-12-31")
  }

  mutating func set(due: String) {
    var date = DueDate()
    date.day = .of(due)
    task.dueDates.append(date)
  }

  /// An accepted report of a month.
  mutating func accept(_ period: String, _ percent: Int, _ status: Report.Status = .accepted) {
    var row = PeriodReport()
    row.period = Period(period) ?? .blank
    row.percent = percent
    row.status = status
    task.periods.append(row)
    task.settlePercent()
  }

  func verdict(_ time: String) -> LightVerdict {
    Light.verdict(of: task, charter: charter, at: .of(time))
  }
}

@Suite struct `A light` {
  /// Midnight at +08:00 that begins a day.
  static func midnight(_ day: String) -> String {
    "\(Day.of(day).start(at: UTCOffset("+08:00") ?? .utc))"
  }

  @Test(arguments: [
    (TaskState.cancelled, Light.black), (.suspended, .black), (.completed, .green),
    (.closed, .green), (.claimed, .blue), (.inProgress, .red), (.accepted, .red),
    (.assigned, .red), (.disputed, .red), (.issued, .red),
  ])
  func `of a task past due is decided by its state first`(state: TaskState, light: Light) {
    var wall = Wall()
    wall.task.state = state
    #expect(wall.verdict("2027-06-01T00:00:00.000Z").light == light)
  }

  @Test(arguments: [(TaskState.completed, Light.green), (.closed, .green), (.claimed, .red)])
  func `shows a late claim`(state: TaskState, light: Light) {
    var wall = Wall()
    wall.task.state = state
    wall.task.isClaimLate = true
    let verdict = wall.verdict("2027-06-01T00:00:00.000Z")
    #expect(verdict.light == light)
    #expect(verdict.isLate)
  }

  @Test func `turns red at the end of the due date, to the millisecond at the offset`() {
    var wall = Wall()
    wall.accept("2026-12", 100)
    let before = wall.verdict("2026-12-31T15:59:59.999Z")
    #expect(before.light == .yellow)
    #expect(!before.isLate)
    let after = wall.verdict("2026-12-31T16:00:00.000Z")
    #expect(after.light == .red)
    #expect(after.isLate)
    #expect(after.reasons == [.pastDue(.of("2026-12-31"), days: 1)])
  }

  @Test(arguments: [
    (60, Light.green), (51, .green), (50, .yellow), (49, .yellow), (30, .yellow), (29, .red),
  ])
  func `follows the gap between what is scheduled and what is accepted`(
    percent: Int, light: Light
  ) {
    var wall = Wall()
    for (name, weight, due) in [("A", 60, "2026-03-31"), ("B", 40, "2026-12-31")] {
      var milestone = Milestone()
      milestone.id = ID(unchecked: name)
      milestone.weight = weight
      milestone.due = .of(due)
      wall.task.milestones.append(milestone)
    }
    wall.accept("2026-06", percent)
    let verdict = wall.verdict("2026-07-15T00:00:00.000Z")
    #expect(verdict.numbers.scheduled == 600)
    #expect(verdict.numbers.gap == 600 - percent * 10)
    #expect(verdict.light == light)
  }

  @Test func `counts a milestone as due from the end of its day`() {
    var wall = Wall()
    var milestone = Milestone()
    milestone.weight = 10
    milestone.due = .of("2026-03-31")
    wall.task.milestones = [milestone]
    #expect(wall.verdict("2026-03-31T15:59:59.999Z").numbers.scheduled == 0)
    #expect(wall.verdict("2026-03-31T16:00:00.000Z").numbers.scheduled == 1000)
    wall.task.milestones[0].state = .waived
    #expect(wall.verdict("2026-03-31T16:00:00.000Z").numbers.scheduled == 246)
  }

  @Test func `is not re-weighted by what the lead plans beside the plan`() {
    var wall = Wall()
    for (weight, due, isPlanned) in [
      (50, "2026-03-31", true), (50, "2026-12-31", true), (100, "2026-12-31", false),
    ] {
      var milestone = Milestone()
      milestone.weight = weight
      milestone.due = .of(due)
      milestone.isPlanned = isPlanned
      wall.task.milestones.append(milestone)
    }
    #expect(wall.verdict("2026-07-15T00:00:00.000Z").numbers.scheduled == 500)
    wall.task.milestones.removeFirst(2)
    #expect(wall.verdict(Self.midnight("2026-07-02")).numbers.scheduled == 182 * 1000 / 365)
  }

  @Test func `schedules on a straight line without weights`() {
    let wall = Wall()
    #expect(wall.verdict(Self.midnight("2026-01-01")).numbers.scheduled == 0)
    #expect(wall.verdict(Self.midnight("2026-07-02")).numbers.scheduled == 182 * 1000 / 365)
    #expect(wall.verdict(Self.midnight("2025-06-01")).numbers.scheduled == 0)
  }

  @Test func `does not schedule suspended time`() {
    var wall = Wall()
    wall.task.pauses = [
      Pause(from: .of(Self.midnight("2026-02-01")), to: .of(Self.midnight("2026-03-01")))
    ]
    #expect(
      wall.verdict(Self.midnight("2026-07-02")).numbers.scheduled == (182 - 28) * 1000 / (365 - 28))
  }

  @Test(arguments: [
    ("2026-02-10T15:59:59.999Z", 0, Light.grey), ("2026-02-10T16:00:00.000Z", 1, .yellow),
    ("2026-03-10T16:00:00.000Z", 2, .yellow), ("2026-04-10T15:59:59.999Z", 2, .yellow),
    ("2026-04-10T16:00:00.000Z", 3, .red),
  ])
  func `follows the cycles without an accepted report`(time: String, missed: Int, light: Light) {
    var wall = Wall()
    wall.set(due: "2030-12-31")
    let verdict = wall.verdict(time)
    #expect(verdict.numbers.missedCycles.count == missed)
    #expect(verdict.light == light)
  }

  @Test func `is never green on reports nobody accepted`() {
    var wall = Wall()
    wall.set(due: "2030-12-31")
    wall.accept("2026-01", 90, .filed)
    #expect(wall.verdict("2026-02-15T00:00:00.000Z").light == .yellow)
    wall.task.periods[0].status = .returned
    #expect(wall.verdict("2026-02-15T00:00:00.000Z").light == .yellow)
    wall.task.periods[0].status = .accepted
    wall.task.settlePercent()
    #expect(wall.verdict("2026-02-15T00:00:00.000Z").light == .green)
  }

  @Test func `owes no report for cycles before the start, suspended, or before the lead signed`() {
    var wall = Wall()
    wall.task.start = .of("2026-03-15")
    let time = Timestamp.of("2026-06-15T00:00:00.000Z")
    let periods = { (wall: Wall) in
      wall.task.duties(in: wall.charter, at: time).map(\.period.description)
    }
    #expect(periods(wall) == ["2026-03", "2026-04", "2026-05"])
    // Suspended over the day on which April's report would have been late.
    wall.task.pauses = [
      Pause(from: .of("2026-05-08T00:00:00.000Z"), to: .of("2026-05-12T00:00:00.000Z"))
    ]
    #expect(periods(wall) == ["2026-03", "2026-05"])
    // Suspended over the end of March and April.
    wall.task.pauses = [
      Pause(from: .of("2026-03-31T15:59:59.999Z"), to: .of("2026-05-01T00:00:00.000Z"))
    ]
    #expect(periods(wall) == ["2026-05"])
    wall.task.pauses = []
    wall.task.acceptedOn = .of("2026-05-02T00:00:00.000Z")
    #expect(periods(wall) == ["2026-05"])
    wall.task.acceptedOn = nil
    #expect(periods(wall) == [])
  }

  @Test(arguments: [
    // Due on Wednesday 2026-12-30.
    ("2026-12-24T00:00:00.000Z", 4, Light.green), ("2026-12-25T00:00:00.000Z", 3, .yellow),
    ("2026-12-27T00:00:00.000Z", 3, .yellow), ("2026-12-30T00:00:00.000Z", 0, .yellow),
  ])
  func `turns yellow three working days before the due date`(
    time: String, left: Int, light: Light
  ) {
    var wall = Wall()
    wall.set(due: "2026-12-30")
    wall.accept("2026-11", 100)
    let verdict = wall.verdict(time)
    #expect(verdict.numbers.workdaysLeft == left)
    #expect(verdict.light == light)
  }

  @Test func `knows holidays and days that make up for them`() {
    var wall = Wall()
    wall.set(due: "2026-12-30")
    wall.accept("2026-11", 100)
    wall.charter.holidays = [.of("2026-12-29")]
    #expect(wall.verdict("2026-12-24T00:00:00.000Z").light == .yellow)
    wall.charter.workdays = [.of("2026-12-26")]
    #expect(wall.verdict("2026-12-24T00:00:00.000Z").light == .green)
  }

  @Test(arguments: [
    ("2026-01-01T15:59:59.999Z", Light.grey), ("2026-01-01T16:00:00.000Z", .yellow),
    ("2026-04-01T15:59:59.999Z", .yellow), ("2026-04-01T16:00:00.000Z", .red),
  ])
  func `follows a start that nobody signed for`(time: String, light: Light) {
    var wall = Wall()
    wall.set(due: "2030-12-31")
    wall.task.state = .assigned
    wall.task.acceptedOn = nil
    #expect(wall.verdict(time).light == light)
  }

  @Test func `is grey for a task that was only issued`() {
    let wall = Wall()
    var task = Task()
    task.state = .issued
    let verdict = Light.verdict(
      of: task, charter: wall.charter, at: .of("2026-05-01T00:00:00.000Z"))
    #expect(verdict.light == .grey)
    #expect(verdict.numbers.scheduled == nil)
  }

  @Test func `takes its thresholds from the programme`() {
    var wall = Wall()
    wall.set(due: "2030-12-31")
    wall.charter.thresholds.reportGraceDays = 0
    #expect(wall.verdict("2026-01-31T16:00:00.000Z").light == .yellow)
    wall.charter.thresholds.redMissedCycles = 1
    #expect(wall.verdict("2026-01-31T16:00:00.000Z").light == .red)
    wall.charter.thresholds.redMissedCycles = 9
    wall.charter.thresholds.yellowMissedCycles = 9
    #expect(wall.verdict("2026-01-31T16:00:00.000Z").light == .green)
    wall.charter.thresholds.yellowGapPoints = 0
    #expect(wall.verdict("2026-01-31T16:00:00.000Z").light == .yellow)
    wall.charter.thresholds.redGapPoints = 0
    #expect(wall.verdict("2026-01-31T16:00:00.000Z").light == .red)
  }

  @Test func `explains itself with its numbers in both languages`() {
    var wall = Wall()
    wall.task.state = .assigned
    wall.set(due: "2027-01-31")
    let verdict = wall.verdict("2026-12-15T00:00:00.000Z")
    #expect(
      verdict.explanation.map(\.english) == [
        "red",
        "scheduled 87.8, accepted 0: a gap of 87.8 points against 30",
        "11 cycles without an accepted report: 2026-01, 2026-02, 2026-03, 2026-04, 2026-05, 2026-06, 2026-07, 2026-08, 2026-09, 2026-10, 2026-11",
        "should have started on 2026-01-01, 348 days past, and is not signed for",
        "due 2027-01-31, first due 2026-12-31",
      ])
    #expect(verdict.explanation[1].chinese == "序时进度87.8%，审核通过0%，相差87.8个百分点（阈值30）")
    #expect(verdict.explanation.allSatisfy { !$0.chinese.isEmpty })
  }
}
