import Encoding
import Testing

@testable import Accountability

/// What a record says of contributions that are not at their end.
@Suite struct `Open contributions` {
  @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
  func `are those that any sequence of events leaves open`(seed: UInt64) throws {
    var generator = SeededGenerator(state: seed)
    var stage = try Stage()
    var said: [(author: String, citation: String)] = []
    var answered = 0
    for step in 0..<120 {
      stage.now = stage.now.adding(milliseconds: 3_600_000)
      let cited = said.suffix(5).randomElement(using: &generator)
      let before = stage.programme.openContributions.values.flatMap(\.returned).count
      switch (Int.random(in: 0..<8, using: &generator), cited) {
      case (0...3, let (_, citation)?):
        let isReturned = Bool.random(using: &generator)
        _ = try stage.say(
          "SUP", isReturned ? "report.returned" : "report.accepted",
          #"{\#(isReturned ? #""reason":"no-substance","# : "")"report":\#(citation)}"#)
      case (4...5, let (author, citation)?):
        _ = try stage.say(
          author, "report.corrected",
          #"{"foundBy":"unit","percent":\#(step % 101),"reason":"x","report":\#(citation)}"#)
      default:
        let author = try #require(["D2", "C1"].randomElement(using: &generator))
        let period = try #require(
          ["2026-01", "2026-02", "2026-03"].randomElement(using: &generator))
        said.append((author, try stage.contribute(author, #"{"period":"\#(period)"}"#)))
      }
      stage.checkOpenContributions()
      let after = stage.programme.openContributions.values.flatMap(\.returned).count
      if after < before { answered += 1 }
    }
    #expect(answered > 5, "seed \(seed) answers too few: \(answered)")
  }

  /// A record is stored again with every event that changes it.
  @Test func `cost an append what is open of its author, and the task nothing`() throws {
    var stage = try Stage()
    func changes() throws -> [StateKey: Int] {
      _ = stage.programme.takeChanges()
      _ = try stage.contribute("D2")
      return Dictionary(
        uniqueKeysWithValues: stage.programme.takeChanges().map { ($0.key, $0.value.count) })
    }
    let before = try changes()
    for _ in 0..<4 {
      let lines = (0..<100).map { _ in ("contribution.reported", Stage.march) }
      try #require(try stage.say("C1", lines) == .applied)
    }
    let after = try changes()
    #expect(after.keys.contains(StateKey(.contributions, "T1/D2")))
    #expect(!after.keys.contains { $0.kind == .task || $0.name == "T1/C1" })
    #expect(after.values.reduce(0, +) - before.values.reduce(0, +) < 32)
  }

  @Test func `leave no history behind`() throws {
    var stage = try Stage()
    func bytes() throws -> [UInt8] {
      try #require(
        try stage.programme.records().first { $0.key == StateKey(.contributions, "T1/D2") }?.value)
    }
    try stage.decide("report.accepted", stage.contribute("D2"))
    let afterOne = try bytes()
    for _ in 0..<5 { try stage.decide("report.accepted", stage.contribute("D2")) }
    try stage.decide("report.returned", stage.contribute("D2"))
    try stage.decide("report.accepted", stage.contribute("D2"))
    #expect(try bytes() == afterOne)
  }
}

extension Stage {
  static let march = #"{"percent":10,"period":"2026-03"}"#

  /// Files a contribution, and cites it.
  mutating func contribute(_ name: String, _ data: String = march) throws -> String {
    try #require(try say(name, "contribution.reported", data) == .applied)
    return cite()
  }

  /// Reviews one.
  mutating func decide(_ type: String, _ report: String) throws {
    let reason = type == "report.returned" ? #""reason":"no-substance","# : ""
    try #require(try say("SUP", type, #"{\#(reason)"report":\#(report)}"#) == .applied)
  }

  /// Holds what is open against every contribution there is.
  func checkOpenContributions() {
    let all = programme.reports.values.filter { $0.kind == .contribution }
    let open = programme.openContributions.values
    #expect(
      Set(open.flatMap(\.waiting).map(\.citation))
        == Set(all.filter { $0.status == .filed }.map(\.citation)))
    let unanswered = all.filter { report in
      report.status == .returned
        && !all.contains {
          $0.organisation == report.organisation && $0.period == report.period
            && $0.entry > report.reviews.last?.entry ?? 0
        }
    }
    #expect(Set(open.flatMap(\.returned).map(\.citation)) == Set(unanswered.map(\.citation)))
    for contributor in open {
      let entries = contributor.waiting + contributor.returned
      #expect(Set(entries.map(\.citation)).count == entries.count, "one is listed twice")
      for entry in entries {
        let report = programme.reports[entry.citation]
        #expect(report?.organisation == contributor.organisation)
        #expect(report?.task == contributor.task)
        #expect(report?.period == entry.period)
      }
    }
  }
}
