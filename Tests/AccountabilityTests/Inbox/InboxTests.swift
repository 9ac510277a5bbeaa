import Encoding
import Testing

@testable import Accountability

@Suite struct `An inbox` {
  /// D1 leads, D2 supports, C1 is a territory; see `Stage`.
  private func inbox(
    _ stage: Stage, _ name: String, on time: String? = nil, key: EnrolledKey? = nil
  ) throws -> [String] {
    let time = time.map { Timestamp.of($0) } ?? stage.now
    return stage.programme.inbox(of: try id(name), signingWith: key, at: time)
      .map(\.sentence.english)
  }

  @Test func `says which period is owed, by when, and how many after it`() throws {
    var stage = try Stage()
    stage.arrange { $0.state = .inProgress }
    // Signed for in March at +08:00, monthly, with ten days of grace.
    let march = "report progress for 2026-03 by 2026-04-10"
    #expect(try inbox(stage, "D1").first == march)
    #expect(
      try inbox(stage, "D1", on: "2026-04-10T15:59:59.999Z").first == march
        + ", and for 1 later period")
    #expect(
      try inbox(stage, "D1", on: "2026-06-20T01:00:00.000Z").first
        == march + ", and for 3 later periods")
    let item = try #require(stage.programme.inbox(of: id("D1"), at: stage.now).first)
    #expect(item.period == Period("2026-03"))
    #expect(item.reportDue == .of("2026-04-10"))
    #expect(item.taskDue == .of("2026-06-30"))
    // What is filed is owed no more, and what has not begun is not owed yet.
    _ = try stage.say("D1", "progress.reported", #"{"percent":40,"period":"2026-03"}"#)
    #expect(try inbox(stage, "D1") == [])
  }

  @Test func `owes nothing before the start, nor after the completion`() throws {
    var stage = try Stage()
    stage.arrange {
      $0.state = .inProgress
      $0.start = .of("2026-05-01")
    }
    #expect(try inbox(stage, "D1") == [])
    stage.arrange {
      $0.start = .of("2026-03-01")
      $0.state = .completed
      $0.completedOn = .of("2026-03-05T01:00:00.000Z")
    }
    #expect(try inbox(stage, "D1", on: "2026-09-01T01:00:00.000Z") == [])
    #expect(try inbox(stage, "SUP") == ["close it"])
  }

  @Test func `shows a report again once it was corrected, and says so`() throws {
    var stage = try Stage()
    _ = try stage.say("D1", "progress.reported", #"{"percent":40,"period":"2026-03"}"#)
    let report = stage.cite()
    #expect(try inbox(stage, "SUP") == ["review the report for 2026-03"])
    _ = try stage.say("SUP", "report.accepted", #"{"report":\#(report)}"#)
    #expect(try inbox(stage, "SUP") == [])
    _ = try stage.say(
      "D1", "report.corrected",
      #"{"foundBy":"unit","percent":30,"reason":"counted twice","report":\#(report)}"#)
    let items = stage.programme.inbox(of: try id("SUP"), at: stage.now)
    #expect(items.map(\.sentence.english) == ["review the report for 2026-03: it was corrected"])
    #expect(items.map(\.sentence.chinese) == ["审核 2026-03 填报（已更正）"])
    // Without the reports it is shown all the same; which ones it takes can be asked.
    var bare = stage.programme
    bare.reports = .init(isSlice: false, notesChanges: false)
    #expect(bare.inbox(of: try id("SUP"), at: stage.now).map(\.isCorrected) == [false])
    let cited = try #require(items.first?.citation)
    #expect(Programme.reports(behind: items) == [.report(cited)])
    _ = try stage.say(
      "SUP", "report.returned", #"{"reason":"falsified","report":\#(report)}"#)
    #expect(try inbox(stage, "D1") == ["report 2026-03 again: it was returned"])
  }

  @Test func `holds what only the others may do`() throws {
    var stage = try Stage()
    #expect(try inbox(stage, "D1") == ["plan it"])
    #expect(try inbox(stage, "D2") == ["confirm that you support it"])
    #expect(try inbox(stage, "C1") == ["confirm that you support it"])
    _ = try stage.say("D2", "support.confirmed")
    #expect(try inbox(stage, "D2") == [])
    _ = try stage.say("D1", "milestone.reached", #"{"milestone":"M1"}"#)
    for supervisor in ["SUP", "SUP2"] {
      #expect(try inbox(stage, supervisor) == ["review milestone M1"])
    }
    // Not whoever was ever a party to it, and whoever was named for it.
    try stage.arrange {
      $0.parties.append(try id("SUP2"))
      $0.namedReviewers = [try id("D9")]
    }
    #expect(try inbox(stage, "SUP2") == [])
    #expect(try inbox(stage, "D9") == ["review milestone M1"])
    _ = try stage.say("D1", "extension.requested", #"{"reason":"steel","to":"2026-09-30"}"#)
    for decider in ["ISS", "GOV"] {
      #expect(try inbox(stage, decider) == ["decide the extension to 2026-09-30"])
    }
    stage.arrange { $0.state = .suspended }
    for name in ["D1", "SUP", "ISS", "GOV", "D9"] { #expect(try inbox(stage, name) == []) }
  }

  @Test func `asks for a claim again once it was returned, until there is one`() throws {
    var (stage, claim) = try `Ending a task`.claimed()
    #expect(try !inbox(stage, "D1").contains { $0.hasPrefix("claim") })
    _ = try stage.say("SUP", "completion.returned", #"{"claim":\#(claim),"reason":"no-substance"}"#)
    let again = "remedy what the return names, and claim completion again"
    #expect(try inbox(stage, "D1").contains(again))
    #expect(try !inbox(stage, "SUP").contains(again))
    let item = stage.programme.inbox(of: try id("D1"), at: stage.now)
      .first { $0.sentence.english == again }
    #expect(item?.citation.map { "\"\($0)\"" } == claim)
    _ = try stage.say("D1", "completion.claimed")
    #expect(try !inbox(stage, "D1").contains(again))
  }

  @Test func `shows a limited key only what it may do`() throws {
    let stage = try Stage()
    var key = EnrolledKey()
    key.post = try id("P1")
    #expect(try inbox(stage, "D1", key: key) == [])
    var other = stage
    try other.arrange { $0.post = try id("P1") }
    #expect(try inbox(other, "D1", key: key) == ["plan it"])
    var reviewer = EnrolledKey()
    reviewer.roles = [.issuer]
    other.arrange { $0.state = .completed }
    #expect(try inbox(other, "SUP", key: reviewer) == [])
    reviewer.roles = [.supervisor]
    #expect(try inbox(other, "SUP", key: reviewer) == ["close it"])
  }

  /// The rule of the inbox is the rule of the events: whatever waits is accepted from whom it waits for.
  @Test func `offers in every state only what the declared states allow`() throws {
    var stage = try Stage()
    try stage.arrange {
      $0.milestones[0].state = .reached
      $0.pendingExtension = PendingExtension()
      var period = PeriodReport()
      period.period = try #require(Period("2026-03"))
      $0.periods = PeriodReports([period])
    }
    for state in TaskState.allCases {
      stage.arrange { $0.state = state }
      for name in ["D1", "D2", "C1", "SUP", "ISS", "GOV", "REG", "D9"] {
        for item in stage.programme.inbox(of: try id(name), at: stage.now) {
          let declaration = item.duty.answer.declaration
          #expect(declaration.states.contains(state), "\(item.sentence.english) in \(state)")
          #expect(!item.sentence.chinese.isEmpty)
        }
      }
    }
  }
}
