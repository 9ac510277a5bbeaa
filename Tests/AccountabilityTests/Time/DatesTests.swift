import Encoding
import Testing

@testable import Accountability

@Suite struct `Asking for more time` {
  static let request = #"{"reason":"floods","to":"2026-08-31"}"#

  @Test func `moves no date`() throws {
    var stage = try Stage()
    #expect(try stage.say("D1", "extension.requested", Self.request) == .applied)
    #expect(stage.task.due == .of("2026-06-30"))
    #expect(stage.task.pendingExtension?.to == .of("2026-08-31"))
  }

  @Test func `is for the lead`() throws {
    var stage = try Stage()
    #expect(try stage.refusal("D2", "extension.requested", Self.request) == .notParty)
  }

  @Test func `is for a later day`() throws {
    var stage = try Stage()
    #expect(
      try stage.refusal("D1", "extension.requested", #"{"reason":"x","to":"2026-06-30"}"#)
        == .wrongDate)
  }

  @Test func `needs a code once the date has passed`() throws {
    var stage = try Stage()
    #expect(
      try stage.refusal("D1", "extension.requested", Self.request, on: "2026-06-30T15:59:59.999Z")
        == nil)
    #expect(
      try stage.refusal("D1", "extension.requested", Self.request, on: "2026-06-30T16:00:00.000Z")
        == .tooLate)
    #expect(
      try stage.refusal(
        "D1", "extension.requested", #"{"code":"force-majeure","reason":"x","to":"2026-08-31"}"#)
        == nil)
  }

  @Test(arguments: ["ISS", "GOV"])
  func `is granted by issuer or governing body`(organisation: String) throws {
    var stage = try Stage()
    _ = try stage.say("D1", "extension.requested", Self.request)
    let grant = #"{"request":\#(stage.cite()),"to":"2026-07-31"}"#
    for other in ["D1", "SUP"] {
      #expect(try stage.refusal(other, "extension.granted", grant) == .noRole)
    }
    #expect(try stage.refusal(organisation, "extension.granted", grant) == nil)
    #expect(stage.task.due == .of("2026-07-31"))
    #expect(stage.task.originalDue == .of("2026-06-30"))
    #expect(stage.task.extensionCount == 1)
    #expect(try stage.refusal(organisation, "extension.granted", grant) == .unknownCitation)
  }

  @Test func `is the governing body's to decide where the issuer is a party`() throws {
    var stage = try Stage()
    try stage.arrange { $0.parties.append(try id("ISS")) }
    _ = try stage.say("D1", "extension.requested", Self.request)
    let grant = #"{"request":\#(stage.cite()),"to":"2026-08-31"}"#
    #expect(try stage.refusal("ISS", "extension.granted", grant) == .notIndependent)
    #expect(try stage.refusal("GOV", "extension.granted", grant) == nil)
  }

  @Test func `may be refused, and the date stands`() throws {
    var stage = try Stage()
    _ = try stage.say("D1", "extension.requested", Self.request)
    let no = #"{"reason":"no","request":\#(stage.cite())}"#
    #expect(try stage.refusal("ISS", "extension.refused", no) == nil)
    #expect(stage.task.due == .of("2026-06-30"))
    #expect(stage.task.pendingExtension == nil)
  }

  @Test func `is decided on the newest request and date`() throws {
    var stage = try Stage()
    _ = try stage.say("D1", "extension.requested", Self.request)
    let grant = #"{"request":\#(stage.cite()),"to":"2026-08-31"}"#
    let seen = stage.index
    _ = try stage.say("GOV", "deadline.set", #"{"due":"2026-07-15","reason":"order 3"}"#)
    #expect(try stage.refusal("ISS", "extension.granted", grant, seen: seen) == .stale)
    let again = stage.index
    stage.arrange { $0.assignmentTouch.record(again, by: .blank) }
    #expect(try stage.refusal("ISS", "extension.granted", grant, seen: again) == .stale)
    #expect(try stage.refusal("ISS", "extension.granted", grant) == nil)
  }
}

