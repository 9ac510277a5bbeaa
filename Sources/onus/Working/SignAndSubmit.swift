internal import Accountability
internal import ArgumentParser
internal import Cryptography
internal import Encoding
internal import Ledger
internal import SQLiteStorage
internal import TransparencyLog
internal import Views

struct Sign: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign",
    abstract: "Sign event lines into a file to be carried to the office, without a network.",
    discussion: """
      FILE holds one event a line, in canonical JSON. Every working command does the same for its own \
      event with --sign-to. Signed against the last checkpoint that this key has checked.

      Example:
        onus sign return-2024-06.jsonl --as D02 --to D02-2024-06.onus
        onus sign --again D02-2024-06.onus --to D02-2024-06b.onus --as D02
        onus sign --join enrol.onus --to enrol-both.onus --as D02 --log-key VKEY
      """)

  @Argument(help: "The event lines; - for standard input.") var file: String?
  @Option(help: "Where the signed submission goes.") var to: String
  @Option(
    help:
      "Sign this submission again, with the next number and the newest checkpoint; whoever else is to sign it does so too."
  )
  var again: String?
  @Option(help: "Add a signature to this submission, which another key has begun.")
  var join: String?
  @Option(name: .customLong("as"), help: "The organisation, or the key in full, that signs.")
  var author: String
  @Option(
    name: .customLong("with"),
    help: "A further key that must sign; as NAME+id/N if it is on another machine.")
  var cosigners: [String] = []
  @Option(help: "The time, for a ledger with a simulated clock.") var at: String?
  @Option(help: "The number to sign with, where the office refused one and says which is next.")
  var number: UInt64?
  @Option(help: "The log's verifier key, where the key signs for several ledgers.")
  var logKey: String?
  @OptionGroup var place: LedgerOptions

  func run() throws {
    var options = WriteOptions()
    options.place = place
    options.author = author
    options.cosigners = cosigners
    options.at = at
    options.signTo = to
    options.receipt = nil
    options.logKey = logKey
    options.lang = .en
    let vkey = try options.signer(author)
    if let join {
      guard file == nil, again == nil, cosigners.isEmpty, at == nil else {
        throw Failure("--join takes nothing but --to, --as, --number and --log-key.", exit: .usage)
      }
      return try Signing(options).join(join, as: vkey, number: number)
    }
    guard number.map((1...UInt64(Limits.number)).contains) ?? true else {
      throw Failure("--number takes a number from 1.", exit: .usage)
    }
    var draft = Draft(author: vkey.keyName)
    switch (file, again) {
    case (let file?, nil): draft.add(try Self.events(in: file))
    case (nil, let again?): return try sign(again, as: vkey, options)
    default:
      throw Failure("Name a file of event lines, or --again FILE, or --join FILE.", exit: .usage)
    }
    try Signing(options).finish(
      draft, author: vkey, numbers: number.map { [vkey.keyName: $0] } ?? [:])
  }

  static func events(in file: String) throws -> [Event] {
    let bytes = try Files.read(file, limit: Limits.submissionByteCount)
    var events: [Event] = []
    for (number, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
      do {
        events.append(try Event(try CanonicalJSON.parse(line)))
      } catch {
        let failure = Failure(error)
        throw Failure(
          "\(file), line \(number + 1): \(failure.message)", hint: failure.hint)
      }
    }
    guard (1...Limits.eventCount).contains(events.count) else {
      throw Failure(
        "\(file) holds \(events.count) events; a submission has 1 to \(Limits.eventCount).")
    }
    return events
  }
}

struct Submit: ParsableCommand, Multilingual {
  static let configuration = help(
    "submit", "Append carried submissions, and write a receipt beside each (the office).",
    example: "onus submit D02-2024-06.onus D03-2024-06.onus")

  @Argument(help: "Carried submissions; a key's are taken in the order of its count.")
  var files: [String]
  @Option(help: "The folder for receipts; else beside each file.") var receipts: String?
  @Flag(help: "Take submissions whose sealed texts were not brought along.")
  var withoutOpenings = false
  @Flag(help: "The clock is right although the last entry is more than 60 days old.")
  var afterGap = false
  @Option(help: "The language in which a rule that refuses is named: en or zh.")
  var lang: Language = .en
  @OptionGroup var place: LedgerOptions

