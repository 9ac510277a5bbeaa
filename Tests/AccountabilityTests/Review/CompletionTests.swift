import Encoding
import Testing

@testable import Accountability

@Suite struct `Ending a task` {
  /// A stage whose task may be claimed.
  static func ready() throws -> Stage {
    var stage = try Stage()
    stage.arrange { task in
      task.state = .inProgress
      task.milestones[0].state = .accepted
    }
    return stage
  }

  static func claimed() throws -> (Stage, String) {
    var stage = try ready()
    #expect(try stage.say("D1", "completion.claimed") == .applied)
    return (stage, stage.cite())
  }

  @Test func `takes three facts`() throws {
    var (stage, claim) = try Self.claimed()
    #expect(stage.task.state == .claimed)
    #expect(try stage.refusal("SUP", "task.closed", #"{"criterion":"met"}"#) == .wrongState)
    #expect(try stage.say("SUP", "completion.accepted", #"{"claim":\#(claim)}"#) == .applied)
    #expect(stage.task.state == .completed)
    #expect(try stage.say("SUP2", "task.closed", #"{"criterion":"met"}"#) == .applied)
    #expect(stage.task.state == .closed)
    #expect(stage.task.closedOn == stage.now)
  }

  @Test func `is claimed by the lead alone`() throws {
    var stage = try Self.ready()
    for other in ["D2", "C1", "SUP"] {
      #expect(try stage.refusal(other, "completion.claimed") == .notParty)
    }
  }

  @Test func `waits for mandatory milestones`() throws {
    var stage = try Self.ready()
    stage.arrange { $0.milestones[0].state = .reached }
    #expect(try stage.refusal("D1", "completion.claimed") == .notReady)
    stage.arrange { $0.milestones[0].state = .waived }
    #expect(try stage.refusal("D1", "completion.claimed") == nil)
  }

