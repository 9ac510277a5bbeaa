import Encoding
import FoundationEssentials
import Reports
import Testing

/// The reports of `Story`, kept beside the tests to the byte.
///
/// `ONUS_RECORD_SNAPSHOTS=1 swift test --filter ReportsTests` writes them anew and fails, so that a
/// recording run is never taken for a passing one.
@Suite struct `A report` {
  static let folder = URL(filePath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "Snapshots")

  static let forms = ReportFormat.allCases.flatMap { format in
    ReportLanguage.allCases.map { Form(format: format, language: $0) }
  }

  struct Form: CustomTestStringConvertible {
    let format: ReportFormat
    let language: ReportLanguage
    var file: String { "scorecard-\(language.rawValue).\(format.rawValue)" }
    var testDescription: String { file }
  }

  @Test(arguments: forms) func `is what it was`(_ form: Form) throws {
    let made = try StoredLog.story().report(form.format, form.language).render()
    let file = Self.folder.appending(path: form.file)
    if ProcessInfo.processInfo.environment["ONUS_RECORD_SNAPSHOTS"] != nil {
      try Data(made).write(to: file)
      Issue.record("\(form.file) was recorded; look at it, and run again without recording.")
      return
    }
    let kept = [UInt8](try Data(contentsOf: file))
    // The bytes are compared outside the expectation, which would print all of them.
    let isSame = made == kept
    #expect(isSame, "\(form.file) changed:\n\(Self.difference(from: kept, to: made))")
  }

  @Test func `has a snapshot in each form and language, and there are no others`() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path())
    #expect(names.sorted() == Self.forms.map(\.file).sorted())
    #expect(names.count == 8)
  }

  @Test func `that differs says in which lines`() {
    let change = Self.difference(from: Array("a\nb\nc\n".utf8), to: Array("a\nB\nc\n".utf8))
    #expect(change == "line 2\n- b\n+ B\n")
  }

  @Test(arguments: forms) func `is the same from a ledger made anew`(_ form: Form) throws {
    let one = try StoredLog.story().report(form.format, form.language).render()
    let other = try ReportLedger().stored.report(form.format, form.language).render()
    #expect(one == other)
  }

  @Test(arguments: forms) func `is the same from a ledger that has grown`(_ form: Form) throws {
    let ledger = try ReportLedger()
    let before = try ledger.stored.report(form.format, form.language).render()
    let size = try ledger.stored.size
    try ledger.say(
      "2024-07-20T00:00:00.000", ["D03"],
      [ledger.event("progress.reported", "T7", #"{"percent":9,"period":"2024-Q2"}"#)])
    #expect(try ledger.stored.size == size + 1)
    #expect(try ledger.stored.report(form.format, form.language, size: size).render() == before)
    let later = try ledger.stored.report(form.format, form.language, at: "2024-07-21T00:00:00.000Z")
    #expect(later.render() != before)
    #expect(try ledger.stored.verify(before).size == size)
  }

  @Test(arguments: forms) func `is the same from views, kept or rebuilt`(_ form: Form) throws {
    let ledger = try ReportLedger()
    let expected = try ledger.stored.report(form.format, form.language).render()
    #expect(try ledger.reportFromViews(form.format, form.language) == expected)
  }

  /// The first lines that differ, the kept one with `-` and the made one with `+`.
  static func difference(from kept: [UInt8], to made: [UInt8]) -> String {
    let old = lines(kept)
    let new = lines(made)
    var text = ""
    var shown = 0
    for place in 0..<max(old.count, new.count) {
      let before = place < old.count ? old[place] : nil
      let after = place < new.count ? new[place] : nil
      if before == after { continue }
      shown += 1
      if shown > 10 { return text + "…\n" }
      text += "line \(place + 1)\n"
      if let before { text += "- \(before)\n" }
      if let after { text += "+ \(after)\n" }
    }
    return text
  }

  private static func lines(_ bytes: [UInt8]) -> [String] {
    bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map {
      String(decoding: $0, as: UTF8.self)
    }
  }
}
