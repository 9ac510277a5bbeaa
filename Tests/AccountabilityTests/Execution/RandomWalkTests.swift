import Encoding
import Testing

@testable import Accountability

@Suite struct `Any sequence of events` {
  /// Who says what, about a cited event where one is wanted.
  private static let lines: [(String, String, @Sendable (String) -> String)] = [
    ("D1", "progress.reported", { _ in #"{"percent":40,"period":"2026-03"}"# }),
    ("D1", "progress.reported", { #"{"evidence":[\#($0)],"percent":45,"period":"2026-02"}"# }),
    ("D2", "contribution.reported", { _ in #"{"period":"2026-03"}"# }),
    ("D2", "contribution.reported", { _ in #"{"percent":5,"period":"2026-02"}"# }),
    ("C1", "contribution.reported", { _ in #"{"percent":9,"period":"2026-03"}"# }),
    (
      "D2", "report.corrected",
      { #"{"foundBy":"unit","percent":7,"reason":"x","report":\#($0)}"# }
    ),
    (
      "D2", "report.corrected",
      { #"{"foundBy":"unit","percent":8,"reason":"x","report":\#($0)}"# }
    ),
    ("D1", "milestone.reached", { _ in #"{"milestone":"M1"}"# }),
    ("D1", "milestone.reached", { #"{"evidence":[\#($0)],"milestone":"M2"}"# }),
    ("D1", "evidence.attached", { _ in `Attaching evidence`.piece("2026-03-10") }),
    (
      "D1", "report.corrected",
      { #"{"foundBy":"unit","percent":7,"reason":"x","report":\#($0)}"# }
    ),
    (
      "D1", "report.corrected",
      { #"{"foundBy":"auditor","reason":"x","report":\#($0),"values":{"I1":"3"}}"# }
    ),
    (
      "D1", "report.corrected",
      { #"{"evidence":["D1+00000006/1.1"],"foundBy":"unit","reason":"x","report":\#($0)}"# }
    ),
    ("SUP", "report.accepted", { #"{"report":\#($0)}"# }),
    ("SUP", "report.returned", { #"{"reason":"wrong-basis","report":\#($0)}"# }),
    ("SUP", "milestone.accepted", { _ in #"{"milestone":"M1"}"# }),
    ("SUP", "milestone.rejected", { _ in #"{"milestone":"M1","reason":"no-substance"}"# }),
    ("SUP", "milestone.waived", { _ in #"{"milestone":"M2","reason":"x"}"# }),
    ("D1", "completion.claimed", { _ in "{}" }),
    ("D1", "completion.claimed", { #"{"evidence":[\#($0)],"values":{"I1":"9"}}"# }),
    ("SUP", "completion.accepted", { #"{"claim":\#($0)}"# }),
    ("SUP2", "completion.returned", { #"{"claim":\#($0),"reason":"falsified"}"# }),
    ("SUP", "task.closed", { _ in #"{"criterion":"met"}"# }),
    ("SUP", "task.reopened", { _ in #"{"reason":"x"}"# }),
    ("D1", "extension.requested", { _ in #"{"reason":"x","to":"2026-12-31"}"# }),
    ("ISS", "extension.granted", { #"{"request":\#($0),"to":"2026-11-30"}"# }),
    ("ISS", "extension.refused", { #"{"reason":"x","request":\#($0)}"# }),
    ("ISS", "deadline.set", { _ in #"{"due":"2026-10-31","reason":"x"}"# }),
    ("SUP", "urge.issued", { _ in #"{"answerBy":"2026-12-31","level":"note"}"# }),
    ("GOV", "task.suspended", { _ in #"{"order":"1"}"# }),
    ("GOV", "task.resumed", { _ in #"{"order":"2"}"# }),
  ]

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func `is judged alike by the whole and by slices, and keeps its counts`(seed: UInt64) throws {
    var generator = SeededGenerator(state: seed)
    var stage = try Stage()
    var said: [(type: String, citation: String)] = []
    var applied: Set<String> = []
    for _ in 0..<150 {
      let chosen = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
        Int.random(in: 0..<Self.lines.count, using: &generator)
      }
      let (who, _, _) = Self.lines[chosen[0]]
      let lines = chosen.filter { Self.lines[$0].0 == who }.map { number in
        let (_, type, data) = Self.lines[number]
        let wanted = who == "D2" ? ["contribution.reported"] : Self.cited(by: type)
        let fitting = said.filter { wanted.contains($0.type) }
        let cited =
          fitting.suffix(3).randomElement(using: &generator)?.citation ?? #""D1+00000006/1.1""#
        return (type, data(cited))
      }
      let seen = stage.index - UInt64.random(in: 0...2, using: &generator) / 2
      stage.now = stage.now.adding(milliseconds: 3_600_000)
      let before = try stage.programme.records().map(\.value)
      if try stage.say(who, lines, seen: max(seen, 100)) == .applied {
        for (place, line) in lines.enumerated() {
          said.append((line.0, stage.cite(event: place + 1)))
          applied.insert(line.0)
        }
        Self.checkCounts(of: stage)
        stage.checkOpenContributions()
      } else {
        // Nothing of a void entry stays but the count of its key.
        let after = try stage.programme.records()
        let changed = zip(before, after).filter { $0.0 != $0.1.value }.map(\.1.key.kind)
        #expect(changed.allSatisfy { $0 == .key }, "seed \(seed)")
      }
    }
    #expect(applied.count > 8, "seed \(seed) got no further than \(applied.sorted())")
  }

  private static func cited(by type: String) -> [String] {
    switch type {
    case "progress.reported", "milestone.reached", "completion.claimed": ["evidence.attached"]
    case "report.accepted", "report.returned": ["progress.reported", "contribution.reported"]
    case "completion.accepted", "completion.returned": ["completion.claimed"]
    case "extension.granted", "extension.refused": ["extension.requested"]
    default: ["progress.reported", "milestone.reached", "completion.claimed"]
    }
  }

  private static func checkCounts(of stage: Stage) {
    let task = stage.task
    let reports = stage.programme.reports.values
    let reviews = reports.flatMap(\.reviews)
    #expect(task.reviewedCount == reviews.count)
    #expect(task.returnedCount == reviews.count { $0.reason != nil })
    #expect(task.falsifiedCount == reviews.count { $0.reason == .falsified })
    #expect(task.correctionCount == reports.reduce(0) { $0 + $1.corrections.count })
    #expect(task.round == task.pastRounds.count + 1)
    #expect(task.periods.map(\.period) == task.periods.map(\.period).sorted())
    #expect(
      (task.state == .claimed || task.state == .completed) == (stage.claimStatus != nil)
        || task.state == .closed || task.state == .suspended)
    for row in task.periods {
      #expect(stage.programme.reports[row.citation]?.status == row.status)
      #expect(stage.programme.reports[row.citation]?.percent == row.percent)
    }
  }
}

extension Stage {
  fileprivate var claimStatus: Report.Status? {
    task.claim.flatMap { programme.reports[$0]?.status }
  }
}
