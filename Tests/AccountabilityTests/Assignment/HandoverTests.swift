import Cryptography
import Encoding
import Testing

@testable import Accountability

@Suite struct `Handing duties over` {
  /// D1/2 is the key of post P1, D1/3 that of `receiver`.
  private static func manned(_ receiver: String) throws -> Fixture {
    var fixture = try Fixture.assigned()
    for (label, post) in [("D1/2", "P1"), ("D1/3", receiver)] {
      try fixture.must(
        "D1", [fixture.enrolling(label, #""post":"\#(post)","#)], cosigners: [label])
    }
    return fixture
  }

  private func handover(to receiver: String, items: String = #""T1""#) throws -> [Event] {
    let list = items.isEmpty ? "" : #""openItems":[\#(items)],"#
    return [
      try org("duty.handed-over", "D1", #"{\#(list)"post":"P1","to":"\#(receiver)"}"#)
    ]
  }

  @Test func `moves tasks with the post and ends the giver's keys for it`() throws {
    // Scene 3: what the old key signs after the handover is refused.
    var fixture = try Self.manned("P2")
    #expect(
      try fixture.refused("D1/2", handover(to: "P2"), cosigners: ["D1/3"]) == nil)
    #expect(try fixture.task().post == id("P2"))
    #expect(try fixture.key("D1/2").ending == .handedOver)
    #expect(try fixture.key("D1/3").endedAt == nil)
    #expect(try fixture.key("D1").endedAt == nil)
    #expect(try fixture.refused("D1/2", [task("task.accepted")]) == .endedKey)
    #expect(try fixture.refused("D1/3", [task("task.accepted")]) == nil)
  }

  @Test func `needs both signatures`() throws {
    // Scene 10: two signatures or none.
    var fixture = try Self.manned("P2")
    #expect(try fixture.refused("D1/2", handover(to: "P2")) == .missingCosigner)
    #expect(
      try fixture.refused("D1/2", handover(to: "P2"), cosigners: ["D2"]) == .missingCosigner)
    fixture.forged = ["D1/3"]
    #expect(
      try fixture.refused("D1/2", handover(to: "P2"), cosigners: ["D1/3"]) == .badSignature)
    fixture.forged = []
    #expect(
      try fixture.refused("D1/3", handover(to: "P2"), cosigners: ["D1/2"]) == .keyLimited)
    #expect(try fixture.key("D1/2").endedAt == nil)
  }

  @Test func `goes to the next incumbent of the same post`() throws {
    var fixture = try Self.manned("P1")
    #expect(try fixture.refused("D1/2", handover(to: "P1"), cosigners: ["D1"]) == .missingCosigner)
    #expect(try fixture.refused("D1/2", handover(to: "P1"), cosigners: ["D1/3"]) == nil)
    #expect(try fixture.task().post == id("P1"))
    #expect(try fixture.key("D1/2").ending == .handedOver)
    #expect(try fixture.refused("D1/3", [task("task.accepted")]) == nil)
  }

  @Test func `is not for keys that are limited to other roles than a lead's`() throws {
    var fixture = try Fixture.assigned()
    try fixture.must(
      "D1", [fixture.enrolling("D1/2", #""roles":["statistics"],"#)], cosigners: ["D1/2"])
    #expect(
      try fixture.refused("D1", handover(to: "P2"), cosigners: ["D1/2"]) == .missingCosigner)
    #expect(try fixture.refused("D1/2", handover(to: "P2"), cosigners: ["D1"]) == .keyLimited)
    try fixture.must(
      "D1", [fixture.enrolling("D1/3", #""post":"P2","roles":["lead"],"#)], cosigners: ["D1/3"])
    #expect(try fixture.refused("D1", handover(to: "P2"), cosigners: ["D1/3"]) == nil)
  }

  @Test func `is not signed for by a key that it enrols itself`() throws {
    var fixture = try Fixture.assigned()
    let events =
      try [fixture.enrolling("D1/2", #""post":"P2","#)] + handover(to: "P2")
    #expect(try fixture.refused("D1", events, cosigners: ["D1/2"]) == .missingCosigner)
  }

  @Test func `is between posts of one organisation, and of its own tasks`() throws {
    var fixture = try Self.manned("P2")
    try fixture.must(
      "REG", [org("post.defined", "D2", #"{"post":"P3","titleEn":"Head","titleZh":"局长"}"#)])
    #expect(try fixture.refused("D1/2", handover(to: "P3"), cosigners: ["D2"]) == .notParty)
    #expect(
      try fixture.refused("D1/2", handover(to: "P9"), cosigners: ["D1/3"]) == .unknownSubject)
    #expect(try fixture.refused("D2", handover(to: "P2"), cosigners: ["D1/3"]) == .notParty)
    for (items, code) in [
      (#""T1","T1""#, Refusal.Code.malformed), (#""T9""#, .unknownSubject),
    ] {
      #expect(
        try fixture.refused("D1/2", handover(to: "P2", items: items), cosigners: ["D1/3"])
          == code)
    }
    try fixture.must("ISS", [Plan.task("T2"), Plan.assignment("T2", post: nil)])
    #expect(
      try fixture.refused("D1/2", handover(to: "P2", items: #""T2""#), cosigners: ["D1/3"])
        == .notParty)
  }
}
