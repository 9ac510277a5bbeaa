import Cryptography
import Encoding
import Testing

@testable import Accountability

@Suite struct `Enrolling a key` {
  @Test func `is the registrar's for the first, and the new key signs too`() throws {
    var fixture = try Fixture()
    try fixture.must("REG", fixture.opening())
    try fixture.must("REG", [fixture.registering("D1")])
    let enrolment = [try fixture.enrolling("D1")]
    #expect(try fixture.refused("REG", enrolment) == .missingCosigner)
    fixture.forged = ["D1"]
    #expect(try fixture.refused("REG", enrolment, cosigners: ["D1"]) == .badSignature)
    fixture.forged = []
    #expect(try fixture.refused("REG", enrolment, cosigners: ["D1"]) == nil)
    #expect(try fixture.key("D1").count == 1)
    #expect(try fixture.organisation("D1").liveKeys.count == 1)
  }

  @Test func `is no other organisation's`() throws {
    var fixture = try Fixture.staffed()
    let second = [try fixture.enrolling("D1/2")]
    for author in ["REG", "GOV", "D2"] {
      #expect(try fixture.refused(author, second, cosigners: ["D1/2"]) == .noRole)
    }
    #expect(try fixture.refused("D1", second, cosigners: ["D1/2"]) == nil)
  }

  @Test func `needs a registered organisation and its name`() throws {
    var fixture = try Fixture.staffed()
    let vkey = try #require(fixture.vkeys["D1/2"])
    let other = try org("key.enrolled", "D2", #"{"vkey":"\#(vkey)"}"#)
    #expect(try fixture.refused("D2", [other], cosigners: ["D1/2"]) == .malformed)
    let none = try org("key.enrolled", "D9", #"{"vkey":"\#(vkey)"}"#)
    #expect(try fixture.refused("REG", [none], cosigners: ["D1/2"]) == .unknownSubject)
  }

  @Test func `refuses a key that was ever enrolled, ended ones and the log's included`() throws {
    var fixture = try Fixture.staffed()
    #expect(try fixture.refused("D1", [fixture.enrolling("D1")]) == .alreadyExists)
    try fixture.must("D1", [fixture.rotating(to: "D1/2")], cosigners: ["D1/2"])
    #expect(try fixture.refused("D1/2", [fixture.enrolling("D1")]) == .alreadyExists)
    let renamed = try #require(fixture.vkeys["D1"]).publicKey
    let log = try #require(fixture.programme.ledger).vkey
    #expect(throws: Refusal.self) {
      try fixture.programme.requireNew(VerifierKey(name: "D2", publicKey: renamed))
    }
    #expect(throws: Refusal.self) {
      try fixture.programme.requireNew(
        VerifierKey(name: "D2", publicKey: VerifierKey(log).publicKey))
    }
  }

  @Test func `authorises nothing in the same submission`() throws {
    var fixture = try Fixture.staffed()
    let events = try [fixture.enrolling("D1/2"), fixture.revoking("D1/3")]
    #expect(try fixture.refused("D1/2", events, cosigners: ["D1"]) == .unknownKey)
    #expect(try fixture.refused("D1/2", [fixture.revoking("D1")]) == .unknownKey)
  }

