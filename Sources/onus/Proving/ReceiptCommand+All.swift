internal import ArgumentParser
internal import Cryptography
internal import Encoding
internal import Ledger
internal import SQLiteStorage
internal import TransparencyLog

extension ReceiptCommand.Check {
  /// One receipt of a folder, and what became of its entry.
  private struct Row {
    var receipt: String
    var entry: UInt64?
    var word: String
    var sentence = ""
    var exit = Exit.sound
  }

  /// Holds every receipt of a folder against a ledger or an export.
  func checkAll(in folder: String, against path: String, _ logKey: VerifierKey) throws {
    let copy = try LedgerCopy(path, fetching)
    defer { copy.close() }
    let log = try HeldLog(copy.source, logKey: logKey)
    // Whatever bears the name is listed, be it a pipe or a link that leads nowhere: what is passed over
    // in silence would count as checked.
    let names = try Files.list(folder).filter { $0.lowercased().hasSuffix(".receipt") }
    guard !names.isEmpty else {
      throw Failure(
        "There are no receipts in \(folder).",
        hint: "Their names end in .receipt, and each lies beside what it is for.",
        exit: .notChecked)
    }
    let folders = [folder] + (submissions.map { [$0] } ?? [])
    let rows = names.map { row($0, folders, log) }
    if place.json {
      Answer.json([
        "size": .integer(Int64(clamping: log.size)),
        "receipts": .array(
          rows.map { row in
            var object: JSONObject = [
              "receipt": .string(row.receipt), "verdict": .string(row.word),
            ]
            object["entry"] = row.entry.map { .integer(Int64(clamping: $0)) }
            if !row.sentence.isEmpty { object["sentence"] = .string(row.sentence) }
            return .object(object)
          }),
      ])
    } else {
      Answer.table(
        rows.filter { $0.exit != .sound }.map { row in
          [row.word, row.entry.map { "entry \($0)" } ?? "", row.receipt, row.sentence]
        })
      let there = rows.count { $0.exit == .sound }
      Terminal.standardOutput(
        "\(there) of \(rows.count) receipts: what they are for is in the log of \(log.size.entries)\n"
      )
      let unchecked = rows.count { $0.exit == .notChecked }
      if unchecked > 0 {
        Terminal.standardError(
          "onus: \(unchecked) of \(rows.count) receipts could not be checked, and a check that was not made is not passed.\n"
        )
      }
    }
    if rows.contains(where: { $0.exit == .violation }) { throw ExitCode(Exit.violation.rawValue) }
    if rows.contains(where: { $0.exit != .sound }) { throw ExitCode(Exit.notChecked.rawValue) }
  }

  /// - Parameter folders: The folder of the receipts, and others where submissions can be.
  private func row(_ name: String, _ folders: [String], _ log: HeldLog) -> Row {
    var row = Row(receipt: name, word: "unchecked")
    do {
      let receipt = try Receipt(
        try Files.read("\(folders[0])/\(name)", limit: Receipt.maximumByteCount))
      row.entry = receipt.index
      let names = ["\(name).note", String(name.dropLast(".receipt".count))]
      let files = folders.flatMap { folder in names.map { "\(folder)/\($0)" } }
      guard let file = files.first(where: { Ledger.Files.isRegular($0) }) else {
        throw Failure("What it is for, \(names[0]) or \(names[1]), is not here.")
      }
      let verdict = try log.verdict(on: receipt, note: try Self.note(in: file))
      (row.word, row.sentence) = Self.words(verdict, receipt, log)
      row.exit = verdict == .there ? .sound : .violation
    } catch let error as LedgerError where [.damaged, .wrongReceipt].contains(error.code) {
      row.word = error.code == .damaged ? "DAMAGED" : "WRONG"
      row.sentence = error.message
      row.exit = .violation
    } catch {
      let failure = Failure(error)
      row.sentence = failure.message
      row.exit = .notChecked
    }
    return row
  }

  private static func words(
    _ verdict: HeldLog.Verdict, _ receipt: Receipt, _ log: HeldLog
  ) -> (word: String, sentence: String) {
    let size = receipt.checkpoint.checkpoint.size
    return switch verdict {
    case .there: ("there", "")
    case .missing:
      ("MISSING", "The log has \(log.size.entries): it is an old copy, or was rolled back.")
    case .replaced: ("REPLACED", "Another entry stands in its place.")
    case .forked:
      (
        "FORKED",
        "The log key signed another history of \(size.entries): prove it with `onus equivocation`."
      )
    }
  }
}
