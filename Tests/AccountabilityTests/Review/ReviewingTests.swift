import Encoding
import Testing

@testable import Accountability

@Suite struct `Reviewing a report` {
  private static func filed() throws -> (Stage, String) {
    var stage = try Stage()
    _ = try stage.say("D1", "progress.reported", #"{"percent":40,"period":"2026-03"}"#)
    return (stage, stage.cite())
  }

  @Test func `accepts it once`() throws {
    var (stage, report) = try Self.filed()
    #expect(try stage.say("SUP", "report.accepted", #"{"report":\#(report)}"#) == .applied)
    #expect(stage.task.acceptedPercent == 40)
    #expect(stage.task.reviewedCount == 1)
    #expect(try stage.refusal("SUP2", "report.accepted", #"{"report":\#(report)}"#) == .wrongState)
  }

  @Test func `returns it with a reason and it may be filed again`() throws {
    var (stage, report) = try Self.filed()
    #expect(
      try stage.say(
        "SUP", "report.returned",
        #"{"note":\#(Stage.seal),"reason":"falsified","report":\#(report)}"#)
        == .applied)
    #expect(stage.task.returnedCount == 1)
    #expect(stage.task.falsifiedCount == 1)
    #expect(stage.task.periods.map(\.status) == [.returned])
    #expect(
      try stage.say("D1", "progress.reported", #"{"percent":30,"period":"2026-03"}"#) == .applied)
    #expect(stage.task.periods.map(\.status) == [.filed])
    #expect(stage.task.correctionCount == 0)
  }

  @Test func `is refused to those without the role`() throws {
    var (stage, report) = try Self.filed()
    for other in ["D1", "D2", "ISS", "GOV"] {
      #expect(try stage.refusal(other, "report.accepted", #"{"report":\#(report)}"#) == .noRole)
    }
  }

  @Test func `is refused to a supervisor that was ever a party`() throws {
    var (stage, report) = try Self.filed()
    try stage.arrange { $0.parties.append(try id("SUP")) }
    #expect(
      try stage.refusal("SUP", "report.accepted", #"{"report":\#(report)}"#) == .notIndependent)
    #expect(try stage.refusal("SUP2", "report.accepted", #"{"report":\#(report)}"#) == nil)
  }

  @Test func `may be done by an organisation named for it`() throws {
    var (stage, report) = try Self.filed()
    try stage.arrange { $0.namedReviewers = [try id("D9")] }
    #expect(try stage.refusal("D9", "report.accepted", #"{"report":\#(report)}"#) == nil)
  }

  @Test func `asks for a report that is there and of the right kind`() throws {
    var (stage, _) = try Self.filed()
    #expect(
      try stage.refusal("SUP", "report.accepted", #"{"report":"beihe.example/plan+00000006/9.1"}"#)
        == .malformed, "a citation bears an organisation's id")
    #expect(
      try stage.refusal("SUP", "report.accepted", #"{"report":"D1+00000006/9.1"}"#)
        == .unknownCitation)
    _ = try stage.say("D1", "milestone.reached", #"{"milestone":"M1"}"#)
    #expect(
      try stage.refusal("SUP", "report.accepted", #"{"report":\#(stage.cite())}"#)
        == .unknownCitation)
  }

  @Test func `is stale after another took its place`() throws {
    var (stage, report) = try Self.filed()
    let seen = stage.index
    _ = try stage.say("D1", "progress.reported", #"{"percent":45,"period":"2026-03"}"#)
    for review in ["report.accepted", "report.returned"] {
      let reason = review == "report.returned" ? #""reason":"falsified","# : ""
      let data = #"{\#(reason)"report":\#(report)}"#
      #expect(try stage.refusal("SUP", review, data, seen: seen) == .stale)
      #expect(try stage.refusal("SUP", review, data) == .wrongState)
    }
  }

  @Test func `is not made stale by the reviewer's colleagues or by progress`() throws {
    var (stage, report) = try Self.filed()
    let seen = stage.index
    _ = try stage.say("D2", "contribution.reported", #"{"period":"2026-03"}"#)
    _ = try stage.say(
      "D1", "progress.reported", #"{"percent":50,"period":"2026-04"}"#,
      on: "2026-04-01T01:00:00.000Z")
    #expect(
      try stage.refusal("SUP", "report.accepted", #"{"report":\#(report)}"#, seen: seen) == nil)
  }
}

@Suite struct `Reviewing a milestone` {
  private static let milestone = #"{"milestone":"M1"}"#

  @Test func `accepts one that is reached`() throws {
    var stage = try Stage()
    #expect(try stage.refusal("SUP", "milestone.accepted", Self.milestone) == .wrongState)
    #expect(try stage.say("D1", "milestone.reached", Self.milestone) == .applied)
    #expect(stage.task.state == .inProgress)
    #expect(try stage.refusal("D1", "milestone.reached", Self.milestone) == .wrongState)
    #expect(try stage.say("SUP", "milestone.accepted", Self.milestone) == .applied)
    #expect(stage.task.milestones[0].state == .accepted)
    #expect(stage.programme.reports.values.map(\.status) == [.accepted])
  }

  @Test func `rejects one and it may be reached again`() throws {
    var stage = try Stage()
    _ = try stage.say("D1", "milestone.reached", Self.milestone)
    #expect(
      try stage.say("SUP", "milestone.rejected", #"{"milestone":"M1","reason":"no-substance"}"#)
        == .applied)
    #expect(stage.task.milestones[0].state == .rejected)
    #expect(try stage.refusal("D1", "milestone.reached", Self.milestone) == nil)
  }

  @Test func `waives one for a reason`() throws {
    var stage = try Stage()
    #expect(try stage.refusal("SUP", "milestone.waived", Self.milestone) == .malformed)
    let waiver = #"{"milestone":"M1","reason":"road rerouted"}"#
    #expect(try stage.refusal("D1", "milestone.waived", waiver) == .noRole)
    #expect(try stage.refusal("SUP", "milestone.waived", waiver) == nil)
    #expect(stage.task.milestones[0].state == .waived)
  }

  @Test func `is stale after a new claim of it`() throws {
    var stage = try Stage()
    _ = try stage.say("D1", "milestone.reached", Self.milestone)
    _ = try stage.say("SUP", "milestone.rejected", #"{"milestone":"M1","reason":"no-substance"}"#)
    let seen = stage.index
    _ = try stage.say("D1", "milestone.reached", Self.milestone)
    for (review, data) in [
      ("milestone.accepted", Self.milestone),
      ("milestone.rejected", #"{"milestone":"M1","reason":"no-substance"}"#),
      ("milestone.waived", #"{"milestone":"M1","reason":"road rerouted"}"#),
    ] { #expect(try stage.refusal("SUP", review, data, seen: seen) == .stale, "\(review)") }
    #expect(try stage.refusal("SUP", "milestone.accepted", Self.milestone) == nil)
  }

  @Test func `names those there are if there is none`() throws {
    var stage = try Stage()
    #expect(
      try stage.refusal("D1", "milestone.reached", #"{"milestone":"M9"}"#) == .unknownSubject)
  }
}

@Suite struct `Reviewing after a correction` {
  private static let evidence = `Attaching evidence`.piece("2026-03-10")

  @Test func `a milestone's evidence puts it back to reached`() throws {
    var stage = try Stage()
    _ = try stage.say("D1", "evidence.attached", Self.evidence)
    let piece = stage.cite()
    _ = try stage.say("D1", "milestone.reached", #"{"milestone":"M1"}"#)
    let report = stage.cite()
    _ = try stage.say("SUP", "milestone.accepted", #"{"milestone":"M1"}"#)
    let seen = stage.index
    for fields in [
      #""percent":3,"reason":"x","report":\#(report)"#,
      #""reason":"x","report":\#(report),"values":{"I1":"1"}"#,
    ] {
      #expect(
        try stage.refusal("D1", "report.corrected", #"{"foundBy":"unit",\#(fields)}"#)
          == .malformed)
    }
    let correction =
      #"{"evidence":[\#(piece)],"foundBy":"reviewer","reason":"x","report":\#(report)}"#
    #expect(try stage.refusal("D1", "report.corrected", correction) == nil)
    #expect(stage.task.milestones[0].state == .reached)
    let again = #"{"milestone":"M1"}"#
    #expect(try stage.refusal("SUP", "milestone.accepted", again, seen: seen) == .stale)
    #expect(try stage.refusal("SUP", "milestone.accepted", again) == nil)
  }

  @Test func `a claim is not accepted while a milestone has been put back`() throws {
    var stage = try Stage()
    _ = try stage.say("D1", "evidence.attached", Self.evidence)
    let piece = stage.cite()
    _ = try stage.say("D1", "milestone.reached", #"{"milestone":"M1"}"#)
    let report = stage.cite()
    _ = try stage.say("SUP", "milestone.accepted", #"{"milestone":"M1"}"#)
    _ = try stage.say("D1", "completion.claimed")
    let claim = stage.cite()
    _ = try stage.say(
      "D1", "report.corrected",
      #"{"evidence":[\#(piece)],"foundBy":"unit","reason":"x","report":\#(report)}"#)
    let acceptance = #"{"claim":\#(claim)}"#
    #expect(try stage.refusal("SUP", "completion.accepted", acceptance) == .notReady)
    _ = try stage.say("SUP", "milestone.accepted", #"{"milestone":"M1"}"#)
    #expect(try stage.refusal("SUP", "completion.accepted", acceptance) == nil)
  }

  @Test func `a contribution is reviewed like a report`() throws {
    var stage = try Stage()
    _ = try stage.say("D2", "contribution.reported", #"{"percent":10,"period":"2026-03"}"#)
    let report = stage.cite()
    #expect(try stage.refusal("SUP", "report.accepted", #"{"report":\#(report)}"#) == nil)
    let correction = #"{"foundBy":"unit","percent":9,"reason":"x","report":\#(report)}"#
    #expect(try stage.refusal("D1", "report.corrected", correction) == .notParty)
    #expect(try stage.refusal("D2", "report.corrected", correction) == nil)
    #expect(
      try stage.refusal(
        "SUP", "report.returned", #"{"reason":"behind-schedule","report":\#(report)}"#) == nil)
    #expect(stage.task.acceptedPercent == 0)
  }

  @Test func `a key limited to another post corrects nothing`() throws {
    var stage = try Stage()
    _ = try stage.say("D1", "progress.reported", #"{"percent":40,"period":"2026-03"}"#)
    let report = stage.cite()
    let key = stage.last.key
    stage.programme.keys.update(key) { $0.post = ID(unchecked: "P9") }
    stage.programme.commit()
    #expect(
      try stage.refusal(
        "D1", "report.corrected",
        #"{"foundBy":"unit","percent":9,"reason":"x","report":\#(report)}"#)
        == .keyLimited)
  }
}