  @Test func `waits for the evidence required`() throws {
    var stage = try Self.ready()
    stage.arrange { $0.evidenceRequired = 1 }
    #expect(try stage.refusal("D1", "completion.claimed") == .notReady)
    let piece = `Attaching evidence`.piece("2026-03-10")
    let claim = #"{"checklist":["photographs"],"evidence":["D1+00000006/2.1"]}"#
    #expect(
      try stage.say("D1", [("evidence.attached", piece), ("completion.claimed", claim)])
        == .applied)
  }

  @Test func `is late from the end of the due date at the offset`() throws {
    for (time, isLate) in [
      ("2026-06-30T15:59:59.999Z", false), ("2026-06-30T16:00:00.000Z", true),
    ] {
      var stage = try Self.ready()
      #expect(try stage.say("D1", "completion.claimed", on: time) == .applied)
      #expect(stage.task.isClaimLate == isLate)
    }
  }

  @Test func `is accepted and returned by independent supervisors only`() throws {
    for type in ["completion.accepted", "completion.returned"] {
      var (stage, claim) = try Self.claimed()
      let data =
        type == "completion.accepted"
        ? #"{"claim":\#(claim)}"# : #"{"claim":\#(claim),"reason":"no-substance"}"#
      for other in ["D1", "D2", "ISS", "GOV"] {
        #expect(try stage.refusal(other, type, data) == .noRole)
      }
      try stage.arrange { $0.parties.append(try id("SUP2")) }
      #expect(try stage.refusal("SUP2", type, data) == .notIndependent)
      #expect(try stage.refusal("SUP", type, data) == nil)
    }
  }

  @Test func `false completion stays on the record`() throws {
    // Scene 1: claimed in August, returned for lack of dated photographs, begun a year later.
    var stage = try Self.ready()
    stage.arrange { $0.dueDates[0].day = .of("2026-12-31") }
    _ = try stage.say("D1", "completion.claimed", on: "2026-08-20T01:00:00.000Z")
    let first = stage.last
    #expect(
      try stage.say(
        "SUP", "completion.returned", #"{"claim":\#(stage.cite()),"reason":"falsified"}"#,
        on: "2026-09-01T01:00:00.000Z") == .applied)
    #expect(stage.task.state == .inProgress)
    #expect(stage.task.claim == nil)
    let photograph = `Attaching evidence`.piece("2027-08-01")
    #expect(
      try stage.say("D1", "evidence.attached", photograph, on: "2027-08-02T01:00:00.000Z")
        == .applied)
    #expect(
      try stage.say("D1", "completion.claimed", on: "2027-09-01T01:00:00.000Z") == .applied)
    let second = stage.last
    #expect(
      try stage.say("SUP", "completion.accepted", #"{"claim":\#(stage.cite())}"#) == .applied)
    #expect(stage.task.isClaimLate)
    #expect(stage.programme.reports[first]?.status == .returned)
    #expect(stage.programme.reports[second]?.status == .accepted)
    #expect(stage.task.falsifiedCount == 1)
    let card = Scorecard.make(programme: stage.programme, at: stage.now)
    #expect(card.rows.map(\.falsified.count) == [1])
    #expect(card.rows.first?.quality.perMille == 500)
  }

  @Test func `is refused for another claim than the one under review`() throws {
    var (stage, claim) = try Self.claimed()
    _ = try stage.say("SUP", "completion.returned", #"{"claim":\#(claim),"reason":"wrong-basis"}"#)
    let seen = stage.index
    _ = try stage.say("D1", "completion.claimed")
    let current = stage.cite()
    #expect(
      try stage.refusal("SUP", "completion.accepted", #"{"claim":\#(claim)}"#, seen: seen)
        == .stale)
    #expect(
      try stage.refusal("SUP", "completion.accepted", #"{"claim":\#(claim)}"#) == .wrongState)
    #expect(try stage.refusal("SUP", "completion.accepted", #"{"claim":\#(current)}"#) == nil)
  }

  @Test func `needs a reason where the criterion is waived`() throws {
    var stage = try Self.ready()
    stage.arrange { $0.state = .completed }
    #expect(try stage.refusal("SUP", "task.closed", #"{"criterion":"waived"}"#) == .malformed)
    #expect(
      try stage.refusal("SUP", "task.closed", #"{"criterion":"waived","reason":"merged"}"#) == nil)
  }

  @Test func `waits for mandatory parts unless there is a ruling`() throws {
    var stage = try Self.ready()
    var child = Task()
    child.id = try id("T1-1")
    child.state = .inProgress
    stage.programme.tasks[child.id] = child
    try stage.arrange { task in
      task.state = .completed
      task.children = [try id("T1-1")]
    }
    let closing = #"{"criterion":"met"}"#
    #expect(try stage.refusal("SUP", "task.closed", closing) == .notReady)
    let ruling = #"{"criterion":"met","ruling":"order 7"}"#
    #expect(try stage.refusal("SUP", "task.closed", ruling) == .missingCosigner)
    var ruled = stage
    ruled.programme.organisations.update(try id("SUP")) { $0.roles = [.supervisor, .governing] }
    ruled.programme.commit()
    #expect(try ruled.refusal("SUP", "task.closed", ruling) == nil)
    child.state = .cancelled
    stage.programme.tasks[child.id] = child
    stage.programme.commit()
    #expect(try stage.refusal("SUP", "task.closed", closing) == nil)
  }

  @Test func `may be taken back, and both rounds stay visible`() throws {
    var (stage, claim) = try Self.claimed()
    let first = stage.task.claim
    _ = try stage.say("SUP", "completion.accepted", #"{"claim":\#(claim)}"#)
    _ = try stage.say("SUP", "task.closed", #"{"criterion":"met"}"#)
    #expect(try stage.refusal("D1", "task.reopened", #"{"reason":"cracked"}"#) == .noRole)
    #expect(try stage.refusal("SUP", "task.reopened", #"{}"#) == .malformed)
    #expect(try stage.refusal("SUP", "task.reopened", #"{"reason":"cracked"}"#) == nil)
    #expect(stage.task.round == 2)
    #expect(stage.task.state == .inProgress)
    #expect(stage.task.evidenceCount == 0)
    #expect(stage.task.pastRounds.map(\.claim) == [first])
    #expect(try stage.say("D1", "completion.claimed") == .applied)
    #expect(stage.programme.reports.values.map(\.round) == [1, 2])
  }

  @Test func `is taken back on the view of what is there, not of an earlier round`() throws {
    var (stage, claim) = try Self.claimed()
    _ = try stage.say("SUP", "completion.accepted", #"{"claim":\#(claim)}"#)
    let seen = stage.index
    _ = try stage.say("SUP2", "task.reopened", #"{"reason":"cracked"}"#)
    _ = try stage.say("D1", "completion.claimed")
    _ = try stage.say("SUP2", "completion.accepted", #"{"claim":\#(stage.cite())}"#)
    let again = #"{"reason":"cracked"}"#
    #expect(try stage.refusal("SUP", "task.reopened", again, seen: seen) == .stale)
    #expect(try stage.refusal("SUP", "task.reopened", again) == nil)
  }

  @Test func `takes evidence of the round it is in`() throws {
    var stage = try Self.ready()
    _ = try stage.say("D1", "evidence.attached", `Attaching evidence`.piece("2026-03-10"))
    let piece = stage.cite()
    stage.arrange { $0.state = .closed }
    _ = try stage.say("SUP", "task.reopened", #"{"reason":"cracked"}"#)
    #expect(
      try stage.refusal("D1", "completion.claimed", #"{"evidence":[\#(piece)]}"#)
        == .unknownCitation)
  }

  @Test(arguments: TaskState.allCases)
  func `has its states`(state: TaskState) throws {
    let accepted: [(String, String, String, [TaskState])] = [
      ("D1", "completion.claimed", "{}", [.inProgress]),
      ("SUP", "task.closed", #"{"criterion":"met"}"#, [.completed]),
      ("SUP", "task.reopened", #"{"reason":"x"}"#, [.completed, .closed]),
    ]
    for (who, type, data, states) in accepted {
      var stage = try Self.ready()
      stage.arrange { $0.state = state }
      #expect(
        try stage.refusal(who, type, data) == (states.contains(state) ? nil : .wrongState),
        "\(type) while \(state)")
    }
  }
}
