import Cryptography
import Encoding
import Testing

@testable import Accountability

@Suite struct `Assigning a task` {
  @Test func `gives it to one lead, with dates`() throws {
    var fixture = try Fixture.planned()
    for author in ["GOV", "SUP", "D1"] {
      #expect(try fixture.refused(author, [Plan.assignment("T1")]) == .noRole)
    }
    #expect(try fixture.refused("ISS", [Plan.assignment("T1")]) == nil)
    let task = try fixture.task()
    #expect(task.state == .assigned)
    #expect(task.lead == (try id("D1")))
    #expect(task.parties == [try id("D1"), try id("D2"), try id("C1")])
    #expect(task.post == (try id("P1")))
    #expect(task.due == .of("2026-06-30"))
    #expect(task.originalDue == .of("2026-06-30"))
    #expect(try fixture.refused("ISS", [Plan.assignment("T1")]) == .wrongState)
    #expect(try fixture.refused("ISS", [Plan.assignment("T9")]) == .unknownSubject)
  }

  @Test func `names units there are, each once, and a post of the lead`() throws {
    var fixture = try Fixture.planned()
    #expect(
      try fixture.refused("ISS", [Plan.assignment("T1", lead: "D9", post: nil)])
        == .unknownSubject)
    #expect(
      try fixture.refused("ISS", [Plan.assignment("T1", supports: ["D2", "D1"])]) == .malformed)
    #expect(
      try fixture.refused("ISS", [Plan.assignment("T1", territories: ["D2"])]) == .malformed)
    #expect(
      try fixture.refused("ISS", [Plan.assignment("T1", lead: "D3")]) == .separation)
    #expect(
      try fixture.refused("ISS", [Plan.assignment("T1", due: "2026-01-31")]) == .wrongDate)
  }

  @Test func `leaves a named reviewer out of it`() throws {
    var fixture = try Fixture.planned()
    try fixture.must(
      "GOV", [org("role.granted", "D2", #"{"role":"supervisor","task":"T1"}"#)])
    #expect(try fixture.refused("ISS", [Plan.assignment("T1")]) == .notIndependent)
  }
}

@Suite struct `Signing for a task` {
  @Test func `is the lead's, once`() throws {
    var fixture = try Fixture.assigned()
    for other in ["D2", "C1", "D3", "ISS", "GOV"] {
      #expect(try fixture.refused(other, [task("task.accepted")]) == .notParty)
    }
    #expect(try fixture.refused("D1", [task("task.accepted")]) == nil)
    #expect(try fixture.task().acceptedOn == fixture.now)
    #expect(try fixture.refused("D1", [task("task.accepted")]) == .wrongState)
    #expect(
      try fixture.refused("D1", [task("task.declined", "T1", #"{"reason":"other"}"#)])
        == .wrongState)
  }

  @Test func `needs the assignment seen`() throws {
    var fixture = try Fixture.assigned()
    #expect(try fixture.refused("D1", [task("task.accepted")], seen: fixture.index - 1) == .stale)
    let seen = fixture.index
    try fixture.must(
      "ISS", [task("deadline.set", "T1", #"{"due":"2026-03-31","reason":"order 2"}"#)])
    #expect(
      try fixture.refused("D1", [task("task.accepted")], seen: seen) == .stale,
      "it would sign for a date it has not seen")
    #expect(try fixture.refused("D1", [task("task.accepted")]) == nil)
  }

  @Test func `is for a key of the post or a free one`() throws {
    var fixture = try Fixture.assigned()
    try fixture.must("D1", [fixture.enrolling("D1/2", #""post":"P2","#)], cosigners: ["D1/2"])
    try fixture.must("D1", [fixture.enrolling("D1/3", #""post":"P1","#)], cosigners: ["D1/3"])
    #expect(try fixture.refused("D1/2", [task("task.accepted")]) == .keyLimited)
    #expect(try fixture.refused("D1/3", [task("task.accepted")]) == nil)
  }

  @Test func `is followed by support and a plan`() throws {
    var fixture = try Fixture.assigned()
    for name in ["D1", "D3"] {
      #expect(try fixture.refused(name, [task("support.confirmed")]) == .notParty)
    }
    for name in ["D2", "C1"] {
      #expect(try fixture.refused(name, [task("support.confirmed")]) == nil)
      #expect(try fixture.refused(name, [task("support.confirmed")]) == .nothingToDo)
    }
    func plan(_ milestone: String, due: String = "2026-05-31") throws -> Event {
      try task(
        "task.planned", "T1",
        #"{"contact":\#(Fixture.seal),"milestones":[\#(Plan.milestone(milestone, due: due))]}"#)
    }
    #expect(try fixture.refused("D1", [plan("M2")]) == .wrongState)
    try fixture.must("D1", [task("task.accepted")])
    #expect(try fixture.refused("D2", [plan("M2")]) == .notParty)
    #expect(try fixture.refused("D1", [plan("M1")]) == .alreadyExists)
    #expect(try fixture.refused("D1", [plan("M2", due: "2026-07-01")]) == .wrongDate)
    let planned = try fixture.task().milestones
    #expect(try fixture.refused("D1", [plan("M2")]) == nil)
    #expect(try fixture.task().state == .inProgress)
    #expect(try Array(fixture.task().milestones.prefix(1)) == planned)
    #expect(try fixture.task().milestones.map(\.isPlanned) == [true, false])
  }
}

@Suite struct `Disputing an assignment` {
  private static func disputed() throws -> Fixture {
    var fixture = try Fixture.assigned()
    try fixture.must(
      "D1",
      [task("task.declined", "T1", #"{"note":\#(Fixture.seal),"reason":"not-competent"}"#)])
    return fixture
  }

  private func ruling(_ members: String) throws -> Event {
    try task("assignment.ruled", "T1", "{\(members)}")
  }

  @Test(arguments: ["ISS", "GOV"])
  func `is upheld, and the unit's clock runs from the ruling`(author: String) throws {
    // Scene 6: declined, ruled after five working days.
    var fixture = try Self.disputed()
    #expect(try fixture.task().state == .disputed)
    fixture.now = .of("2026-02-10T01:00:00.000Z")
    for other in ["D1", "SUP", "REG"] {
      #expect(try fixture.refused(other, [ruling(#""outcome":"upheld""#)]) == .noRole)
    }
    #expect(
      try fixture.refused(author, [ruling(#""due":"2026-07-31","outcome":"upheld""#)]) == nil)
    let task = try fixture.task()
    #expect(task.state == .assigned)
    #expect(task.start == .of("2026-02-10"))
    #expect(task.dueDates.map(\.day) == [.of("2026-06-30"), .of("2026-07-31")])
    #expect(task.dueDates.map(\.origin) == [.assigned, .ruled])
    #expect(try fixture.refused(author, [ruling(#""outcome":"upheld""#)]) == .wrongState)
  }

  @Test func `is given to another, and who led it stays a party`() throws {
    var fixture = try Self.disputed()
    let given = try ruling(#""lead":"D2","outcome":"reassigned""#)
    #expect(try fixture.refused("ISS", [given]) == nil)
    let task = try fixture.task()
    #expect(task.lead == (try id("D2")))
    #expect(task.supports.isEmpty)
    #expect(task.post == nil)
    #expect(task.parties.contains(try id("D1")))
    #expect(try fixture.refused("D2", [AccountabilityTests.task("task.accepted")]) == nil)
  }

  @Test func `takes a lead with one outcome only, and a date that holds`() throws {
    var fixture = try Self.disputed()
    for (members, code) in [
      (#""outcome":"reassigned""#, Refusal.Code.malformed),
      (#""lead":"D2","outcome":"upheld""#, .malformed),
      (#""outcome":"upheld","post":"P1""#, .malformed),
      (#""lead":"D1","outcome":"reassigned""#, .wrongState),
      (#""lead":"D9","outcome":"reassigned""#, .unknownSubject),
      (#""lead":"D2","outcome":"reassigned","post":"P1""#, .separation),
      (#""due":"2026-01-04","outcome":"upheld""#, .wrongDate),
      (#""due":"2026-01-31","outcome":"upheld""#, .wrongDate),
    ] {
      #expect(try fixture.refused("ISS", [ruling(members)]) == code, "\(members)")
    }
  }

  @Test func `is ruled on by nobody who has a part, or has not seen it`() throws {
    var fixture = try Self.disputed()
    let upheld = try ruling(#""outcome":"upheld""#)
    #expect(try fixture.refused("ISS", [upheld], seen: fixture.index - 1) == .stale)
    try fixture.must("GOV", [org("role.granted", "D2", #"{"role":"issuer"}"#)])
    #expect(try fixture.refused("D2", [upheld]) == .notIndependent)
  }
}

@Suite struct `Reassigning a task` {
  private func move(_ lead: String, _ more: String = "", from: String = "2026-04-01") throws
    -> Event
  {
    try task(
      "task.reassigned", "T1", #"{"from":"\#(from)","lead":"\#(lead)",\#(more)"reason":"merged"}"#)
  }

  @Test(arguments: ["ISS", "GOV"])
  func `gives it to a lead who has yet to sign`(author: String) throws {
    var fixture = try Fixture.assigned()
    try fixture.must("D1", [task("task.accepted")])
    for other in ["D1", "SUP"] {
      #expect(try fixture.refused(other, [move("D3")]) == .noRole)
    }
    #expect(try fixture.refused(author, [move("D2")]) == nil)
    let moved = try fixture.task()
    #expect(moved.state == .assigned)
    #expect(moved.acceptedOn == nil)
    #expect(moved.supports.isEmpty)
    #expect(moved.territories == [try id("C1")])
    #expect(moved.start == .of("2026-04-01"))
    #expect(moved.parties.count == 3)
    #expect(try fixture.refused("D1", [task("task.accepted")]) == .notParty)
    #expect(try fixture.refused("D2", [task("task.accepted")]) == nil)
  }

  @Test func `is decided on the newest assignment, and on the claim it sets aside`() throws {
    var fixture = try Fixture.assigned()
    try fixture.must("D1", [task("task.accepted")])
    let first = fixture.index
    try fixture.must("GOV", [move("D2")])
    #expect(try fixture.refused("ISS", [move("D3")], seen: first) == .stale)
    try fixture.must("D2", [task("task.accepted"), task("task.planned")])
    let second = fixture.index
    try fixture.must(
      "SUP", [task("milestone.waived", "T1", #"{"milestone":"M1","reason":"order 2"}"#)])
    fixture.now = .of("2026-07-02T01:00:00.000Z")
    try fixture.must("D2", [task("completion.claimed")])
    #expect(try fixture.task().isClaimLate)
    #expect(try fixture.refused("ISS", [move("D3")], seen: second) == .stale)
    #expect(try fixture.refused("ISS", [move("D3")]) == nil)
    #expect(try fixture.task().claim == nil)
    #expect(try !fixture.task().isClaimLate)
  }

  @Test func `is refused for the same lead, a reviewer, and a day after it is due`() throws {
    var fixture = try Fixture.assigned()
    try fixture.must(
      "GOV", [org("role.granted", "D3", #"{"role":"supervisor","task":"T1"}"#)])
    #expect(try fixture.refused("ISS", [move("D1")]) == .nothingToDo)
    #expect(try fixture.refused("ISS", [move("D3")]) == .notIndependent)
    #expect(try fixture.refused("ISS", [move("D2", #""post":"P1","#)]) == .separation)
    #expect(try fixture.refused("ISS", [move("D2", from: "2026-07-01")]) == .wrongDate)
    try fixture.must("GOV", [org("role.granted", "C1", #"{"role":"issuer"}"#)])
    #expect(try fixture.refused("C1", [move("D2")]) == .notIndependent)
  }
}
