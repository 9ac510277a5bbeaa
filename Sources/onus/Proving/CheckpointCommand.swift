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
    abstract:
      "Print the newest checkpoint, take one to sign against, or have it cosigned or timestamped.",
    subcommands: [PrintOrTake.self, Cosign.self, Stamp.self], defaultSubcommand: PrintOrTake.self)

  /// What the command does when no other is named.
  struct PrintOrTake: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "print",
      abstract: "Print the newest checkpoint, or take one to sign against (the default).",
      discussion: """
        Example:
          onus checkpoint > newest.checkpoint
          onus checkpoint --since 412 > newer.proof
          onus checkpoint --take newest.checkpoint --log-key VKEY --as D02
        """)

    @Option(help: "Put a proof before it that it extends the log of this size.") var since: UInt64?
    @Option(help: "Remember the checkpoint in this file, after checking it.") var take: String?
    @Option(help: "The log's verifier key, which you were given when you joined.") var logKey:
      String?
    @Option(name: .customLong("as"), help: "The organisation, or the key in full, that remembers.")
    var author: String?
    @OptionGroup var place: LedgerOptions

    func run() throws {
      if let take { return try remember(take) }
      let folder = try LedgerFolder(place.folder, for: .readOnly)
      let signed = try folder.published()
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
      let bytes = try Files.read(file, limit: 1 << 20)
      try FileKind.require(.checkpoint, .newerCheckpoint, as: "a checkpoint", in: file, bytes)
      let (proof, signed) = try CheckpointFile.parse(bytes)
      guard signed.checkpoint.origin.utf8.elementsEqual(vkey.name.utf8), signed.isSigned(by: vkey)
      else {
        throw Failure(
          "The checkpoint in \(file) is not signed by the log key given.", exit: .violation)
      }
      guard (1...UInt64(Limits.number)).contains(signed.checkpoint.size) else {
        throw Failure(
          "The checkpoint in \(file) is of \(signed.checkpoint.size.entries), and a ledger has 1 to \(Limits.number).",
          hint: "Ask the office for another, printed with `onus checkpoint`.")
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
}
