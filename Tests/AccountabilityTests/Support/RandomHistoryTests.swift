import Cryptography
import Encoding
import Testing

@testable import Accountability

@Suite struct `Any history` {
  private static let units = ["REG", "GOV", "ISS", "SUP", "D1", "D2", "D3", "C1"]
  private static let compromise = #""compromisedSince":"2026-01-01T00:00:00.000Z","#
  private static let authors = units + ["D1/2", "D1/3", "D2/2", "GOV/2"]

  /// `Fixture.write` compares outcome and records of slice and whole after every entry.
  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func `is judged the same by a slice and by the whole`(seed: UInt64) throws {
    var random = SeededGenerator(state: seed)
    var fixture = try Fixture.planned()
    var applied = 0
    for _ in 0..<150 {
      let author = try #require(Self.authors.randomElement(using: &random))
      let eventCount = Int.random(in: 0..<4, using: &random) == 0 ? 2 : 1
      let events = try (0..<eventCount).map { _ in try Self.event(fixture, &random) }
      var cosigners: [String] = []
      for label in Self.authors {
        let isAsked = try events.contains { event in
          try event.data["vkey"]?.string == "\(#require(fixture.vkeys[label]))"
        }
        if Int.random(in: 0..<40, using: &random) == 0 || isAsked { cosigners.append(label) }
      }
      let seen = Int.random(in: 0..<8, using: &random) == 0 ? fixture.index - 1 : nil
      fixture.forged = Int.random(in: 0..<12, using: &random) == 0 ? [author] : []
      let sure = Self.sure(events[0]) ?? author
      let outcome = try fixture.write(
        sure, events, cosigners: cosigners.filter { $0 != sure }, seen: seen)
      if outcome == .applied { applied += 1 }
    }
    #expect(applied > 10, "seed \(seed) goes nowhere: \(applied)")
  }

  /// Who may say an event in the plain case, so that some of the history holds.
  private static func sure(_ event: Event) -> String? {
    switch event.type.rawValue {
    case "task.issued", "task.assigned", "objective.defined", "assignment.ruled": "ISS"
    case "task.accepted", "task.planned", "task.declined": "D1"
    case "role.granted", "role.withdrawn": "GOV"
    case "org.registered": "REG"
    case "support.confirmed": "D3"
    case "key.enrolled", "key.rotated", "key.revoked": event.data["vkey"] == nil ? "REG" : "D1"
    default: nil
    }
  }

  private static func event(_ fixture: Fixture, _ random: inout SeededGenerator) throws -> Event {
    func pick(_ list: [String]) -> String { list.randomElement(using: &random) ?? "" }
    let name = pick(["T1", "T2", "T3", "T4", "T5"])
    let unit = pick(units)
    switch Int.random(in: 0..<20, using: &random) {
    case 0: return try Plan.task(name, milestones: ["M-\(name)"])
    case 1: return try Plan.assignment(name, lead: pick(["D1", "D2"]), post: nil, supports: ["D3"])
    case 2: return try task("task.accepted", name)
    case 3: return try task("task.declined", name, #"{"reason":"other"}"#)
    case 4: return try task("assignment.ruled", name, #"{"outcome":"upheld"}"#)
    case 5: return try task("support.confirmed", name)
    case 6: return try task("task.planned", name)
    case 7:
      return try task(
        "task.reassigned", name, #"{"from":"2026-03-01","lead":"\#(unit)","reason":"x"}"#)
    case 8: return try org("role.granted", unit, #"{"role":"statistics"}"#)
    case 9:
      return try org("role.withdrawn", unit, #"{"role":"\#(pick(["auditor", "statistics"]))"}"#)
    case 10: return try fixture.enrolling(pick(["D1/2", "D2/2", "GOV/2"]))
    case 11: return try fixture.rotating(to: pick(["D1/2", "D1/3", "D2/2"]))
    case 12: return try fixture.revoking(pick(["D1", "D1/2", "D2/2", "C1"]))
    case 13: return try fixture.enrolling(pick(["D1/3", "C1/2"]), type: "key.recovered")
    case 14: return try fixture.registering(pick(["X1", "X2", "X3"]))
    case 15:
      return try org(
        "duty.handed-over", "D1", #"{"openItems":["T1"],"post":"P1","to":"\#(pick(["P1", "P2"]))"}"#
      )
    case 16:
      return try org("role.withdrawn", unit, #"{"role":"supervisor","task":"\#(name)"}"#)
    case 17: return try fixture.revoking(pick(["D1", "D1/2"]), Self.compromise)
    case 18:
      return try Plan.task(name, mandatory: #""mandatory":true,"#, parent: #""parent":"T1","#)
    default:
      return try org(
        "role.granted", unit, #"{"role":"supervisor","task":"\#(name)"}"#)
    }
  }
}