  var language: Language { lang }

  func run() throws {
    let carried = try files.map { file in
      let bytes = try Files.read(file, limit: Limits.carriedByteCount)
      do {
        try Self.requireFinished(bytes, file)
        return (file: file, carried: try CarriedSubmission(bytes))
      } catch {
        let failure = Failure(error)
        throw Failure("\(file): \(failure.message)", hint: failure.hint)
      }
    }.sorted { left, right in
      let (left, right) = (left.carried.submission.author, right.carried.submission.author)
      return left.key == right.key ? left.n < right.n : left.key < right.key
    }
    let office = try Office(try LedgerFolder(place.folder, for: .readWrite), keys: place.keyFolder)
    var options = AppendOptions()
    options.allowsMissingOpenings = withoutOpenings
    options.allowsGap = afterGap
    options.stopsAtRejection = true
    let results = try office.writer.append(carried.map(\.carried), options: options)
    var failures: [Failure] = []
    var answers: [JSONValue] = []
    for (item, result) in zip(carried, results) {
      var answer: JSONObject = ["file": .string(item.file)]
      do {
        try self.answer(result, for: item.file, &answer)
      } catch {
        var hint = error.hint
        if case .failure(let rejection) = result {
          hint = try SignAgainHint(item.carried.submission, in: item.file, office)
            .hint(after: rejection)
        }
        failures.append(error.hinting(hint).at(item.file))
        answer["error"] = .string(error.message)
        answer["hint"] = hint.map { .string($0) }
      }
      answers.append(.object(answer))
    }
    if place.json { Answer.json(["submissions": .array(answers)]) }
    // The refusal comes last, with its hint; of the rest a line each.
    let last = failures.firstIndex { $0.exit == .refused } ?? 0
    for (index, failure) in failures.enumerated() where index != last {
      Terminal.standardError("\(Terminal.safe(failure.message))\n")
    }
    if !failures.isEmpty { throw failures[last] }
  }

  /// Says who is missing, if not everybody has signed.
  private static func requireFinished(_ bytes: [UInt8], _ file: String) throws {
    guard bytes.starts(with: UnfinishedSubmission.magic.utf8) else { return }
    let missing = try UnfinishedSubmission(bytes).missing.map(\.key.description)
    throw Failure(
      "The signature of \(missing.joined(separator: " and of ")) is missing.",
      hint:
        "Whoever holds that key signs it: `onus sign --join \(ShellWord.quoted(file)) --to FILE --as \(missing.first ?? "KEY")`."
    )
  }

  /// Says what became of a file, and writes its receipt.
  private func answer(
    _ result: Result<Appended, Rejection>, for file: String, _ answer: inout JSONObject
  ) throws(Failure) {
    let appended: Appended
    do {
      appended = try result.get()
    } catch {
      answer["refused"] = .string(error.code)
      throw Failure(error)
    }
    answer["entry"] = .integer(Int64(clamping: appended.index))
    answer["repeat"] = .bool(appended.isRepeat)
    let again = appended.isRepeat ? ", already there" : ""
    if !place.json {
      Terminal.standardOutput(Terminal.safe("\(file): entry \(appended.index)\(again)"))
    }
    do {
      let path = try receiptPath(for: file)
      try Files.write(appended.receipt.bytes, toDerived: path)
      answer["receipt"] = .string(path)
      if !place.json { Terminal.standardOutput(Terminal.safe(", receipt \(path)") + "\n") }
    } catch {
      if !place.json { Terminal.standardOutput("\n") }
      throw Failure(
        error.message,
        hint: "What was appended stays; submit the same files again for their receipts.")
    }
  }

  private func receiptPath(for file: String) throws(Failure) -> String {
    guard let receipts else { return "\(file).receipt" }
    try Files.makeFolder(receipts)
    let name = file.split(separator: "/").last.map(String.init) ?? "submission"
    return "\(receipts)/\(name).receipt"
  }
}
