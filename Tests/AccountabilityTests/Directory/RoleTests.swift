import Cryptography
import Encoding
import Testing

@testable import Accountability

@Suite struct `Registering` {
  @Test func `an organisation is the registrar's, and its id is used once`() throws {
    var fixture = try Fixture.staffed()
    for author in ["GOV", "ISS", "D1"] {
      #expect(try fixture.refused(author, [fixture.registering("D8")]) == .noRole)
    }
    #expect(try fixture.refused("REG", [fixture.registering("D8")]) == nil)
    #expect(try fixture.refused("REG", [fixture.registering("D8")]) == .alreadyExists)
    #expect(try fixture.organisation("D8").roles.isEmpty)
  }

  @Test func `keeps parent and aliases, and the parent is there`() throws {
    var fixture = try Fixture.staffed()
    func child(_ parent: String) throws -> Event {
      try org(
        "org.registered", "D8",
        #"{"aliases":["市交通局"],"kind":"bureau","nameEn":"Roads","nameZh":"交通局","parent":"\#(parent)"}"#
      )
    }
    #expect(try fixture.refused("REG", [child("D9")]) == .unknownSubject)
    #expect(try fixture.refused("REG", [child("D1")]) == nil)
    #expect(try fixture.organisation("D8").parent == id("D1"))
    #expect(try fixture.organisation("D8").aliases == ["市交通局"])
  }

