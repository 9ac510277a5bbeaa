internal import Accountability
internal import ArgumentParser
internal import Cryptography
internal import Encoding
internal import Ledger
internal import SQLiteStorage
internal import TransparencyLog
internal import Views

struct Submit: ParsableCommand, Multilingual {
  static let configuration = CommandConfiguration(
    commandName: "submit",
    abstract: "Append carried submissions, and write a receipt beside each (the office).",
    discussion: """
      Every file that can be taken is taken, whatever is wrong with the others, and of each it is said \
      what became of it. Exit code: 3 if a violation came to light, else 2 if a file was refused, else \
      1 if one could not be read, still lacks a signature, or was not tried.

      Example:
        onus submit D02-2024-06.onus D03-2024-06.onus
      """)

  @Argument(
    help:
      "Carried submissions, in any order: a key's are taken in the order of its count, and one that needs another after that."
  )
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
    var submitted = files.map { SubmittedFile($0) }.sorted(by: SubmittedFile.isBefore)
    guard submitted.contains(where: \.isOpen) else { return try say(submitted, nil) }
    let folder = try LedgerFolder(place.folder, for: .readWrite)
    let office = try Office(folder, keys: place.keyFolder)
    var stop: Failure?
    do {
      try noteRepetitions(submitted, folder, office)
      try append(&submitted, office)
    } catch {
      stop = Failure(error)
    }
    try say(submitted, office, stop)
  }

  /// Appends what can be, until nothing more gets in: a file may need one of another key that is among
  /// them, and a refusal consumes nothing.
  private func append(_ submitted: inout [SubmittedFile], _ office: Office) throws {
    var options = AppendOptions()
    options.allowsMissingOpenings = withoutOpenings
    options.allowsGap = afterGap
    var hasMore = true
    while hasMore {
      let open = submitted.indices.filter { submitted[$0].isOpen }
      let batch = open.compactMap { submitted[$0].carried }
      let results = batch.isEmpty ? [] : try office.writer.append(batch, options: options)
      for (index, result) in zip(open, results) { submitted[index].result = result }
      hasMore = open.contains { !submitted[$0].isOpen }
    }
  }

  /// Says which files say what their authors said last; not of those that are in the ledger already.
  private func noteRepetitions(
    _ submitted: [SubmittedFile], _ folder: LedgerFolder, _ office: Office
  ) throws {
    let repetition = Repetition(in: folder, office.views)
    for file in submitted {
      guard let carried = file.carried, case let author = carried.submission.author,
        try office.views.entry(ofSubmission: author.n, by: author.key) == nil
      else { continue }
      let notes = try repetition.notes(
        on: carried.submission.events, by: author.key, carried.openings)
      for note in notes { Terminal.note("\(file.path): \(note)") }
    }
  }

  // MARK: Saying

  /// Says of each file what became of it, and throws the worst.
  private func say(
    _ submitted: [SubmittedFile], _ office: Office?, _ stop: Failure? = nil
  ) throws {
    var failures = stop.map { [$0] } ?? []
    var answers: [JSONValue] = []
    for file in submitted {
      var answer: JSONObject = ["file": .string(file.path)]
      do {
        try say(file, among: submitted, office, &answer)
      } catch {
        let failure = Failure(error)
        // Of what was not tried the reason is said once, for all of them.
        if file.result != nil || file.carried == nil {
          failures.append(failure.at(file.path))
        }
        answer["error"] = .string(failure.message)
        answer["hint"] = failure.hint.map { .string($0) }
      }
      answers.append(.object(answer))
    }
    if place.json {
      var answer: JSONObject = ["submissions": .array(answers)]
      answer["error"] = stop.map { .string($0.message) }
      answer["hint"] = stop?.hint.map { .string($0) }
      Answer.json(answer)
    }
    // The worst comes last, and the command ends with it.
    guard let worst = Failure.worst(of: failures) else { return }
    for (place, failure) in failures.enumerated() where place != worst && !self.place.json {
      failure.say(in: lang)
    }
    throw failures[worst]
  }

  /// Says that a file was taken, and writes its receipt; throws why it was not.
  private func say(
    _ file: SubmittedFile, among all: [SubmittedFile], _ office: Office?,
    _ answer: inout JSONObject
  ) throws {
    let carried = try file.content.get()
    switch file.result {
    case nil: throw Failure("It was not attempted.")
    case .success(let appended): try acknowledge(appended, of: file.path, &answer)
    case .failure(let rejection):
      if let earlier = file.blocker(among: all) {
        answer["refused"] = .string(Rejection.notTried.code)
        throw Failure(
          "It comes after \(earlier.path) in the count of its key, and that was not taken.",
          hint: "Submit it again when that one is.", exit: .refused)
      }
      answer["refused"] = .string(rejection.code)
      let failure = Failure(rejection)
      guard let office else { throw failure }
      throw failure.hinting(
        try SignAgainHint(carried.submission, in: file.path, office).hint(after: rejection))
    }
  }

  private func acknowledge(
    _ appended: Appended, of file: String, _ answer: inout JSONObject
  ) throws(Failure) {
    answer["entry"] = .integer(Int64(clamping: appended.index))
    answer["repeat"] = .bool(appended.isRepeat)
    let again = appended.isRepeat ? ", already there" : ""
    if !place.json {
      Terminal.standardOutput(Terminal.safe("\(file): entry \(appended.index)\(again)"))
    }
    do {
      let place = ReceiptPlace(for: file, in: receipts, appended)
      let path = try place.write()
      answer["receipt"] = .string(path)
      if !self.place.json { Terminal.standardOutput(Terminal.safe(", receipt \(path)") + "\n") }
      if path != place.first {
        Terminal.note(
          "\(place.first) is there and is no receipt of entry \(appended.index), so it was left as it is."
        )
      }
    } catch {
      if !place.json { Terminal.standardOutput("\n") }
      throw Failure(
        error.message,
        hint: error.hint
          ?? "What was appended stays; submit the same files again for their receipts.")
    }
  }
}
