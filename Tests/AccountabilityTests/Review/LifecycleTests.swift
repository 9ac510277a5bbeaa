import Encoding
import Testing

@testable import Accountability

@Suite struct `A task from its assignment to its end` {
  private static func light(_ fixture: Fixture, at time: String? = nil) throws -> Light {
    let charter = try #require(fixture.programme.charter)
    return Light.verdict(
      of: try fixture.task(), charter: charter, at: time.map { .of($0) } ?? fixture.now
    ).light
  }

  /// The first event of an author's last submission, as JSON.
  private static func cite(_ fixture: Fixture, _ author: String, event: Int = 1) throws -> String {
    let key = try fixture.key(author)
    return "\"\(Citation(key: key.name, n: key.count, event: event))\""
  }

  private static func piece(_ day: String) throws -> Event {
    try task("evidence.attached", "T1", `Attaching evidence`.piece(day))
  }

  @Test func `plays with every hand's own key`() throws {
    var fixture = try Fixture.assigned()
    #expect(try Self.light(fixture) == .grey)
    #expect(try Self.light(fixture, at: "2026-02-01T16:00:00.000Z") == .yellow)
    fixture.now = .of("2026-01-20T01:00:00.000Z")
    try fixture.must("D1", [task("task.accepted")])
    try fixture.must("D1", [task("task.planned")])
    #expect(try fixture.task().state == .inProgress)

    fixture.now = .of("2026-03-02T01:00:00.000Z")
    #expect(try Self.light(fixture) == .grey)
    try fixture.must(
      "D1", [task("progress.reported", "T1", #"{"percent":20,"period":"2026-02"}"#)])
    let report = try Self.cite(fixture, "D1")
    try fixture.must("SUP", [task("report.accepted", "T1", #"{"report":\#(report)}"#)])
    #expect(try Self.light(fixture, at: "2026-03-11T00:00:00.000Z") == .green)

    fixture.now = .of("2026-05-20T01:00:00.000Z")
    try fixture.must(
      "D1",
      [
        Self.piece("2026-05-19"),
        task("milestone.reached", "T1", #"{"milestone":"M1"}"#),
        task("progress.reported", "T1", #"{"percent":90,"period":"2026-05"}"#),
      ])
    let may = try Self.cite(fixture, "D1", event: 3)
    #expect(
      try fixture.refused("D1", [task("completion.claimed")]) == .notReady)
    try fixture.must(
      "SUP",
      [
        task("milestone.accepted", "T1", #"{"milestone":"M1"}"#),
        task("report.accepted", "T1", #"{"report":\#(may)}"#),
      ])
    #expect(try fixture.task().acceptedPercent == 90)

    try fixture.must("D1", [task("completion.claimed")])
    let claim = try Self.cite(fixture, "D1")
    #expect(try Self.light(fixture, at: "2026-08-01T00:00:00.000Z") == .blue)
    try fixture.must("SUP", [task("completion.accepted", "T1", #"{"claim":\#(claim)}"#)])
    try fixture.must("SUP2", [task("task.closed", "T1", #"{"criterion":"met"}"#)])
    #expect(try Self.light(fixture, at: "2026-08-01T00:00:00.000Z") == .green)

    let card = Scorecard.make(
      programme: fixture.programme, at: .of("2026-08-01T00:00:00.000Z"))
    let row = try #require(card.rows.first)
    #expect(card.rows.map(\.organisation.rawValue) == ["D1"])
    #expect(row.onTime.perMille == 1000)
    #expect(row.quality.items.count == 4)
    #expect(row.quality.perMille == 1000)
    // February and March were due before the completion; only February was reported.
    #expect(row.reporting.items.map(\.period?.description) == ["2026-02", "2026-03", "2026-04"])
    #expect(row.reporting.part == 1)
    #expect(row.rank == nil)
    #expect(
      row.onTime.items.first?.citation?.description == claim.dropFirst().dropLast().description)
  }

  @Test func `owes nothing for the months it was suspended`() throws {
    var fixture = try Fixture.assigned()
    fixture.now = .of("2026-01-20T01:00:00.000Z")
    try fixture.must("D1", [task("task.accepted")])
    fixture.now = .of("2026-02-10T01:00:00.000Z")
    try fixture.must("GOV", [task("task.suspended", "T1", #"{"order":"No. 3"}"#)])
    #expect(try Self.light(fixture) == .black)
    #expect(
      try fixture.refused(
        "D1", [task("progress.reported", "T1", #"{"percent":1,"period":"2026-02"}"#)])
        == .wrongState)
    fixture.now = .of("2026-05-02T01:00:00.000Z")
    try fixture.must("GOV", [task("task.resumed", "T1", #"{"order":"No. 4"}"#)])
    let charter = try #require(fixture.programme.charter)
    let duties = try fixture.task().duties(in: charter, at: .of("2026-06-20T00:00:00.000Z"))
    #expect(duties.map(\.period.description) == ["2026-05"])
  }

  @Test func `closes before its parts only with the governing body's signature`() throws {
    var fixture = try Fixture.assigned()
    let part = try Plan.task("T2", mandatory: #""mandatory":true,"#, parent: #""parent":"T1","#)
    try fixture.must("ISS", [part])
    try fixture.set(.completed, of: "T1")
    func closing(_ more: String = "") throws -> [Event] {
      [try task("task.closed", "T1", #"{"criterion":"met"\#(more)}"#)]
    }
    let ruled = try closing(#","ruling":"order 7""#)
    #expect(try fixture.refused("SUP", closing()) == .notReady)
    #expect(try fixture.refused("SUP", ruled) == .missingCosigner)
    #expect(try fixture.refused("SUP", ruled, cosigners: ["ISS"]) == .missingCosigner)
    try fixture.must("GOV", [org("role.granted", "D2", #"{"role":"governing"}"#)])
    #expect(
      try fixture.refused("SUP", ruled, cosigners: ["D2"]) == .notIndependent, "it supports T1")
    #expect(try fixture.refused("SUP", closing(), cosigners: ["GOV"]) == .notReady)
    #expect(try fixture.refused("SUP", ruled, cosigners: ["GOV"]) == nil)
    #expect(try fixture.task().state == .closed)
  }

  @Test func `waits for a new lead to sign after it is reassigned`() throws {
    var fixture = try Fixture.assigned()
    try fixture.must("D1", [task("task.accepted")])
    fixture.now = .of("2026-03-02T01:00:00.000Z")
    try fixture.must(
      "D1", [task("progress.reported", "T1", #"{"percent":20,"period":"2026-03"}"#)])
    let report = try Self.cite(fixture, "D1")
    try fixture.must(
      "ISS",
      [task("task.reassigned", "T1", #"{"from":"2026-03-05","lead":"D3","reason":"reorganised"}"#)])
    try fixture.must("D3", [task("task.accepted")])
    #expect(
      try fixture.refused(
        "D1", [task("progress.reported", "T1", #"{"percent":21,"period":"2026-03"}"#)])
        == .notParty)
    let correction = #"{"foundBy":"unit","percent":19,"reason":"x","report":\#(report)}"#
    #expect(try fixture.refused("D3", [task("report.corrected", "T1", correction)]) == .notParty)
    #expect(try fixture.refused("D1", [task("report.corrected", "T1", correction)]) == nil)
    try fixture.must(
      "D3", [task("progress.reported", "T1", #"{"percent":25,"period":"2026-03"}"#)])
    // The new lead's report is no correction of the old one's.
    #expect(try fixture.task().correctionCount == 1)
  }
}
