internal import Accountability
internal import ArgumentParser
internal import Cryptography
internal import Encoding
internal import Ledger
internal import SQLiteStorage
internal import TransparencyLog

struct ReceiptCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "receipt", abstract: "Check receipts.", subcommands: [Check.self])

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "check", abstract: "Check offline that a submission stands in the log.",
      discussion: """
        Of one receipt, name what it is for and the receipt. Of everything that a department ever \
        got a receipt for, name the folder with --all, and with --against the export or the ledger \
        that it is given today: each FILE.receipt is for FILE.receipt.note or for FILE, beside it or \
        in the folder of --submissions.

        Example:
          onus receipt check D02-2024-06.onus D02-2024-06.onus.receipt --log-key VKEY
          onus receipt check --all receipts --against /media/stick/beihe --log-key VKEY
        """)

    @Argument(help: "The signed submission: what was carried, or the note beside a receipt.")
    var submission: String?
    @Argument(help: "The receipt.") var receipt: String?
    @Option(help: "Check every receipt in this folder.") var all: String?
    @Option(help: "With --all, the export, its address, or the ledger to hold them against.")
    var against: String?
    @OptionGroup var fetching: FetchOptions
    @Option(help: "The log's verifier key.") var logKey: String
    @Option(
      name: .customLong("as"), help: "The organisation, or key in full, that then signs against it."
    )
    var author: String?
    @Option(help: "With --all, a further folder that the signed submissions are in.")
    var submissions: String?
    @OptionGroup var place: LedgerOptions

    func run() throws {
      let vkey = try VerifierKey(typed: logKey)
      switch (all, against, submission, receipt) {
      case (let folder?, let path?, nil, nil):
        return try checkAll(in: folder, against: path, vkey)
      case (nil, nil, let submission?, let receipt?):
        try check(submission, receipt, vkey)
      default:
        throw Failure(
          "Name a submission and its receipt, or a folder with --all and a log with --against.",
          exit: .usage)
      }
    }

    private func check(_ submission: String, _ receipt: String, _ vkey: VerifierKey) throws {
      let note = try Self.note(in: submission)
      let bytes = try Files.read(receipt, limit: Receipt.maximumByteCount)
      try FileKind.require(.receipt, as: "a receipt", in: receipt, bytes)
      let receipt = try Receipt(bytes)
      let entry: Entry
      do {
        entry = try receipt.check(note: note, logKey: vkey)
      } catch {
        let failure = Failure(error)
        throw Failure(failure.message, hint: failure.hint, exit: .violation)
      }
      if let author { try remember(receipt, entry, author) }
      if place.json {
        Answer.json([
          "entry": .integer(Int64(clamping: entry.index)), "time": .string(entry.time.description),
          "size": .integer(Int64(clamping: receipt.checkpoint.checkpoint.size)),
        ])
      } else {
        Terminal.standardOutput(
          "sound: entry \(entry.index) of \(receipt.checkpoint.checkpoint.origin), recorded \(entry.time), in a log of \(receipt.checkpoint.checkpoint.size.entries)\n"
        )
      }
    }

    /// The signed submission that the file holds, alone or with what it seals.
    static func note(in submission: String) throws -> [UInt8] {
      let bytes = try Files.read(submission)
      try FileKind.require(.carried, .note, as: "a signed submission", in: submission, bytes)
      do {
        guard FileKind.carried.begins(bytes) else {
          return try Submission(bytes).bytes
        }
        return try CarriedSubmission(bytes).submission.bytes
      } catch {
        throw Failure(
          "\(submission) holds no signed submission: \(Failure(error).message)",
          hint: "Name the file that was signed; `onus prove ENTRY --note FILE` writes it again.")
      }
    }

    /// Keeps the count, and the checkpoint to sign against if the receipt proves that it extends the
    /// one the key remembers: it does so for what was seen when signing, and for the entry's own root.
    private func remember(_ receipt: Receipt, _ entry: Entry, _ author: String) throws {
      let keys = place.keyFolder
      let signed = entry.submission.by.map(\.key)
      let name = try keys.key(author) { signed.contains($0.keyName) ? 1 : 0 }.keyName
      guard let signer = entry.submission.by.first(where: { $0.key == name }) else {
        throw Failure("\(name) did not sign this submission.")
      }
      var memory = try KeyMemory(name, of: try VerifierKey(typed: logKey), in: keys)
      memory.count = max(memory.count, signer.n)
      let new = receipt.checkpoint.checkpoint
      if let old = memory.checkpoint?.checkpoint {
        guard old.size != new.size || old.root == new.root else {
          throw Failure(
            "The log has signed two histories of \(new.size) entries: this key remembers another.",
            hint: "Keep both: the receipt and the key's memory prove it.", exit: .violation)
        }
        let seen = entry.submission.seen
        let isProven =
          old.size == seen.size && old.root == seen.root
          || old.size == entry.index && old.root == entry.root
        if isProven { memory.checkpoint = receipt.checkpoint }
      } else {
        memory.checkpoint = receipt.checkpoint
      }
      try memory.save(in: keys)
    }
  }
}