  @Test(arguments: [
    (#""roles":["lead"],"#, #""roles":["lead"],"#, true),
    (#""roles":["lead"],"#, #""roles":["lead","support"],"#, false),
    (#""roles":["lead"],"#, "", false),
    (#""post":"P1","#, #""post":"P1","#, true),
    (#""post":"P1","#, #""post":"P2","#, false),
    (#""post":"P1","#, #""post":"P1","roles":["issuer"],"#, false),
    (#""post":"P1","#, "", false),
    ("", #""post":"P1","roles":["lead"],"#, true),
  ])
  func `gives no more than its author has`(
    author: String, new: String, isAllowed: Bool
  ) throws {
    var fixture = try Fixture.planned()
    try fixture.must("D1", [fixture.enrolling("D1/2", author)], cosigners: ["D1/2"])
    #expect(
      try fixture.refused("D1/2", [fixture.enrolling("D1/3", new)], cosigners: ["D1/3"])
        == (isAllowed ? nil : .keyLimited))
  }

  @Test func `takes a post of its organisation only, and each role once`() throws {
    var fixture = try Fixture.planned()
    for (limits, code) in [
      (#""post":"P1","#, Refusal.Code.separation), (#""post":"P9","#, .unknownSubject),
      (#""roles":["lead","lead"],"#, .malformed), (#""roles":["chief"],"#, .malformed),
    ] {
      #expect(
        try fixture.refused("D2", [fixture.enrolling("D2/2", limits)], cosigners: ["D2/2"])
          == code)
    }
  }
}

@Suite struct `Rotating a key` {
  @Test func `ends the old one and passes its limits on`() throws {
    var fixture = try Fixture.planned()
    try fixture.must(
      "D1", [fixture.enrolling("D1/2", #""post":"P1","roles":["lead"],"#)], cosigners: ["D1/2"])
    try fixture.must("D1/2", [fixture.rotating(to: "D1/3")], cosigners: ["D1/3"])
    #expect(try fixture.key("D1/2").ending == .rotated)
    #expect(try fixture.key("D1/2").endedAt == fixture.index - 1)
    #expect(try fixture.key("D1/3").post == id("P1"))
    #expect(try fixture.key("D1/3").roles == [.lead])
    #expect(try fixture.refused("D1/2", [fixture.revoking("D1")]) == .endedKey)
  }

  @Test func `needs the new key's signature and its organisation's name`() throws {
    var fixture = try Fixture.staffed()
    #expect(try fixture.refused("D1", [fixture.rotating(to: "D1/2")]) == .missingCosigner)
    #expect(
      try fixture.refused("D1", [fixture.rotating(to: "D2/2")], cosigners: ["D2/2"]) == .malformed)
    #expect(
      try fixture.refused(
        "D1", [fixture.rotating(to: "D1/2"), fixture.rotating(to: "D1/3")],
        cosigners: ["D1/2", "D1/3"]) == .endedKey)
  }

  @Test func `is refused for a key reported compromised`() throws {
    var fixture = try Fixture.staffed()
    try fixture.must(
      "REG", [fixture.revoking("D1", #""compromisedSince":"2026-01-01T00:00:00.000Z","#)])
    #expect(
      try fixture.refused("D1", [fixture.rotating(to: "D1/2")], cosigners: ["D1/2"]) == .endedKey)
  }
}

@Suite struct `Revoking a key` {
  @Test(arguments: ["D1", "D1/2", "REG", "GOV"])
  func `is for its organisation, the registrar and the governing body`(author: String) throws {
    var fixture = try Fixture.staffed()
    try fixture.must("D1", [fixture.enrolling("D1/2")], cosigners: ["D1/2"])
    for other in ["D2", "ISS", "SUP"] {
      #expect(try fixture.refused(other, [fixture.revoking("D1")]) == .noRole)
    }
    #expect(try fixture.refused(author, [fixture.revoking("D1")]) == nil)
    #expect(try fixture.key("D1").ending == .revoked)
    #expect(try fixture.refused("D1", [fixture.revoking("D1/2")]) == .endedKey)
    #expect(try fixture.refused("REG", [fixture.revoking("D1")]) == .nothingToDo)
  }

  @Test func `may report a compromise that is found only after the key has ended`() throws {
    var fixture = try Fixture.staffed()
    try fixture.must("D1", [fixture.rotating(to: "D1/2")], cosigners: ["D1/2"])
    let end = try fixture.key("D1").endedAt
    func since(_ day: String) throws -> Event {
      try fixture.revoking("D1", #""compromisedSince":"2026-01-\#(day)T00:00:00.000Z","#)
    }
    #expect(try fixture.refused("D1/2", [fixture.revoking("D1")]) == .nothingToDo)
    #expect(try fixture.refused("D2", [since("03")]) == .noRole)
    #expect(try fixture.refused("D1/2", [since("03")]) == nil)
    #expect(try fixture.key("D1").compromisedSince == .of("2026-01-03T00:00:00.000Z"))
    #expect(try fixture.refused("D1/2", [since("04")]) == .nothingToDo, "it says less")
    #expect(try fixture.refused("REG", [since("02")]) == nil)
    #expect(try fixture.key("D1").compromisedSince == .of("2026-01-02T00:00:00.000Z"))
    #expect(try fixture.key("D1").endedAt == end)
    #expect(try fixture.key("D1").ending == .rotated)
  }

  @Test func `names a key there is and no time to come`() throws {
    var fixture = try Fixture.staffed()
    #expect(try fixture.refused("REG", [fixture.revoking("D1/3")]) == .unknownSubject)
    let future = #""compromisedSince":"2027-01-01T00:00:00.000Z","#
    #expect(try fixture.refused("REG", [fixture.revoking("D1", future)]) == .wrongDate)
  }

  @Test(arguments: ["REG", "GOV"])
  func `never leaves the registry or the governing body without a key`(name: String) throws {
    var fixture = try Fixture.staffed()
    #expect(try fixture.refused(name, [fixture.revoking(name)]) == .lastHolder)
    let both = try [fixture.enrolling("\(name)/2"), fixture.revoking(name)]
    #expect(try fixture.refused(name, both, cosigners: ["\(name)/2"]) == nil)
    #expect(try fixture.refused("\(name)/2", [fixture.revoking("\(name)/2")]) == .lastHolder)
    let limited = try fixture.enrolling("\(name)/3", #""roles":["lead"],"#)
    try fixture.must("\(name)/2", [limited], cosigners: ["\(name)/3"])
    for author in ["\(name)/2", "\(name)/3"] {
      #expect(try fixture.refused(author, [fixture.revoking("\(name)/2")]) == .lastHolder)
    }
  }
}

@Suite struct `Recovering a key` {
  private static func keyless() throws -> Fixture {
    var fixture = try Fixture.staffed()
    try fixture.must("D1", [fixture.revoking("D1")])
    return fixture
  }

  @Test(arguments: [("REG", "GOV"), ("GOV", "REG")])
  func `takes registrar, governing body and the new key`(author: String, other: String) throws {
    var fixture = try Self.keyless()
    let recovery = [try fixture.enrolling("D1/2", type: "key.recovered")]
    for cosigners in [[], ["D1/2"], [other]] {
      #expect(
        try fixture.refused(author, recovery, cosigners: cosigners) == .missingCosigner)
    }
    #expect(
      try fixture.refused(author, recovery, cosigners: ["D1/2", "ISS"]) == .missingCosigner)
    #expect(
      try fixture.refused(author, recovery, cosigners: ["D1/2", other, "ISS"])
        == .unwantedCosigner)
    #expect(try fixture.refused(author, recovery, cosigners: ["D1/2", other]) == nil)
    #expect(try fixture.key("D1/2").isRecovered)
  }

  @Test func `is for an organisation that had a key and has none`() throws {
    var fixture = try Fixture.staffed()
    let recovery = [try fixture.enrolling("D1/2", type: "key.recovered")]
    #expect(try fixture.refused("REG", recovery, cosigners: ["D1/2", "GOV"]) == .wrongState)
    #expect(try fixture.refused("ISS", recovery, cosigners: ["D1/2", "GOV"]) == .noRole)
    fixture = try Self.keyless()
    #expect(
      try fixture.refused("REG", [fixture.enrolling("D1/2")], cosigners: ["D1/2"]) == .noRole)
  }
}
