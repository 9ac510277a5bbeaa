import Encoding
import Testing

@testable import Accountability

/// D1 leads, D2 supports, C1 is a territory; see `Stage`, which holds every step against a slice.
@Suite struct `Contributions in an inbox` {
  private func items(_ stage: Stage, _ name: String) throws -> [InboxItem] {
    stage.checkOpenContributions()
    return stage.programme.inbox(of: try id(name), at: stage.now).filter { $0.author != nil }
  }

  private func inbox(_ stage: Stage, _ name: String) throws -> [String] {
    try items(stage, name).map(\.sentence.english)
  }

  @Test func `wait for a reviewer, each by its author, and for nobody else`() throws {
    var stage = try Stage()
    let first = try stage.contribute("D2")
    _ = try stage.contribute("C1")
    let expected = [
      "review the contribution of C1 for 2026-03", "review the contribution of D2 for 2026-03",
    ]
    #expect(try inbox(stage, "SUP") == expected)
    #expect(try inbox(stage, "SUP2") == expected)
    for name in ["D1", "D2", "C1", "ISS", "GOV", "D9"] { #expect(try inbox(stage, name) == []) }
    let item = try #require(try items(stage, "SUP").last)
    #expect(item.sentence.chinese == "审核 D2 的 2026-03 配合进展")
    #expect(item.period == Period("2026-03"))
    #expect(item.author?.rawValue == "D2")
    #expect("\"\(try #require(item.citation))\"" == first)
    try stage.decide("report.accepted", first)
    #expect(try inbox(stage, "SUP") == ["review the contribution of C1 for 2026-03"])
    // What is reviewed late is reviewed all the same, and nothing while the task rests.
    stage.arrange { $0.state = .closed }
    #expect(try inbox(stage, "SUP").count == 1)
    stage.arrange { $0.state = .suspended }
    #expect(try inbox(stage, "SUP") == [])
  }

  @Test func `that were returned wait for their author, until it files the period again`() throws {
    var stage = try Stage()
    let first = try stage.contribute("D2")
    try stage.decide("report.returned", first)
    #expect(try inbox(stage, "D2") == ["contribute 2026-03 again: it was returned"])
    let item = try #require(try items(stage, "D2").first)
    #expect(item.sentence.chinese == "2026-03 配合进展已退回，须重新填报")
    #expect("\"\(try #require(item.citation))\"" == first)
    #expect(item.period == Period("2026-03"))
    for name in ["D1", "C1", "SUP"] { #expect(try inbox(stage, name) == []) }
    // Neither another period nor another's contribution answers it.
    _ = try stage.contribute("D2", #"{"percent":10,"period":"2026-02"}"#)
    _ = try stage.contribute("C1")
    #expect(try inbox(stage, "D2") == ["contribute 2026-03 again: it was returned"])
    _ = try stage.contribute("D2")
    #expect(try inbox(stage, "D2") == [])
    #expect(try inbox(stage, "SUP").count == 3)
  }

  @Test func `that were reviewed wait again once they are corrected`() throws {
    for decision in ["report.returned", "report.accepted"] {
      var stage = try Stage()
      let report = try stage.contribute("D2")
      try stage.decide(decision, report)
      try #require(
        try stage.say(
          "D2", "report.corrected",
          #"{"foundBy":"unit","percent":7,"reason":"x","report":\#(report)}"#) == .applied)
      #expect(try inbox(stage, "D2") == [])
      let expected = "review the contribution of D2 for 2026-03: it was corrected"
      #expect(try inbox(stage, "SUP") == [expected])
      // Corrected while it waits, it waits once.
      try #require(
        try stage.say(
          "D2", "report.corrected",
          #"{"foundBy":"unit","percent":6,"reason":"x","report":\#(report)}"#) == .applied)
      #expect(try inbox(stage, "SUP") == [expected])
      let cited = try #require(try items(stage, "SUP").first?.citation)
      #expect(Programme.reports(behind: try items(stage, "SUP")) == [.report(cited)])
    }
  }

  /// The rules let a reviewer decide on either (`docs/verifier.md`), so both are shown.
  @Test func `of one period stand beside each other`() throws {
    var stage = try Stage()
    let first = try stage.contribute("D2")
    let second = try stage.contribute("D2")
    #expect(try items(stage, "SUP").compactMap(\.citation).map { "\"\($0)\"" } == [first, second])
    try stage.decide("report.returned", second)
    try stage.decide("report.returned", first)
    #expect(try inbox(stage, "D2").count == 2)
    // One more of the period answers both.
    _ = try stage.contribute("D2")
    #expect(try inbox(stage, "D2") == [])
    #expect(try inbox(stage, "SUP").count == 1)
  }

  @Test func `filed and corrected in one submission wait once`() throws {
    var stage = try Stage()
    _ = try stage.contribute("D2")
    let next = Citation(key: stage.last.key, n: stage.last.n + 1, event: 1)
    let outcome = try stage.say(
      "D2",
      [
        ("contribution.reported", Stage.march),
        (
          "report.corrected", #"{"foundBy":"unit","percent":7,"reason":"x","report":"\#(next)"}"#
        ),
      ])
    #expect(outcome == .applied)
    #expect(try inbox(stage, "SUP").count == 2)
  }

  @Test func `wait for nobody who supports the task no more, nor for a key that may not`() throws {
    var stage = try Stage()
    let report = try stage.contribute("D2")
    try stage.decide("report.returned", report)
    var key = EnrolledKey()
    key.roles = [.lead]
    let time = stage.now
    #expect(stage.programme.inbox(of: try id("D2"), signingWith: key, at: time).isEmpty)
    stage.arrange { $0.supports = [] }
    #expect(try inbox(stage, "D2") == [])
  }
}
