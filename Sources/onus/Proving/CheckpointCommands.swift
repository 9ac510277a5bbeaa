internal import Accountability
internal import ArgumentParser
internal import Cryptography
internal import Encoding
internal import Ledger
internal import SQLiteStorage
internal import TransparencyLog

struct CheckpointCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "checkpoint",
    abstract: "Print the newest checkpoint, or take one to sign against.",
    discussion: """
      Example:
        onus checkpoint > newest.checkpoint
        onus checkpoint --since 412 > newer.proof
        onus checkpoint --take newest.checkpoint --log-key VKEY --as D02
      """)

  @Option(help: "Put a proof before it that it extends the log of this size.") var since: UInt64?
  @Option(help: "Remember the checkpoint in this file, after checking it.") var take: String?
  @Option(help: "The log's verifier key, which you were given when you joined.") var logKey: String?
  @Option(name: .customLong("as"), help: "The organisation, or the key in full, that remembers.")
  var author: String?
  @OptionGroup var place: LedgerOptions

  func run() throws {
    if let take { return try remember(take) }
    let folder = try LedgerFolder(place.folder, for: .readOnly)
    let signed = try folder.released()
    var proof: ConsistencyProof?
    if let since {
      guard (1...signed.checkpoint.size).contains(since) else {
        throw Failure(
          "The log has \(signed.checkpoint.size) entries, so no proof begins at \(since).")
      }
      proof = try ConsistencyProof.make(
        oldSize: since, newSize: signed.checkpoint.size, from: StoreTiles(folder.store))
    }
    if place.json {
      var answer = Self.json(signed)
      answer["proof"] = proof.map { .string(Base64.encode($0.bytes)) }
      Answer.json(answer)
    } else {
      if let proof { Terminal.standardOutput(proof.bytes + [UInt8(ascii: "\n")]) }
      Terminal.standardOutput(signed.bytes)
    }
  }

  private static func json(_ signed: SignedCheckpoint) -> JSONObject {
    [
      "origin": .string(signed.checkpoint.origin),
      "size": .integer(Int64(clamping: signed.checkpoint.size)),
      "root": .string(signed.checkpoint.root.base64),
    ]
  }

  /// Takes a checkpoint only if the log signed it, and it extends the one this key remembers.
  private func remember(_ file: String) throws {
    guard let author, let logKey else {
      throw Failure("--take needs --log-key VKEY and --as ORG.", exit: .usage)
    }
    let vkey = try VerifierKey(typed: logKey)
    let keys = place.keyFolder
    var memory = try KeyMemory(try keys.key(author).keyName, of: vkey, in: keys)
    let (proof, signed) = try CheckpointFile.parse(try Files.read(file, limit: 1 << 20))
    guard signed.checkpoint.origin.utf8.elementsEqual(vkey.name.utf8), signed.isSigned(by: vkey)
    else {
      throw Failure(
        "The checkpoint in \(file) is not signed by the log key given.", exit: .violation)
    }
    if let old = memory.checkpoint?.checkpoint {
      try Self.requireExtension(of: old, signed.checkpoint, proof)
    }
    memory.checkpoint = signed
    try memory.save(in: keys)
    if place.json {
      var answer = Self.json(signed)
      answer["key"] = .string(memory.key.description)
      return Answer.json(answer)
    }
    Terminal.standardOutput(
      "\(memory.key) signs against \(signed.checkpoint.origin) of \(signed.checkpoint.size.entries) from now on\n"
    )
  }

  static func requireExtension(
    of old: Checkpoint, _ new: Checkpoint, _ proof: ConsistencyProof?
  ) throws {
    if new.size == old.size, new.root == old.root { return }
    guard new.size > old.size else {
      throw Failure(
        "The checkpoint has \(new.size) entries, and this key has seen \(old.size): the log was rolled back, or the file is old.",
        exit: .violation)
    }
    guard let proof, proof.oldSize == old.size, proof.newSize == new.size else {
      throw Failure(
        "Nothing proves that this checkpoint extends the \(old.size) entries this key has seen.",
        hint: "Ask the office for `onus checkpoint --since \(old.size)`.", exit: .notChecked)
    }
    try proof.check(oldRoot: old.root, newRoot: new.root)
  }
}

struct Prove: ParsableCommand {
  static let configuration = help(
    "prove", "Make a receipt for an entry, checkable offline.",
    example: "onus prove 412 > 412.receipt")

  @Argument(help: "The entry's index.") var entry: UInt64
  @Option(help: "Also write the submission it is for into this file.") var note: String?
  @OptionGroup var place: LedgerOptions

  func run() throws {
    let folder = try LedgerFolder(place.folder, for: .readOnly)
    let receipt = try Receipt.make(of: entry, in: folder.store)
    if let note, let leaf = try folder.store.entry(entry) {
      try Files.write(try Entry(leaf).submission.bytes, to: note)
    }
    Terminal.standardOutput(receipt.bytes)
  }
}

struct ReceiptCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "receipt", abstract: "Check receipts.", subcommands: [Check.self])

  struct Check: ParsableCommand {
    static let configuration = help(
      "check", "Check offline that a submission stands in the log.",
      example: "onus receipt check D02-2024-06.onus D02-2024-06.onus.receipt --log-key VKEY")

    @Argument(help: "The signed submission: what was carried, or the note beside a receipt.")
    var submission: String
    @Argument(help: "The receipt.") var receipt: String
    @Option(help: "The log's verifier key.") var logKey: String
    @Option(
      name: .customLong("as"), help: "The organisation, or key in full, that then signs against it."
    )
    var author: String?
    @OptionGroup var place: LedgerOptions

    func run() throws {
      let vkey = try VerifierKey(typed: logKey)
      let note = try note()
      let receipt = try Receipt(try Files.read(receipt, limit: Receipt.maximumByteCount))
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
    private func note() throws -> [UInt8] {
      let bytes = try Files.read(submission)
      do {
        guard bytes.starts(with: Array(CarriedSubmission.magic.utf8)) else {
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

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Export the ledger for others to check.",
    subcommands: [Tiles.self])

  struct Tiles: ParsableCommand {
    static let configuration = help(
      "tiles", "Write the whole log as a C2SP tlog-tiles folder, or bring one up to date.",
      example: "onus export tiles /media/stick/beihe")

    @Argument(help: "The folder: new, empty, or that of an earlier export.") var folder: String
    @Flag(help: "Export a ledger that was changed as it stands, as evidence; else it is refused.")
    var evenIfDamaged = false
    @OptionGroup var place: LedgerOptions

    func run() throws {
      let ledger = try LedgerFolder(place.folder, for: .readOnly)
      let written = try TilesExport.write(
        ledger.store, to: folder, damage: evenIfDamaged ? .exported : .refused)
      let size = written.checkpoint.checkpoint.size
      if place.json {
        Answer.json([
          "size": .integer(Int64(clamping: size)),
          "new": .integer(Int64(clamping: written.newEntryCount)),
        ])
      } else {
        let new = written.newEntryCount == size ? "" : ", of which \(written.newEntryCount) are new"
        Terminal.standardOutput(
          "\(size.entries)\(new), edition public (no openings), in \(Terminal.safe(folder))\n")
      }
    }
  }
}