@Suite struct `Setting a deadline` {
  @Test func `keeps every date before it, as of any past day`() throws {
    // Scene 5: moved three times; the overdue list of a past day comes out as it was.
    var stage = try Stage()
    var states: [Programme] = [stage.programme]
    for (day, time) in [
      ("2026-05-31", "2026-04-01T01:00:00.000Z"), ("2026-07-31", "2026-06-05T01:00:00.000Z"),
      ("2026-09-30", "2026-07-01T01:00:00.000Z"),
    ] {
      #expect(
        try stage.say("ISS", "deadline.set", #"{"due":"\#(day)","reason":"x"}"#, on: time)
          == .applied)
      states.append(stage.programme)
    }
    #expect(
      stage.task.dueDates.map(\.day)
        == ["2026-06-30", "2026-05-31", "2026-07-31", "2026-09-30"].map { .of($0) })
    let june = Timestamp.of("2026-06-02T01:00:00.000Z")
    let late = try states.map { programme in
      let task = try #require(programme.tasks[id(Stage.task)])
      let charter = try #require(programme.charter)
      return Light.verdict(of: task, charter: charter, at: june).isLate
    }
    #expect(late == [false, true, false, false])
  }

  @Test func `is decided on the newest date, request and assignment`() throws {
    let data = #"{"due":"2026-07-31","reason":"x"}"#
    var stage = try Stage()
    var seen = stage.index
    _ = try stage.say("D1", "extension.requested", `Asking for more time`.request)
    #expect(try stage.refusal("ISS", "deadline.set", data, seen: seen) == .stale)
    seen = stage.index
    _ = try stage.say("GOV", "deadline.set", #"{"due":"2026-07-15","reason":"order 3"}"#)
    #expect(try stage.refusal("ISS", "deadline.set", data, seen: seen) == .stale)
    seen = stage.index
    stage.arrange { $0.assignmentTouch.record(seen, by: .blank) }
    #expect(try stage.refusal("ISS", "deadline.set", data, seen: seen) == .stale)
    #expect(try stage.refusal("ISS", "deadline.set", data) == nil)
    // One's own decisions never make the next one stale.
    let next = #"{"due":"2026-08-31","reason":"x"}"#
    #expect(try stage.refusal("ISS", "deadline.set", next, seen: stage.index - 1) == nil)
  }

  @Test func `is refused to others, for the same day, before the start and in the past`() throws {
    var stage = try Stage()
    let data = #"{"due":"2026-07-31","reason":"x"}"#
    for other in ["D1", "SUP"] {
      #expect(try stage.refusal(other, "deadline.set", data) == .noRole)
    }
    for (day, code) in [
      ("2026-06-30", Refusal.Code.nothingToDo), ("2026-02-27", .wrongDate),
      ("2026-03-09", .wrongDate),
    ] {
      #expect(
        try stage.refusal("ISS", "deadline.set", #"{"due":"\#(day)","reason":"x"}"#) == code)
    }
    try stage.arrange { $0.parties.append(try id("ISS")) }
    #expect(try stage.refusal("ISS", "deadline.set", data) == .notIndependent)
    #expect(try stage.refusal("GOV", "deadline.set", data) == nil)
  }
}

@Suite struct `Urging and stopping` {
  @Test func `an urge is counted and asks for a day to come`() throws {
    var stage = try Stage()
    let urge = #"{"answerBy":"2026-03-15","level":"letter","text":\#(Stage.seal)}"#
    #expect(try stage.refusal("D1", "urge.issued", urge) == .noRole)
    #expect(try stage.refusal("SUP", "urge.issued", urge) == nil)
    #expect(stage.task.urgeCount == 1)
    #expect(
      try stage.refusal("SUP", "urge.issued", #"{"answerBy":"2026-03-09","level":"red"}"#)
        == .wrongDate)
    #expect(
      try stage.refusal("SUP", "urge.issued", #"{"answerBy":"2026-03-15","level":"loud"}"#)
        == .malformed)
  }

  @Test(arguments: TaskState.open)
  func `a suspension stops an open task and a resumption puts it back`(state: TaskState) throws {
    var stage = try Stage()
    stage.arrange { $0.state = state }
    let order = #"{"order":"No. 7"}"#
    #expect(try stage.refusal("ISS", "task.suspended", order) == .noRole)
    #expect(try stage.refusal("GOV", "task.resumed", order) == .wrongState)
    #expect(try stage.refusal("GOV", "task.suspended", order) == nil)
    #expect(stage.task.state == .suspended)
    #expect(try stage.refusal("GOV", "task.suspended", order) == .wrongState)
    #expect(
      try stage.refusal("GOV", "task.resumed", order, on: "2026-03-20T01:00:00.000Z") == nil)
    #expect(stage.task.state == state)
    #expect(stage.task.pauses.map(\.to) == [stage.now])
  }

  @Test func `a cancellation is final`() throws {
    var stage = try Stage()
    let order = #"{"order":"No. 8","reason":"superseded"}"#
    #expect(try stage.refusal("SUP", "task.cancelled", order) == .noRole)
    #expect(try stage.refusal("GOV", "task.cancelled", order) == nil)
    #expect(stage.task.state == .cancelled)
    for type in ["task.cancelled", "task.suspended"] {
      #expect(try stage.refusal("GOV", type, #"{"order":"No. 9"}"#) == .wrongState)
    }
    #expect(try stage.refusal("GOV", "task.resumed", #"{"order":"No. 9"}"#) == .wrongState)
  }
}
