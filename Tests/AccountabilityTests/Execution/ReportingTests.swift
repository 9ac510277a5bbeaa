import Encoding
import Testing

@testable import Accountability

@Suite struct `Reporting progress` {
  @Test func `begins the task and is kept in order of period`() throws {
    var stage = try Stage()
    #expect(
      try stage.say(
        "D1", "progress.reported", #"{"percent":30,"period":"2026-04","values":{"I1":"12.5"}}"#,
        on: "2026-04-20T01:00:00.000Z") == .applied)
    #expect(
      try stage.say("D1", "progress.reported", #"{"percent":10,"period":"2026-03"}"#) == .applied)
    #expect(stage.task.state == .inProgress)
    #expect(stage.task.periods.map(\.period.description) == ["2026-03", "2026-04"])
    #expect(stage.task.reportedPercent == 30)
    #expect(stage.task.acceptedPercent == 0)
    #expect(stage.programme.reports.values.first?.values.first?.value == "12.5")
  }

  @Test(arguments: ["D2", "C1", "SUP", "D9"])
  func `is refused to all but the lead`(organisation: String) throws {
    var stage = try Stage()
    #expect(
      try stage.refusal(organisation, "progress.reported", #"{"percent":1,"period":"2026-03"}"#)
        == .notParty)
  }

  @Test(arguments: TaskState.allCases)
  func `has its states`(state: TaskState) throws {
    var stage = try Stage()
    stage.arrange { $0.state = state }
    let refusal = try stage.refusal("D1", "progress.reported", #"{"percent":1,"period":"2026-03"}"#)
    #expect(refusal == (TaskState.underWay.contains(state) ? nil : .wrongState))
  }

  @Test(arguments: ["2026-Q1", "2026", "2026-04"])
  func `is refused for another cycle or the future`(period: String) throws {
    var stage = try Stage()
    #expect(
      try stage.refusal("D1", "progress.reported", #"{"percent":1,"period":"\#(period)"}"#)
        == .wrongDate)
  }

  @Test func `reads the month at the programme's offset`() throws {
    var stage = try Stage()
    let april = #"{"percent":1,"period":"2026-04"}"#
    #expect(
      try stage.refusal("D1", "progress.reported", april, on: "2026-03-31T15:59:59.999Z")
        == .wrongDate)
    #expect(
      try stage.refusal("D1", "progress.reported", april, on: "2026-03-31T16:00:00.000Z") == nil)
  }

  @Test func `is refused for numbers the task is not measured by`() throws {
    var stage = try Stage()
    #expect(
      try stage.refusal(
        "D1", "progress.reported", #"{"percent":1,"period":"2026-03","values":{"I9":"1"}}"#)
        == .unknownSubject)
  }

  @Test func `replaces a report nobody has reviewed and counts that as a correction`() throws {
    var stage = try Stage()
    _ = try stage.say("D1", "progress.reported", #"{"percent":10,"period":"2026-03"}"#)
    let first = stage.cite()
    let filedOn = stage.now
    #expect(
      try stage.say(
        "D1", "progress.reported", #"{"percent":15,"period":"2026-03"}"#,
        on: "2026-03-12T01:00:00.000Z") == .applied)
    #expect(stage.task.periods.map(\.percent) == [15])
    #expect(stage.task.periods.map(\.filedOn) == [filedOn])
    #expect(stage.task.correctionCount == 1)
    #expect(
      try stage.refusal("SUP", "report.accepted", #"{"report":\#(first)}"#) == .wrongState)
  }

  @Test func `does not replace an accepted one`() throws {
    var stage = try Stage()
    _ = try stage.say("D1", "progress.reported", #"{"percent":10,"period":"2026-03"}"#)
    #expect(try stage.say("SUP", "report.accepted", #"{"report":\#(stage.cite())}"#) == .applied)
    #expect(
      try stage.refusal("D1", "progress.reported", #"{"percent":15,"period":"2026-03"}"#)
        == .alreadyExists)
  }
}

@Suite struct `Contributing` {
  @Test(arguments: ["D2", "C1"])
  func `is for supports and territories`(organisation: String) throws {
    var stage = try Stage()
    #expect(
      try stage.say(
        organisation, "contribution.reported",
        #"{"note":\#(Stage.seal),"percent":50,"period":"2026-03"}"#) == .applied)
    #expect(stage.programme.reports.values.map(\.kind) == [.contribution])
    #expect(stage.task.state == .accepted)
    #expect(stage.task.periods.isEmpty)
  }

  @Test(arguments: ["D1", "SUP"])
  func `is refused to others`(organisation: String) throws {
    var stage = try Stage()
    #expect(
      try stage.refusal(organisation, "contribution.reported", #"{"period":"2026-03"}"#)
        == .notParty)
  }
}

@Suite struct `Attaching evidence` {
  static func piece(_ day: String, _ content: String = Stage.photograph) -> String {
    #"{"capturedOn":"\#(day)","content":\#(content),"kind":"photograph"}"#
  }

  @Test(arguments: ["D1", "D2", "C1"])
  func `is for every party`(organisation: String) throws {
    var stage = try Stage()
    #expect(try stage.say(organisation, "evidence.attached", Self.piece("2026-03-10")) == .applied)
    #expect(stage.task.evidenceCount == 1)
  }

  @Test func `is refused to others`() throws {
    var stage = try Stage()
    #expect(try stage.refusal("SUP", "evidence.attached", Self.piece("2026-03-10")) == .notParty)
  }

  @Test func `is refused if captured after the day of the entry`() throws {
    var stage = try Stage()
    let time = "2026-03-10T15:59:59.999Z"
    #expect(
      try stage.refusal("D1", "evidence.attached", Self.piece("2026-03-11"), on: time)
        == .wrongDate)
    #expect(
      try stage.refusal(
        "D1", "evidence.attached", Self.piece("2026-03-11"), on: "2026-03-10T16:00:00.000Z") == nil)
  }

  @Test func `says how large it is`() throws {
    var stage = try Stage()
    #expect(
      try stage.refusal("D1", "evidence.attached", Self.piece("2026-03-10", Stage.seal))
        == .malformed)
  }

  @Test func `may be cited in the same submission but only after it`() throws {
    var stage = try Stage()
    let own = #""D1+00000006/1.1""#
    let report = #"{"evidence":[\#(own)],"percent":5,"period":"2026-03"}"#
    #expect(
      try stage.say(
        "D1", [("evidence.attached", Self.piece("2026-03-10")), ("progress.reported", report)])
        == .applied)
    let next = #"{"evidence":["D1+00000006/2.2"],"milestone":"M1"}"#
    let outcome = try stage.say(
      "D1", [("milestone.reached", next), ("evidence.attached", Self.piece("2026-03-10"))])
    guard case .void(let refusal) = outcome else { throw Unexpected() }
    #expect(refusal.code == .unknownCitation)
    #expect(refusal.event == 1)
    #expect(stage.task.evidenceCount == 1)
  }

  @Test func `of another unit is not cited in a report`() throws {
    var stage = try Stage()
    _ = try stage.say("D2", "evidence.attached", Self.piece("2026-03-10"))
    let report = #"{"evidence":[\#(stage.cite())],"percent":5,"period":"2026-03"}"#
    #expect(try stage.refusal("D1", "progress.reported", report) == .notParty)
  }
}

struct Unexpected: Error {}
