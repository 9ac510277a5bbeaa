internal import Accountability
internal import ArgumentParser
internal import Cryptography
internal import Encoding
internal import Ledger
internal import SQLiteStorage
internal import TransparencyLog
internal import Views

struct Show: ParsableCommand {
  static let configuration = help(
    "show",
    "One entry, or one event of it, as it stands in the log, with the sealed texts that can be opened.",
    example: "onus show 412\n  onus show 412.2")

  @Argument(
    help: "The entry's index; or one event, as ENTRY.EVENT or in full as KEY/NUMBER.EVENT.")
  var entry: String
  @Flag(help: "The exact bytes of the entry.") var raw = false
  @Option(help: "The language of headings: en or zh.") var lang: Language = .en
  @OptionGroup var place: LedgerOptions

  func run() throws {
    let (entry, number) = try wanted()
    guard !raw || number == nil else {
      throw Failure(
        "--raw prints a whole entry, and \(Terminal.safe(self.entry)) is an event of one.",
        hint: "Name the entry alone: `onus show \(entry) --raw`.", exit: .usage)
    }
    let folder = try LedgerFolder(place.folder, for: .readOnly)
    let size = try folder.released().checkpoint.size
    // What is not released yet may still be gone after a crash: nobody is shown it.
    guard entry < size, let leaf = try folder.store.entry(entry) else {
      throw Failure("The ledger has no entry \(entry): it has \(size), counted from 0.")
    }
    if raw { return Terminal.standardOutput(leaf) }
    let found = try Entry(leaf)
    // Says which there are, if there is none of that number.
    if let number { _ = try folder.citation(of: number, in: entry) }
    let events = Array(found.submission.events.enumerated()).filter {
      number == nil || $0.offset + 1 == number
    }
    if place.json {
      var answer = json(found)
      answer["events"] = .array(events.map(\.element.json))
      answer["event"] = number.map { .integer(Int64($0)) }
      return Answer.json(answer)
    }
    printHead(found)
    for (place, event) in events {
      let text = String(decoding: CanonicalJSON.write(event.json), as: UTF8.self)
      Terminal.standardOutput("\n\(found.index).\(place + 1)  \(Terminal.safe(text))\n")
      for seal in event.seals {
        try printSealed(seal, by: found.submission.author.key, folder)
      }
    }
    if try folder.clock() == .simulated { Terminal.standardOutput(lang.simulatedClock) }
  }

  /// The entry that was typed, and the event of it if one was.
  private func wanted() throws -> (entry: UInt64, event: Int?) {
    if let citation = Citation(entry) {
      let folder = try LedgerFolder(place.folder, for: .readWrite)
      guard let index = try folder.views().entry(ofSubmission: citation.n, by: citation.key) else {
        throw Failure(
          "The ledger holds no submission number \(citation.n) of \(citation.key).",
          hint: "`onus log` lists what it holds.")
      }
      return (index, citation.event)
    }
    let parts = entry.split(separator: ".", omittingEmptySubsequences: false)
    let numbers = parts.map { part in
      Digits.number(Array(part.utf8)[...], atMost: UInt64(Limits.number))
    }
    switch (numbers.count, numbers.first ?? nil, numbers.last ?? nil) {
    case (1, let index?, _): return (index, nil)
    case (2, let index?, let event?): return (index, Int(event))
    default:
      throw Failure(
        "\(TextRules.quoted(entry)) is neither an entry nor an event.",
        hint:
          "Name an entry as 412, or an event as 412.2, as `onus log` lists it, or in full as KEY/NUMBER.EVENT.",
        exit: .usage)
    }
  }

  private func json(_ entry: Entry) -> JSONObject {
    [
      "index": .integer(Int64(clamping: entry.index)), "time": .string(entry.time.description),
      "at": .string(entry.submission.at.description),
      "by": .array(entry.submission.by.map { .string("\($0.key)/\($0.n)") }),
      "seen": .integer(Int64(clamping: entry.submission.seen.size)),
    ]
  }

  private func printHead(_ entry: Entry) {
    let submission = entry.submission
    let isChinese = lang == .zh
    let seen = submission.seen.size
    Answer.table([
      [isChinese ? "条目" : "entry", "\(entry.index)"],
      [isChinese ? "记录时间" : "recorded", entry.time.description],
      [isChinese ? "签署时间" : "signed", submission.at.description],
      [
        isChinese ? "签署" : "by",
        submission.by.map { "\($0.key)/\($0.n)" }.joined(separator: " "),
      ],
      [isChinese ? "签署时已见" : "having seen", isChinese ? "\(seen) 条目" : seen.entries],
    ])
  }

  private func printSealed(_ seal: Seal, by author: KeyName, _ folder: LedgerFolder) throws {
    guard let stored = try folder.store.opening(seal.commitment) else {
      return Terminal.standardOutput(
        lang == .zh ? "  已密封，此处无法启封\n" : "  sealed, not opened here\n")
    }
    guard (try? seal.check(stored.opening, by: author)) != nil else {
      return Terminal.standardOutput(
        lang == .zh
          ? "  已密封，此处所存内容与封存时不一致\n" : "  sealed, and what is stored here is not what was sealed\n")
    }
    if let text = stored.opening.text {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      for line in lines { Terminal.standardOutput("  | \(Terminal.safe(String(line)))\n") }
    } else {
      let size = seal.size ?? 0
      Terminal.standardOutput(
        lang == .zh
          ? "  已密封 \(seal.media)，\(size) 字节\n" : "  sealed \(seal.media), \(size) bytes\n")
    }
  }
}
