import Accountability
import Encoding
import Ledger
import Testing

@testable import Reports

@Suite struct `The events behind the figures` {
  @Test func `are all of them, with a reason that agrees`() throws {
    let report = try StoredLog.story().report(.json)
    for (row, events) in report.trails() {
      for kind in ReportFigure.allCases {
        let mine = events.filter { $0.figure == kind }
        #expect(mine.count == kind.figure(of: row).whole)
        #expect(mine.count { $0.isCounted } == kind.figure(of: row).part)
      }
    }
    let events = report.trails().flatMap(\.events)
    let good: Set<String> = [
      "closed-in-time", "not-returned", "filed-in-time", "not-corrected-late", "with-evidence",
    ]
    for event in events { #expect(good.contains(event.why.code) == event.isCounted) }
    // The story has one of each.
    let reasons = Set(events.map(\.why.code))
    #expect(
      reasons
        == good.union([
          "not-claimed", "claimed-late", "not-closed", "returned-falsified",
          "returned-evidence-missing", "returned-no-substance", "not-filed", "filed-late",
          "corrected-late", "without-evidence",
        ]))
  }

  @Test func `say which entry holds each event`() throws {
    let ledger = try StoredLog.story()
    for event in try ledger.report(.json).trails().flatMap(\.events) {
      #expect((event.citation == nil) == (event.entry == nil))
      guard let citation = event.citation, let entry = event.entry else { continue }
      let note = String(decoding: try #require(try ledger.store.entry(entry)), as: UTF8.self)
      #expect(note.contains("{\"key\":\"\(citation.key)\",\"n\":\(citation.n)}"))
      #expect(event.place == "\(entry).\(citation.event)")
    }
  }

  @Test(arguments: ReportLanguage.allCases)
  func `stand in every form`(_ language: ReportLanguage) throws {
    let ledger = try StoredLog.story()
    func text(_ format: ReportFormat) throws -> String {
      String(decoding: try ledger.report(format, language).render(), as: UTF8.self)
    }
    let (page, json) = try (text(.html), text(.json))
    let rows = try #require(Cells.rows(of: String(text(.csv).dropFirst())))
    let lines = try text(.markdown).split(separator: "\n").map(String.init)
    let report = try ledger.report(.json, language)
    var count = 0
    for (row, events) in report.trails() {
      for event in events {
        count += 1
        let cells = report.cells(event, of: row)
        #expect(rows.contains(cells))
        #expect(lines.contains("| \(cells.map(ReportText.markdown).joined(separator: " | ")) |"))
        if let citation = event.citation { #expect(json.contains("\"event\":\"\(citation)\"")) }
        if let place = event.place { #expect(page.contains("<i>\(place)</i>")) }
      }
    }
    #expect(page.ranges(of: "<span>").count >= count)
    #expect(json.ranges(of: "\"counted\":").count == count)
    #expect(count == 52)
  }

  @Test(arguments: `A report`.forms)
  func `stand beside what the report was made from`(_ form: `A report`.Form) throws {
    let ledger = try StoredLog.story()
    let report = try ledger.report(form.format, form.language)
    let from = report.source.provenance
    let text = String(decoding: report.render(), as: UTF8.self)
    for fact in [
      from.origin, String(from.size), from.root, from.time.description, from.command,
    ] {
      #expect(text.contains(fact), "\(fact)")
    }
    #expect(text.contains(form.format == .json ? "\"rankedFrom\":5" : report.method))
    #expect(from.rules == 1 && from.isSimulated)
    if let warning = report.clockWarning, form.format != .json { #expect(text.contains(warning)) }
  }

  @Test func `leave out void entries, and say so`() throws {
    let folded = try StoredLog.story().report(.markdown).source
    let source = try ReportSource(
      kind: "scorecard", programme: folded.programme, size: 35, root: folded.provenance.root,
      lastEntry: folded.provenance.time, time: folded.provenance.time, voidEntries: [12, 30],
      format: .markdown, language: .english)
    let text = String(decoding: ScorecardReport(source).render(), as: UTF8.self)
    #expect(text.contains("> Left out, because the rules do not allow them: 2 entries (12, 30)."))
  }
}
