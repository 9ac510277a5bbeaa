internal import Accountability
internal import ArgumentParser
internal import Cryptography
internal import Encoding
internal import Ledger
internal import Reports
internal import SQLiteStorage
internal import TransparencyLog
internal import Views

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Make a report, or make one again and compare.",
    subcommands: [ScorecardCommand.self, Verify.self])

  struct ScorecardCommand: ParsableCommand {
    static let configuration = help(
      "scorecard", "The scorecard of every unit, with the events behind each figure.",
      example: "onus report scorecard --format html --out scorecard.html --lang zh")

    @Option(help: "html, csv, json or md.", transform: Self.format) var format = ReportFormat.html
    @Option(help: "The file; else standard output.") var out: String?
    @Option(help: "The instant at which dates are judged; else that of the reading.")
    var at: String?
    @OptionGroup var read: ReadOptions

    private static func format(_ word: String) throws -> ReportFormat {
      guard let format = ReportFormat(rawValue: word) else {
        throw ValidationError("--format takes html, csv, json or md.")
      }
      return format
    }

    func run() throws {
      let reading = try Reading(read)
      let time = try at.map { try Signing.time($0) } ?? reading.time
      let source = ReportSource(
        provenance: ReportProvenance(
          kind: "scorecard", origin: reading.programme.ledger?.origin ?? "", size: reading.size,
          root: reading.root, rules: reading.programme.ledger?.rules ?? 0, time: time,
          isSimulated: reading.isSimulated, format: format,
          language: read.lang == .zh ? .chinese : .english),
        programme: reading.programme)
      let bytes = ScorecardReport(source).render()
      try Files.write(bytes, to: out ?? "-")
      if let out { Terminal.standardError("\(out): \(reading.size) entries, at \(time)\n") }
    }
  }

  struct Verify: ParsableCommand {
    static let configuration = help(
      "verify", "Make a report again from the ledger, and compare it byte for byte.",
      example: "onus report verify scorecard.html")

    @Argument(help: "The report.") var file: String
    @OptionGroup var place: LedgerOptions

    func run() throws {
      let bytes = try Files.read(file)
      let claimed = try ReportProvenance(foundIn: bytes)
      let folder = try LedgerFolder(
        place.folder, for: Files.isWritable(place.folder) ? .readWrite : .readOnly)
      let released = try folder.released().checkpoint
      guard claimed.size <= released.size else {
        throw Failure(
          "The report is from \(claimed.size) entries, and this ledger has \(released.size).",
          hint: "Verify it on a newer copy.", exit: .notChecked)
      }
      let folded = try FoldedLog(of: folder.store, size: claimed.size)
      let source = ReportSource(
        provenance: ReportProvenance(
          kind: "scorecard", origin: folded.programme.ledger?.origin ?? "", size: claimed.size,
          root: folded.position.root.base64, rules: folded.programme.ledger?.rules ?? 0,
          time: claimed.time, isSimulated: folded.programme.ledger?.clock == .simulated,
          format: claimed.format, language: claimed.language),
        programme: folded.programme)
      guard claimed.kind == "scorecard", ScorecardReport(source).render() == bytes else {
        throw Failure(
          "The report is not what \(claimed.size) entries of this ledger give.",
          hint: "Make it again with: \(source.provenance.command)", exit: .violation)
      }
      Terminal.standardOutput(
        "the same to the byte: \(claimed.size) entries of \(source.provenance.origin), at \(claimed.time)\n"
      )
    }
  }
}
