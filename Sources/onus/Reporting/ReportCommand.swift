internal import Accountability
internal import ArgumentParser
internal import Encoding
internal import Ledger
internal import Reports
internal import SQLiteStorage
internal import TransparencyLog

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Make a report, or make one again and compare.",
    subcommands: [ScorecardCommand.self, Verify.self])

  struct ScorecardCommand: ParsableCommand {
    static let configuration = help(
      "scorecard", "The scorecard of every unit, with the events behind each figure.",
      example: "onus report scorecard --format html --out scorecard.html --lang zh")

    @Option(
      help: "html, csv, json or md; else what the name of the file ends in, else html.",
      transform: Self.format)
    var format: ReportFormat?
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

    /// The format that was asked for, in words or by the name of the file.
    private func meantFormat() throws -> ReportFormat {
      if let format { return format }
      guard let out, out != "-", let ending = Self.ending(of: out) else { return .html }
      guard let meant = ReportFormat(rawValue: ending == "htm" ? "html" : ending) else {
        throw Failure(
          "\(out) is no name of an HTML, CSV, JSON or Markdown file.",
          hint: "Say --format html, csv, json or md, or name a file that ends so.", exit: .usage)
      }
      return meant
    }

    /// What the name of a file ends in; `nil` if there is no dot in it but the first of its characters.
    private static func ending(of path: String) -> String? {
      let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
      guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return nil }
      return name[name.index(after: dot)...].lowercased()
    }

    func run() throws {
      let format = try meantFormat()
      let reading = try Reading(read, isHashed: true)
      guard let last = try reading.folder.store.header(reading.size - 1)?.time else {
        throw Failure(
          "Entry \(reading.size - 1) cannot be read, and with it the time up to which to judge.",
          hint: "Run `onus audit`, which says what is wrong.")
      }
      // A clock that runs behind the ledger's judges as of the last entry.
      let time = try at.map { try Signing.time($0) } ?? max(reading.time, last)
      let source = try source(of: reading, last, at: time, format)
      try Files.write(ScorecardReport(source).render(), to: out ?? "-")
      if let out {
        Terminal.standardError("\(Terminal.safe(out)): \(reading.size.entries), at \(time)\n")
      }
    }

    private func source(
      of reading: Reading, _ last: Timestamp, at time: Timestamp, _ format: ReportFormat
    ) throws -> ReportSource {
      do {
        return try ReportSource(
          kind: ScorecardReport.kind, programme: reading.programme, size: reading.size,
          root: reading.root, lastEntry: last, time: time, voidEntries: reading.voidEntries,
          format: format, language: read.lang == .zh ? .chinese : .english)
      } catch {
        guard error.code == .badInstant else { throw error }
        // Nothing was being checked: the instant that was typed is none, or this machine's clock.
        let isTyped = at != nil || read.asOf != nil
        throw Failure(error.message, hint: error.hint, exit: isTyped ? .usage : .couldNotRun)
      }
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
      let folder = try LedgerFolder(
        place.folder, for: Files.isWritable(place.folder) ? .readWrite : .readOnly)
      let made = try ReportProvenance.verify(
        bytes, against: folder.store, released: folder.released().checkpoint.size)
      if place.json { return Answer.json(made.json) }
      Terminal.standardOutput(
        "the same to the byte: \(made.size) entries of \(made.origin), at \(made.time)\n")
    }
  }
}
