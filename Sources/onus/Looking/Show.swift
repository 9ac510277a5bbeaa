internal import Accountability
internal import ArgumentParser
internal import Cryptography
internal import Encoding
internal import Ledger
internal import SQLiteStorage
internal import TransparencyLog

struct Show: ParsableCommand {
  static let configuration = help(
    "show", "One entry as it stands in the log, and the sealed texts that can be opened.",
    example: "onus show 412")

  @Argument(help: "The entry's index.") var entry: UInt64
  @Flag(help: "The exact bytes of the entry.") var raw = false
  @Option(help: "The language of headings: en or zh.") var lang: Language = .en
  @OptionGroup var place: LedgerOptions

  func run() throws {
    let folder = try LedgerFolder(place.folder, for: .readOnly)
    let size = try folder.released().checkpoint.size
    // What is not released yet may still be gone after a crash: nobody is shown it.
    guard entry < size, let leaf = try folder.store.entry(entry) else {
      throw Failure("The ledger has no entry \(entry): it has \(size), counted from 0.")
    }
    if raw { return Terminal.standardOutput(leaf) }
    let entry = try Entry(leaf)
    if place.json {
      Answer.json([
        "index": .integer(Int64(clamping: entry.index)), "time": .string(entry.time.description),
        "at": .string(entry.submission.at.description),
        "by": .array(entry.submission.by.map { .string("\($0.key)/\($0.n)") }),
        "seen": .integer(Int64(clamping: entry.submission.seen.size)),
        "events": .array(entry.submission.events.map(\.json)),
      ])
      return
    }
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
    for (number, event) in submission.events.enumerated() {
      let text = String(decoding: CanonicalJSON.write(event.json), as: UTF8.self)
      Terminal.standardOutput("\n\(entry.index).\(number + 1)  \(Terminal.safe(text))\n")
      for seal in event.seals { try printSealed(seal, by: submission.author.key, folder) }
    }
    if try folder.clock() == .simulated { Terminal.standardOutput(lang.simulatedClock) }
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
