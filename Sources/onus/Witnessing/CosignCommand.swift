internal import ArgumentParser
internal import Cryptography
internal import Encoding
internal import Ledger
internal import SQLiteStorage
internal import TransparencyLog

extension CheckpointCommand {
  struct Cosign: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "cosign",
      abstract: "Obtain a witness's cosignature on the newest checkpoint.",
      discussion: """
        By file, for networks that do not touch: write a request, carry it to the witness, carry \
        back what it printed, and take that in. Only what verifies and is of this ledger is kept; \
        from then on checkpoints, receipts and exports of that size bear the cosignature.

        Example:
          onus checkpoint cosign --request-to beihe.request --witness VKEY
          onus checkpoint cosign --from beihe.cosigned --witness VKEY
        """)

    @Option(help: "Write the request for a witness into this file.") var requestTo: String?
    @Option(help: "The size that the witness cosigned last; else what is kept here of it, or 0.")
    var since: UInt64?
    @Option(help: "Take in the cosigned checkpoint in this file.") var from: String?
    @Option(help: "The witness's verifier key.") var witness: String?
    @Option(
      help: "A tlog-policy file that lists the witnesses; else `policy` in the ledger's folder.")
    var policy: String?
    @OptionGroup var place: LedgerOptions

    func run() throws {
      switch (requestTo, from) {
      case (let file?, nil): try request(file)
      case (nil, let file?): try take(file)
      default:
        throw Failure(
          "Say either --request-to FILE or --from FILE.",
          hint: "`onus checkpoint cosign --help` shows the whole way.", exit: .usage)
      }
    }

    private func request(_ file: String) throws {
      let ledger = try LedgerFolder(place.folder, for: .readOnly)
      let signed = try ledger.released()
      let size = signed.checkpoint.size
      let since = try self.since ?? lastCosigned(in: ledger)
      guard since <= size else {
        throw Failure("The log has \(size.entries), so no proof begins at \(since).")
      }
      let request = try WitnessRequest.make(
        since: since, to: signed, from: StoreTiles(ledger.store))
      try Files.write(request.bytes, to: file)
      if place.json {
        Answer.json([
          "since": .integer(Int64(clamping: since)), "size": .integer(Int64(clamping: size)),
        ])
      } else if file != "-" {
        Terminal.standardOutput(
          "asks to cosign \(size.entries), given that \(since) were cosigned before\n")
      }
    }

    /// The size that the witness cosigned last, as far as is known here.
    private func lastCosigned(in ledger: LedgerFolder) throws -> UInt64 {
      guard let witness else { return 0 }
      let key = try CosignerKey(typed: witness)
      let kept = try ledger.store.cosignatures().first { $0.vkey == key.description }
      return try kept.map { try SignedCheckpoint($0.checkpoint).checkpoint.size } ?? 0
    }

    private func take(_ file: String) throws {
      let ledger = try LedgerFolder(place.folder, for: .readWrite)
      let witnesses = try witnesses(ledger)
      let cosigned: SignedCheckpoint
      do {
        cosigned = try SignedCheckpoint(try Files.read(file, limit: 1 << 20))
      } catch let error as NoteError {
        throw Failure(
          "\(file) is not a cosigned checkpoint: \(error.message)",
          hint: "It is what `onus witness cosign` writes.")
      }
      let checkpoint = cosigned.checkpoint
      try requireOwn(checkpoint, cosigned, ledger, file)
      let found = witnesses.filter { cosigned.cosignature(of: $0) != nil }
      guard !found.isEmpty else {
        let claims = witnesses.contains { key in
          cosigned.note.signatures.contains { $0.keyName == key.keyName }
        }
        throw Failure(
          claims
            ? "The cosignature in \(file) does not verify."
            : "\(file) bears no cosignature of the witnesses that are named here.",
          exit: claims ? .violation : .notChecked)
      }
      let logKey = try ledger.logKey()
      for key in found {
        try requireNewer(cosigned, of: key, in: ledger, file)
      }
      for key in found {
        let alone = try cosigned.signed(onlyBy: logKey).adding(cosigned, of: key)
        try ledger.store.keepCosignature(
          StoredCosignature(vkey: key.description, checkpoint: alone.bytes))
      }
      if place.json {
        Answer.json([
          "size": .integer(Int64(clamping: checkpoint.size)),
          "witnesses": .array(found.map { .string($0.description) }),
        ])
      } else {
        let names = found.map { Terminal.safe($0.name) }.joined(separator: ", ")
        Terminal.standardOutput("\(checkpoint.size.entries) cosigned by \(names)\n")
      }
    }

    /// Throws if a cosignature of that witness on more entries is kept already.
    private func requireNewer(
      _ cosigned: SignedCheckpoint, of key: CosignerKey, in ledger: LedgerFolder, _ file: String
    ) throws {
      let size = cosigned.checkpoint.size
      guard let kept = try ledger.store.cosignatures().first(where: { $0.vkey == key.description }),
        let old = try? SignedCheckpoint(kept.checkpoint), old.checkpoint.size > size
      else { return }
      throw Failure(
        "\(file) is of \(size.entries), and \(Terminal.safe(key.name)) has cosigned \(old.checkpoint.size) already, which is kept."
      )
    }

    /// Throws unless the checkpoint is one of this ledger.
    private func requireOwn(
      _ checkpoint: Checkpoint, _ cosigned: SignedCheckpoint, _ ledger: LedgerFolder, _ file: String
    ) throws {
      let logKey = try ledger.logKey()
      guard cosigned.isSigned(by: logKey) else {
        throw Failure(
          "The checkpoint in \(file) is not signed by this ledger's key \(logKey.keyName).",
          exit: .violation)
      }
      let size = try ledger.released().checkpoint.size
      guard checkpoint.size <= size else {
        throw Failure(
          "The witness cosigned \(checkpoint.size.entries), and this ledger has \(size): it was rolled back.",
          hint: "Run `onus doctor`, and restore what is missing before anything else.",
          exit: .violation)
      }
      guard
        try MerkleTree.root(ofSize: checkpoint.size, from: StoreTiles(ledger.store))
          == checkpoint.root
      else {
        throw Failure(
          "The witness cosigned \(checkpoint.size.entries) of this log that are not those of this ledger: the log key has signed two histories.",
          hint: "Keep the file, and make the proof with `onus equivocation`.", exit: .violation)
      }
    }

    private func witnesses(_ ledger: LedgerFolder) throws -> [CosignerKey] {
      if let witness { return [try CosignerKey(typed: witness)] }
      let file = policy ?? "\(ledger.path)/policy"
      guard policy != nil || Files.exists(file) else {
        throw Failure(
          "Nothing says which witness this should be of.",
          hint: "Name its verifier key with --witness, or a policy with --policy.", exit: .usage)
      }
      return try PolicyFile.read(file).witnesses.compactMap(\.key)
    }
  }
}

/// A file that says which logs and witnesses count.
enum PolicyFile {
  /// The policy in a file.
  static func read(_ path: String) throws -> Policy {
    do {
      return try Policy(try Files.read(path, limit: Policy.maximumByteCount))
    } catch let error as NoteError {
      throw Failure(
        "\(path) is not a policy: \(error.message)",
        hint: "c2sp.org/tlog-policy: lines `witness NAME VKEY`, and one `quorum NAME`.")
    }
  }
}

extension CosignerKey {
  /// A witness's verifier key as it was typed.
  init(typed text: String) throws(Failure) {
    do {
      try self.init(text)
    } catch {
      throw Failure(
        "\"\(text)\" is not a witness's verifier key: \(error.message)",
        hint: "It is the line that `onus witness init` printed.", exit: .usage)
    }
  }
}
