import Encoding
import FoundationEssentials
import Ledger
import Reports
import Testing
import Views

/// The example of the library's own page, run; and the page held against what was run.
@Suite struct `The page of the reports` {
  @Test func `has an example that works`() throws {
    let ledger = try StoredLog.story()
    let time = try #require(Timestamp("2024-07-15T00:00:00.000Z"))
    let folded = try FoldedLog(of: ledger.store)
    let source = try ReportSource(
      kind: ScorecardReport.kind, folded, at: time, format: .html, language: .english)
    let report = ScorecardReport(source).render()
    let size = folded.position.size
    let claimed = try ReportProvenance.verify(report, against: ledger.store, released: size)
    #expect(claimed == source.provenance)
  }

  @Test func `shows the very lines that were run`() throws {
    let file = URL(filePath: #filePath).resolvingSymlinksInPath()
    let root = file.deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page = root.appending(path: "Sources/Reports/Documentation.docc/Reports.md")
    let shown = try String(contentsOf: page, encoding: .utf8)
      .split(separator: "```swift\n").last?.split(separator: "```").first
    let run = try String(contentsOf: file, encoding: .utf8)
    let lines = try #require(shown).split(separator: "\n")
    #expect((5...14).contains(lines.count))
    for line in lines { #expect(run.contains("\n    \(line)\n"), "\(line)") }
  }
}