  @Test func `a post is the registrar's, of an organisation there is, once`() throws {
    var fixture = try Fixture.staffed()
    func post(_ organisation: String) throws -> Event {
      try org("post.defined", organisation, #"{"post":"P1","titleEn":"Head","titleZh":"局长"}"#)
    }
    #expect(try fixture.refused("D1", [post("D1")]) == .noRole)
    #expect(try fixture.refused("REG", [post("D9")]) == .unknownSubject)
    #expect(try fixture.refused("REG", [post("D1")]) == nil)
    #expect(try fixture.refused("REG", [post("D2")]) == .alreadyExists)
  }
}

@Suite struct `Granting a role` {
  private func grant(_ role: String, _ name: String, task: String? = nil) throws -> Event {
    let task = task.map { #","task":"\#($0)""# } ?? ""
    return try org("role.granted", name, #"{"role":"\#(role)"\#(task)}"#)
  }

  private func withdraw(_ role: String, _ name: String) throws -> Event {
    try org("role.withdrawn", name, #"{"role":"\#(role)"}"#)
  }

  @Test func `is the registrar's once, for the governing body, of another organisation`() throws {
    var fixture = try Fixture()
    try fixture.must("REG", fixture.opening())
    for name in ["GOV", "D1"] {
      try fixture.must(
        "REG", [fixture.registering(name), fixture.enrolling(name)], cosigners: [name])
    }
    #expect(try fixture.refused("REG", [grant("governing", "REG")]) == .noRole)
    #expect(try fixture.refused("REG", [grant("issuer", "D1")]) == .noRole)
    #expect(try fixture.refused("D1", [grant("governing", "D1")]) == .noRole)
    #expect(try fixture.refused("REG", [grant("governing", "GOV")]) == nil)
    #expect(try fixture.refused("REG", [grant("governing", "D1")]) == .noRole)
    #expect(try fixture.refused("GOV", [grant("governing", "D1")]) == nil)
  }

  @Test func `is the governing body's from then on`() throws {
    var fixture = try Fixture.staffed()
    for author in ["REG", "ISS", "SUP", "D1"] {
      #expect(try fixture.refused(author, [grant("statistics", "D1")]) == .noRole)
      #expect(try fixture.refused(author, [withdraw("auditor", "AUD")]) == .noRole)
    }
    #expect(try fixture.refused("GOV", [grant("statistics", "D1")]) == nil)
    #expect(try fixture.refused("GOV", [grant("statistics", "D1")]) == .alreadyExists)
    #expect(try fixture.refused("GOV", [grant("lead", "D1")]) == .malformed)
  }

  @Test(arguments: [
    ("supervisor", "ISS"), ("supervisor", "REG"), ("auditor", "ISS"), ("auditor", "REG"),
    ("issuer", "SUP"), ("issuer", "AUD"), ("registrar", "SUP"), ("registrar", "AUD"),
  ])
  func `keeps those who judge apart from those who run`(role: String, name: String) throws {
    var fixture = try Fixture.staffed()
    #expect(try fixture.refused("GOV", [grant(role, name)]) == .separation)
  }

  @Test func `names another reviewer of one task, who has no part in it`() throws {
    var fixture = try Fixture.assigned()
    #expect(try fixture.refused("GOV", [grant("issuer", "D3", task: "T1")]) == .malformed)
    #expect(
      try fixture.refused("GOV", [grant("supervisor", "D2", task: "T1")]) == .notIndependent)
    #expect(
      try fixture.refused("GOV", [grant("supervisor", "D3", task: "T9")]) == .unknownSubject)
    #expect(try fixture.refused("ISS", [grant("supervisor", "D3", task: "T1")]) == .noRole)
    #expect(try fixture.refused("GOV", [grant("supervisor", "D3", task: "T1")]) == nil)
    #expect(
      try fixture.refused("GOV", [grant("supervisor", "D3", task: "T1")]) == .alreadyExists)
    #expect(try fixture.organisation("D3").roles.isEmpty)
    let urge = try task("urge.issued", "T1", #"{"answerBy":"2026-03-01","level":"note"}"#)
    #expect(try fixture.refused("D3", [urge]) == nil)
    try fixture.must("GOV", [grant("issuer", "D3")])
    #expect(try fixture.refused("D3", [urge]) != nil)
  }

  @Test func `for one task is withdrawn for that task`() throws {
    var fixture = try Fixture.planned()
    try fixture.must("GOV", [grant("supervisor", "D2", task: "T1")])
    #expect(try fixture.refused("ISS", [Plan.assignment("T1")]) == .notIndependent)
    func unname(_ role: String, _ name: String, _ task: String) throws -> Event {
      try org("role.withdrawn", name, #"{"role":"\#(role)","task":"\#(task)"}"#)
    }
    #expect(try fixture.refused("SUP", [unname("supervisor", "D2", "T1")]) == .noRole)
    #expect(try fixture.refused("GOV", [unname("issuer", "D2", "T1")]) == .malformed)
    #expect(try fixture.refused("GOV", [unname("supervisor", "D2", "T9")]) == .unknownSubject)
    #expect(try fixture.refused("GOV", [unname("supervisor", "D3", "T1")]) == .nothingToDo)
    #expect(try fixture.refused("GOV", [unname("supervisor", "SUP", "T1")]) == .nothingToDo)
    #expect(try fixture.refused("GOV", [unname("supervisor", "D2", "T1")]) == nil)
    #expect(try fixture.task().namedReviewers.isEmpty)
    #expect(try fixture.organisation("SUP").roles == [.supervisor])
    #expect(try fixture.refused("ISS", [Plan.assignment("T1")]) == nil)
  }

  @Test func `counts from its place in the log, and so does its end`() throws {
    var fixture = try Fixture.staffed()
    #expect(try fixture.refused("D3", [Plan.programme()]) == .noRole)
    try fixture.must("GOV", [grant("issuer", "D3")])
    try fixture.must("D3", [Plan.programme()])
    #expect(try fixture.refused("GOV", [withdraw("issuer", "D3")]) == nil)
    #expect(try fixture.refused("D3", [Plan.objective("O1")]) == .noRole)
    #expect(try fixture.refused("GOV", [withdraw("issuer", "D3")]) == .nothingToDo)
  }

  @Test(arguments: ["registrar", "governing"])
  func `cannot be undone for the last holder without a successor`(role: String) throws {
    var fixture = try Fixture.staffed()
    let holder = role == "registrar" ? "REG" : "GOV"
    #expect(try fixture.refused("GOV", [withdraw(role, holder)]) == .lastHolder)
    try fixture.must("REG", [fixture.registering("D8")])
    #expect(
      try fixture.refused("GOV", [grant(role, "D8"), withdraw(role, holder)]) == .lastHolder,
      "D8 has no key")
    #expect(try fixture.refused("GOV", [grant(role, "D3"), withdraw(role, holder)]) == nil)
  }

  @Test func `through a key limited to other roles is refused`() throws {
    var fixture = try Fixture.staffed()
    try fixture.must(
      "GOV", [fixture.enrolling("GOV/2", #""roles":["support"],"#)], cosigners: ["GOV/2"])
    #expect(try fixture.refused("GOV/2", [grant("statistics", "D1")]) == .keyLimited)
    #expect(try fixture.refused("GOV/2", [fixture.revoking("D1")]) == .keyLimited)
    #expect(try fixture.refused("GOV/2", [withdraw("auditor", "AUD")]) == .keyLimited)
  }
}
