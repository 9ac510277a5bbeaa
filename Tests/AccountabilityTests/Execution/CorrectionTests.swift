import Encoding
import Testing

@testable import Accountability

@Suite struct `Correcting a report` {
  private static func correction(_ report: String, _ fields: String) -> String {
    // Members are in order of key: percent, then reason, report, values.
    #"{"foundBy":"unit",\#(fields)"reason":"counted twice","report":\#(report)}"#
  }

  private static func filed() throws -> (Stage, String) {
    var stage = try Stage()
    _ = try stage.say("D1", "progress.reported", #"{"percent":40,"period":"2026-03"}"#)
    return (stage, stage.cite())
  }

  @Test func `puts an accepted report back to be reviewed`() throws {
    var (stage, report) = try Self.filed()
    _ = try stage.say("SUP", "report.accepted", #"{"report":\#(report)}"#)
    #expect(stage.task.acceptedPercent == 40)
    #expect(
      try stage.say("D1", "report.corrected", Self.correction(report, #""percent":20,"#))
        == .applied)
    #expect(stage.task.acceptedPercent == 0)
    #expect(stage.task.periods.map(\.status) == [.filed])
    #expect(stage.task.correctionCount == 1)
    #expect(stage.task.lateCorrectionCount == 0)
    #expect(try stage.say("SUP", "report.accepted", #"{"report":\#(report)}"#) == .applied)
    #expect(stage.task.acceptedPercent == 20)
    #expect(stage.programme.reports.values.first?.reviews.count == 2)
  }

  @Test func `is refused to all but its author`() throws {
    var (stage, report) = try Self.filed()
    for other in ["D2", "SUP", "GOV"] {
      #expect(
        try stage.refusal(other, "report.corrected", Self.correction(report, #""percent":20,"#))
          == .notParty)
    }
  }

  @Test func `stays with an author who no longer leads`() throws {
    var (stage, report) = try Self.filed()
    try stage.arrange { $0.lead = try id("D9") }
    #expect(
      try stage.refusal("D1", "report.corrected", Self.correction(report, #""percent":20,"#)) == nil
    )
  }

  @Test func `of a claim may cite what a claim may, and nothing of another round`() throws {
    var stage = try `Ending a task`.ready()
    let piece = `Attaching evidence`.piece("2026-03-10")
    _ = try stage.say("D1", "evidence.attached", piece)
    let old = stage.cite()
    stage.arrange { $0.state = .closed }
    _ = try stage.say("SUP", "task.reopened", #"{"reason":"cracked"}"#)
    _ = try stage.say("D2", "evidence.attached", piece)
    let support = stage.cite()
    _ = try stage.say("D1", "completion.claimed")
    let claim = stage.cite()
    func correction(_ evidence: String) -> String {
      #"{"evidence":[\#(evidence)],"foundBy":"unit","reason":"x","report":\#(claim)}"#
    }
    #expect(try stage.refusal("D1", "report.corrected", correction(old)) == .unknownCitation)
    #expect(try stage.refusal("D1", "report.corrected", correction(support)) == nil)
  }

  @Test func `that changes nothing is refused`() throws {
    var (stage, report) = try Self.filed()
    #expect(
      try stage.refusal("D1", "report.corrected", Self.correction(report, "")) == .nothingToDo)
    #expect(
      try stage.refusal("D1", "report.corrected", Self.correction(report, #""percent":40,"#))
        == .nothingToDo)
  }

  @Test func `counts as late from the end of the due date`() throws {
    var (stage, report) = try Self.filed()
    _ = try stage.say(
      "D1", "report.corrected", Self.correction(report, #""percent":20,"#),
      on: "2026-06-30T15:59:59.999Z")
    #expect(stage.task.lateCorrectionCount == 0)
    _ = try stage.say(
      "D1", "report.corrected", Self.correction(report, #""percent":21,"#),
      on: "2026-06-30T16:00:00.000Z")
    #expect(stage.task.lateCorrectionCount == 1)
  }

  @Test func `makes an acceptance signed on the older view stale`() throws {
    // Scene 11: the unit corrects while the reviewer reads.
    var (stage, report) = try Self.filed()
    let seen = stage.index
    _ = try stage.say("D1", "report.corrected", Self.correction(report, #""percent":20,"#))
    let entry = stage.index - 1
    let outcome = try stage.say("SUP", "report.accepted", #"{"report":\#(report)}"#, seen: seen)
    guard case .void(let refusal) = outcome else { throw Unexpected() }
    #expect(refusal.code == .stale)
    #expect(refusal.entry == entry)
    #expect(
      try stage.refusal("SUP", "report.accepted", #"{"report":\#(report)}"#, seen: seen + 1) == nil)
  }

  @Test func `of the claim takes the completion back`() throws {
    var stage = try Stage()
    stage.arrange { task in
      task.state = .inProgress
      task.milestones = []
    }
    _ = try stage.say("D1", "completion.claimed", #"{"values":{"I1":"10"}}"#)
    let claim = stage.cite()
    _ = try stage.say("SUP", "completion.accepted", #"{"claim":\#(claim)}"#)
    #expect(stage.task.state == .completed)
    let seen = stage.index
    let correction =
      #"{"foundBy":"auditor","reason":"wrong unit","report":\#(claim),"values":{"I1":"9"}}"#
    #expect(try stage.say("D1", "report.corrected", correction) == .applied)
    #expect(stage.task.state == .claimed)
    #expect(
      try stage.refusal("SUP", "completion.accepted", #"{"claim":\#(claim)}"#, seen: seen) == .stale
    )
    #expect(try stage.refusal("SUP", "completion.accepted", #"{"claim":\#(claim)}"#) == nil)
  }
}
