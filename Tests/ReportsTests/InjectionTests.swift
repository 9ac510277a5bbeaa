import Cryptography
import Encoding
import Ledger
import Testing
import Views

@testable import Accountability
@testable import Reports

@Suite struct `A report with a hostile title and name` {
  private static let story = Result { try FoldedLog(of: StoredLog.story().store) }

  /// The state of `Story` under another title and name of D02, whatever the ledger would say.
  private static func render(
    _ text: String, _ format: ReportFormat, _ language: ReportLanguage
  ) throws -> String {
    let folded = try story.get()
    var programme = folded.programme
    programme.charter?.titleEnglish = text
    programme.charter?.titleChinese = text
    programme.organisations.update(try #require(OrganisationID("D02"))) {
      $0.nameEnglish = text
      $0.nameChinese = text
    }
    let source = try ReportSource(
      kind: ScorecardReport.kind, programme: programme, size: folded.position.size,
      root: folded.position.root.base64, lastEntry: try #require(folded.time),
      time: try #require(Timestamp(Story.time)), voidEntries: [], format: format,
      language: language)
    let bytes = ScorecardReport(source).render()
    #expect(try ReportProvenance(foundIn: bytes) == source.provenance)
    let made = try #require(String(validating: bytes, as: UTF8.self))
    requireNothingUnseen(in: made, format)
    return made
  }

  /// Of controls only the line ends of the form itself; no bidirectional or invisible mark.
  private static func requireNothingUnseen(in text: String, _ format: ReportFormat) {
    let unseen = text.unicodeScalars.dropFirst(format == .csv ? 1 : 0).filter {
      $0 != "\n" && !(format == .csv && $0 == "\r") && TextRules.isUnseen($0)
    }
    #expect(unseen.isEmpty, "\(unseen.map { String($0.value, radix: 16) })")
  }

  static let texts = Hostile.admitted + Hostile.refused

  @Test(arguments: texts, ReportLanguage.allCases)
  func `has the markup of any other page`(_ text: String, _ language: ReportLanguage) throws {
    let page = try Self.render(text, .html, language)
    let tags = try #require(Markup.tags(of: page))
    #expect(tags == Markup.tags(of: try Self.render("Roads", .html, language)))
    #expect(!tags.contains { $0.hasPrefix("script") || $0.hasPrefix("!-") })
    #expect(page.contains("<h1><bdi>\(ReportText.html(TextRules.visible(text)))"))
  }

  @Test(arguments: texts, ReportLanguage.allCases)
  func `has no cell that a spreadsheet runs`(_ text: String, _ language: ReportLanguage) throws {
    let rows = try #require(
      Cells.rows(of: String(try Self.render(text, .csv, language).dropFirst())))
    let plain = try #require(
      Cells.rows(of: String(try Self.render("Roads", .csv, language).dropFirst())))
    #expect(rows.map(\.count) == plain.map(\.count))
    for cell in rows.joined() { #expect(!Cells.isFormula(cell), "\(cell)") }
  }

  @Test(arguments: texts, ReportLanguage.allCases)
  func `has the tables of any other Markdown`(_ text: String, _ language: ReportLanguage) throws {
    let lines = Self.lines(try Self.render(text, .markdown, language))
    let plain = Self.lines(try Self.render("Roads", .markdown, language))
    #expect(lines.map(Self.bars) == plain.map(Self.bars))
    let title = try #require(lines.first { $0.hasPrefix("# ") })
    for mark in ["<", "[", "`", "*", "_", "://", "www.", "&"] {
      for range in title.ranges(of: mark) {
        let isEscaped = title[..<range.lowerBound].last == "\\" || mark == "www."
        #expect(isEscaped, "\(title)")
      }
    }
  }

  @Test(arguments: texts, ReportLanguage.allCases)
  func `is canonical JSON that says the title`(
    _ text: String, _ language: ReportLanguage
  ) throws {
    let made = try Self.render(text, .json, language)
    let object = try #require(try CanonicalJSON.parse(Array(made.dropLast().utf8)).object)
    #expect(object.keys.first == "onus/report/v1")
    let title = try #require(object["title"]?.string)
    #expect(Array(title.utf8).starts(with: Array(TextRules.visible(text).utf8)))
  }

  /// The same through a ledger that has let it in; each text in the next form.
  @Test(arguments: Hostile.admitted.indices)
  func `is verified all the same`(_ number: Int) throws {
    let text = Hostile.admitted[number]
    let form = `A report`.forms[number % 8]
    var variation = ReportLedger.Variation()
    (variation.titleEnglish, variation.titleChinese) = (text, text)
    (variation.nameEnglish, variation.nameChinese) = (text, text)
    let ledger = try ReportLedger(variation).stored
    let bytes = try ledger.report(form.format, form.language).render()
    #expect(try ledger.verify(bytes).origin == variation.origin)
  }

  private static func lines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// How many cells end on a line.
  private static func bars(_ line: String) -> Int {
    var count = 0
    var isEscaped = false
    for scalar in line.unicodeScalars {
      if scalar == "|", !isEscaped { count += 1 }
      isEscaped = scalar == "\\" && !isEscaped
    }
    return count
  }
}

@Suite struct `Text in a report` {
  @Test func `loses nothing in a cell that is read back`() {
    for text in Hostile.admitted where !text.hasPrefix("=") {
      let cell = ReportText.csvCell("x" + text)
      #expect(ReportText.fromCSVCell(String(cell.dropFirst().dropLast())) == "x" + text)
    }
  }

  @Test func `keeps its semicolons where words follow them`() {
    #expect(ReportText.csvCell("roads; bridges;桥") == "\"roads; bridges;桥\"")
    #expect(ReportText.csvCell("a;=1") == "\"a;'=1\"")
    #expect(ReportText.csvCell(" +1") == "\"' +1\"")
    for blank in ["\u{3000}", "\u{A0}", "\u{2003}", "\u{205F}", "\u{200B}"] {
      #expect(ReportText.csvCell("\(blank)=1") == "\"'\(blank)=1\"")
    }
    #expect(ReportText.csvCell("﹦1") == "\"'﹦1\"")
  }

  @Test func `is put in more backticks than it holds`() {
    #expect(ScorecardReport.code("a`b``c") == "```a`b``c```")
    #expect(ScorecardReport.code("`") == "`` ` ``")
    #expect(ScorecardReport.code("a") == "`a`")
  }
}
