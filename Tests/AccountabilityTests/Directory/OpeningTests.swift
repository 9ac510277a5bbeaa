import Cryptography
import Encoding
import Testing

@testable import Accountability

@Suite struct `Entry 0` {
  @Test func `opens the ledger and makes its author the registrar`() throws {
    var fixture = try Fixture()
    #expect(try fixture.write("REG", fixture.opening()) == .applied)
    let ledger = try #require(fixture.programme.ledger)
    #expect(ledger.origin == Fixture.origin)
    #expect(ledger.rules == 1)
    #expect(ledger.registrars == [try id("REG")])
    #expect(try fixture.organisation("REG").roles == [.registrar])
    #expect(try fixture.key("REG").count == 1)
  }

  @Test func `holds these four events and nothing else`() throws {
    let opening = try Fixture().opening()
    var attempts = opening.indices.map { left in
      opening.indices.filter { $0 != left }.map { opening[$0] }
    }
    attempts.append(opening + [try Fixture().registering("D1")])
    attempts.append([opening[1], opening[0], opening[2], opening[3]])
    for events in attempts {
      var fixture = try Fixture()
      #expect(try fixture.refused("REG", events) != nil)
      #expect(fixture.programme.ledger == nil)
      #expect(try fixture.programme.records().isEmpty)
    }
  }

  @Test func `is signed by the registrar's first key alone, with number 1`() throws {
    var fixture = try Fixture()
    #expect(try fixture.refused("REG", fixture.opening(), cosigners: ["D1"]) == .unknownKey)
    fixture = try Fixture()
    #expect(try fixture.refused("D1", fixture.opening()) == .unknownKey)
    fixture = try Fixture()
    fixture.forged = ["REG"]
    #expect(try fixture.refused("REG", fixture.opening()) == .badSignature)
    fixture = try Fixture()
    let outcome = try fixture.write("REG", fixture.opening(), n: ["REG": 2])
    guard case .void(let refusal) = outcome else { throw WrongOutcome() }
    #expect(refusal.code == .wrongCount)
  }

  @Test func `grants no role but registrar, to no other organisation`() throws {
    for (name, role) in [("REG", "issuer"), ("REG", "governing"), ("D1", "registrar")] {
      var fixture = try Fixture()
      var events = try fixture.opening()
      events[3] = try org("role.granted", name, #"{"role":"\#(role)"}"#)
      #expect(try fixture.refused("REG", events) != nil, "\(name) \(role)")
    }
  }

  @Test func `limits its key to nothing`() throws {
    var fixture = try Fixture()
    var events = try fixture.opening()
    events[2] = try fixture.enrolling("REG", #""roles":["registrar"],"#)
    #expect(try fixture.refused("REG", events) == .misplaced)
  }

  @Test(arguments: ["plan", "onus/plan.x", "other.example/plan"])
  func `has an origin that names the log key`(origin: String) throws {
    var fixture = try Fixture()
    #expect(try fixture.refused("REG", fixture.opening(origin: origin)) == .malformed)
  }

  @Test func `cannot be repeated`() throws {
    var fixture = try Fixture.staffed()
    #expect(try fixture.refused("REG", Array(fixture.opening().prefix(1))) == .misplaced)
  }
}

@Suite struct `Adopting rules` {
  private func adoption(_ version: Int) throws -> Event {
    try plain("rules.adopted", #"{"version":\#(version)}"#)
  }

  @Test func `is the governing body's, and goes forward only`() throws {
    var fixture = try Fixture.staffed()
    #expect(try fixture.refused("REG", [adoption(2)]) == .noRole)
    #expect(try fixture.refused("GOV", [adoption(1)]) == .nothingToDo)
  }

  @Test func `of an unknown version leaves everything after it unknown`() throws {
    var fixture = try Fixture.staffed()
    #expect(try fixture.refused("GOV", [adoption(2), fixture.revoking("D1")]) == .misplaced)
    #expect(try fixture.write("GOV", [adoption(2)]) == .applied)
    let before = try fixture.programme.records().map(\.value)
    #expect(try fixture.write("D1", [task("task.accepted")]) == .unknown(neededRules: 2))
    #expect(try fixture.programme.records().map(\.value) == before)
  }
}

struct WrongOutcome: Error {}
