import Cryptography
import Encoding
import Testing

@testable import Accountability

@Suite struct `Issuing a programme` {
  @Test func `is the issuer's, once`() throws {
    var fixture = try Fixture.staffed()
    for author in ["REG", "GOV", "SUP", "D1"] {
      #expect(try fixture.refused(author, [Plan.programme()]) == .noRole)
    }
    #expect(try fixture.refused("ISS", [Plan.objective("O1")]) == .notReady)
    #expect(try fixture.refused("ISS", [Plan.programme()]) == nil)
    #expect(try fixture.refused("ISS", [Plan.programme()]) == .alreadyExists)
  }

  @Test func `sets the thresholds it names and keeps the others`() throws {
    var fixture = try Fixture.staffed()
    let thresholds = #""thresholds":{"redGap":40,"yellowMissed":2},"#
    #expect(try fixture.refused("ISS", [Plan.programme(thresholds: thresholds)]) == nil)
    let charter = try #require(fixture.programme.charter)
    #expect(charter.thresholds.redGapPoints == 40)
    #expect(charter.thresholds.yellowMissedCycles == 2)
    #expect(charter.thresholds.dueSoonWorkdays == LightThresholds().dueSoonWorkdays)
  }

  @Test func `ends after it begins, and yellow comes before red`() throws {
    var fixture = try Fixture.staffed()
    #expect(try fixture.refused("ISS", [Plan.programme(end: "2025-12-31")]) == .wrongDate)
    let thresholds = #""thresholds":{"redGap":5},"#
    #expect(try fixture.refused("ISS", [Plan.programme(thresholds: thresholds)]) == .malformed)
  }
}

@Suite struct `Defining what is measured` {
  @Test func `an objective is the issuer's, once`() throws {
    var fixture = try Fixture.planned()
    #expect(try fixture.refused("GOV", [Plan.objective("O2")]) == .noRole)
    #expect(try fixture.refused("ISS", [Plan.objective("O1")]) == .alreadyExists)
    #expect(try fixture.refused("ISS", [Plan.objective("O2")]) == nil)
  }

  @Test func `an indicator is the issuer's, once, with targets in order`() throws {
    var fixture = try Fixture.planned()
    func targets(_ first: String, _ second: String) -> String {
      #""publisher":"AUD","targets":[{"period":"\#(first)","value":"1.5"},{"period":"\#(second)","value":"2"}],"#
    }
    #expect(try fixture.refused("D1", [Plan.indicator("I2")]) == .noRole)
    #expect(try fixture.refused("ISS", [Plan.indicator("I1")]) == .alreadyExists)
    for (first, second) in [("2027", "2026"), ("2026", "2026")] {
      #expect(
        try fixture.refused("ISS", [Plan.indicator("I2", targets(first, second))]) == .malformed)
    }
    #expect(try fixture.refused("ISS", [Plan.indicator("I2", targets("2026", "2027"))]) == nil)
    let indicator = try #require(fixture.programme.indicators[id("I2")])
    #expect(indicator.targets.map(\.value) == ["1.5", "2"])
    #expect(
      try fixture.refused("ISS", [Plan.indicator("I3", #""publisher":"D9","#)])
        == .unknownSubject)
  }
}

@Suite struct `Issuing a task` {
  @Test func `is the issuer's, once`() throws {
    var fixture = try Fixture.planned()
    #expect(try fixture.refused("GOV", [Plan.task("T2")]) == .noRole)
    #expect(try fixture.refused("ISS", [Plan.task("T1")]) == .alreadyExists)
    #expect(try fixture.refused("ISS", [Plan.task("T2")]) == nil)
    #expect(try fixture.task("T2").state == .issued)
  }

  @Test func `names what there is`() throws {
    var fixture = try Fixture.planned()
    #expect(try fixture.refused("ISS", [Plan.task("T2", objective: "O9")]) == .unknownSubject)
    for (list, code) in [
      ("\"I9\"", Refusal.Code.unknownSubject), (#""I1","I1""#, .malformed),
    ] {
      let event = try Plan.task("T2", indicators: #""indicators":[\#(list)],"#)
      #expect(try fixture.refused("ISS", [event]) == code)
    }
    #expect(
      try fixture.refused("ISS", [Plan.task("T2", indicators: #""indicators":["I1"],"#)]) == nil)
  }

  @Test func `uses no milestone's id twice in the ledger`() throws {
    var fixture = try Fixture.planned()
    #expect(try fixture.refused("ISS", [Plan.task("T2", milestones: ["M1"])]) == .alreadyExists)
    #expect(
      try fixture.refused("ISS", [Plan.task("T2", milestones: ["M2", "M2"])]) == .alreadyExists)
    #expect(try fixture.refused("ISS", [Plan.task("T2", milestones: ["M2"])]) == nil)
    #expect(try fixture.task("T2").milestones.map(\.isPlanned) == [true])
  }

  @Test func `may be a part of another, and its parent knows the mandatory ones`() throws {
    var fixture = try Fixture.planned()
    let mandatory = #""mandatory":true,"#
    let parent = #""parent":"T1","#
    #expect(try fixture.refused("ISS", [Plan.task("T2", mandatory: mandatory)]) == .malformed)
    #expect(
      try fixture.refused("ISS", [Plan.task("T2", parent: #""parent":"T9","#)]) == .unknownSubject)
    try fixture.must(
      "ISS",
      [Plan.task("T2", mandatory: mandatory, parent: parent), Plan.task("T3", parent: parent)]
    )
    #expect(try fixture.task("T1").children == [id("T2")])
    #expect(try fixture.task("T3").parent == id("T1"))
  }

  @Test func `says what sort of evidence counts`() throws {
    var fixture = try Fixture.planned()
    var event = try Plan.task("T2")
    var fields = event.data
    fields["evidenceEn"] = .string("start permits; photographs with date")
    fields["evidenceZh"] = .string("开工许可、带日期现场照片")
    event = Event(type: event.type, subject: event.subject, data: fields)
    #expect(try fixture.refused("ISS", [event]) == nil)
  }

  @Test func `takes no part that would undo an end`() throws {
    for (end, mandatory, whole) in [
      (TaskState.completed, Refusal.Code.wrongState, nil),
      (.closed, .wrongState, .wrongState), (.cancelled, .wrongState, .wrongState),
      (.claimed, nil, nil), (.suspended, nil, nil),
    ] as [(TaskState, Refusal.Code?, Refusal.Code?)] {
      var fixture = try Fixture.planned()
      try fixture.set(end, of: "T1")
      let parent = #""parent":"T1","#
      let part = try Plan.task("T2", mandatory: #""mandatory":true,"#, parent: parent)
      #expect(try fixture.refused("ISS", [part]) == mandatory, "\(end)")
      #expect(try fixture.refused("ISS", [Plan.task("T3", parent: parent)]) == whole, "\(end)")
    }
  }

  @Test func `refuses members it does not know, and forms that are not theirs`() throws {
    var fixture = try Fixture.planned()
    let event = try Plan.task("T2")
    for (name, value) in [("colour", "\"red\""), ("weight", "0"), ("cycle", "\"daily\"")] {
      var bad = event.data
      bad[name] = try data(#"{"v":\#(value)}"#)["v"]
      #expect(
        try fixture.refused(
          "ISS", [Event(type: event.type, subject: event.subject, data: bad)]) == .malformed)
    }
    #expect(
      try fixture.refused("ISS", [Event(type: event.type, subject: .none, data: event.data)])
        == .malformed)
    #expect(try fixture.refused("ISS", [task("task.invented", "T2")]) == .unknownType)
  }
}
