import Encoding
import Foundation
import Testing

@testable import Reports

/// What `docs/formats/report.md` shows is what the code makes.
@Suite struct `The page on reports` {
  private static func text(_ path: String) throws -> String {
    let repository = `A report`.folder.deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: repository.appending(path: path), encoding: .utf8)
  }

  @Test func `shows the provenance of a report that there is`() throws {
    let page = try Self.text("docs/formats/report.md")
    let block = try #require(page.split(separator: "\n```provenance\n").last)
    let line = try #require(block.split(separator: "\n").first)
    let report = try Self.text("Tests/ReportsTests/Snapshots/scorecard-en.md")
    #expect(report.hasPrefix("    \(line)\n"))
    let found = try ReportProvenance(foundIn: Array(report.utf8))
    #expect(found.line == String(line))
    for member in found.json.keys { #expect(page.contains("| `\(member)` |"), "\(member)") }
  }

  @Test func `names every reason`() throws {
    let page = try Self.text("docs/formats/report.md")
    for event in try StoredLog.story().report(.json).trails().flatMap(\.events) {
      let code = event.why.code
      #expect(page.contains(code.hasPrefix("returned-") ? "`returned-`" : "`\(code)`"), "\(code)")
    }
  }
}
