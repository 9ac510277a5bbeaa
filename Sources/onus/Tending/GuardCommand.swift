internal import ArgumentParser
internal import Cryptography
internal import Encoding
internal import Ledger
internal import SQLiteStorage
internal import TransparencyLog

struct GuardCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "guard",
    abstract: "Look after the guard: what the log key remembers of what it has signed.",
    subcommands: [Rebuild.self])

  struct Rebuild: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "rebuild",
      abstract: "Write a lost guard anew, from the newest checkpoint held outside this machine.",
      discussion: """
        A rebuilt guard is only as good as what it is built from: if the key has signed more than \
        anything named here, a ledger that was rolled back passes for whole. So ask every witness \
        and every department for its newest checkpoint or receipt, name them all, and say with \
        --newest how many entries the newest is of. What the keys and audits of this machine \
        remember is looked at as well.

        Example:
          onus guard rebuild --from witnessed.checkpoint --from D02-2024-06.onus.receipt --newest 412
        """)

    @Option(help: "A checkpoint or a receipt from outside this machine; repeat for more.")
    var from: [String] = []
    @Option(help: "How many entries the newest checkpoint that anybody holds is of.")
    var newest: UInt64?
    @Flag(help: "Nobody outside holds anything: only the ledger and this machine can be asked.")
    var nothingOutside = false
    @OptionGroup var heads: HeadsOptions
    @OptionGroup var place: LedgerOptions

    func run() throws {
      let folder = try LedgerFolder(place.folder, for: .readOnly)
      let logKey = try folder.logKey()
      let keys = place.keyFolder
      guard keys.holds(logKey: logKey) else {
        throw Failure(
          "The log key of this ledger is not on this machine, and the guard lies beside it.",
          hint: "Rebuild the guard where the log key is, or name its folder with --keys.")
      }
      let file = Guard(folder: keys.path, logKey: logKey)
      if let old = try file.read() {
        throw Failure(
          "There is a guard already: \(file.path) holds the checkpoint of \(old.checkpoint.size) entries."
        )
      }
      try requireSource()
      let evidence = try evidence(folder, logKey, keys)
      try requireWord(on: evidence)
      try file.rebuild(from: evidence.newest.checkpoint)
      report(evidence, file)
    }

    private func requireSource() throws {
      if nothingOutside, !from.isEmpty {
        throw Failure("--nothing-outside and --from contradict each other.", exit: .usage)
      }
      guard nothingOutside || !from.isEmpty else {
        throw Failure(
          "Nothing from outside this machine says how much the log key has signed, so a rollback could not be told.",
          hint:
            "Name checkpoints or receipts that witnesses and departments hold with --from; if there are none, say --nothing-outside.",
          exit: .notChecked)
      }
    }

    private func evidence(
      _ folder: LedgerFolder, _ logKey: VerifierKey, _ keys: KeyFolder
    ) throws -> GuardEvidence {
      guard let head = try folder.store.head()?.checkpoint else {
        throw Failure("The ledger in \(folder.path) has no entries, and needs no guard.")
      }
      var others = try from.map { file in
        GuardEvidence.Item(source: file, checkpoint: try CheckpointFile.read(file))
      }
      others += try KeyMemory.checkpoints(of: logKey, in: keys)
      others += try Self.remembered(logKey, in: heads.folder)
      let tiles = StoreTiles(folder.store)
      return try GuardEvidence(head: try SignedCheckpoint(head), others: others, logKey: logKey) {
        try MerkleTree.root(ofSize: $0, from: tiles)
      }
    }

    /// That nothing newer exists is for a person to say, in a number that cannot be said by accident.
    private func requireWord(on evidence: GuardEvidence) throws {
      let known = evidence.newest
      guard let newest else {
        throw Failure(
          "The newest checkpoint known is of \(known.size) entries, from \(known.source); if the key has signed more, a rollback would be hidden.",
          hint:
            "Ask every witness and department for theirs; if none is newer, say --newest \(known.size).",
          exit: .notChecked)
      }
      if newest < known.size {
        throw Failure(
          "\(known.source) holds the log key's signature under \(known.size) entries, so \(newest) are not the newest.",
          hint: "Find out why the ledger was thought to be shorter before you rebuild anything.",
          exit: .violation)
      }
      guard newest == known.size else {
        throw Failure(
          "Nothing named here is newer than \(known.size) entries, from \(known.source).",
          hint: "Name the checkpoint of \(newest) entries with --from.", exit: .notChecked)
      }
    }

    private func report(_ evidence: GuardEvidence, _ file: Guard) {
      let newest = evidence.newest.checkpoint.checkpoint
      if place.json {
        Answer.json([
          "guard": .string(file.path), "size": .integer(Int64(clamping: newest.size)),
          "root": .string(newest.root.base64), "source": .string(evidence.newest.source),
          "ledgerSize": .integer(Int64(clamping: evidence.ledgerSize)),
          "rolledBack": .bool(evidence.isRolledBack),
        ])
        return
      }
      Terminal.standardOutput(
        Terminal.safe("the guard holds \(newest.size) entries, from \(evidence.newest.source)")
          + "\n")
      if evidence.isRolledBack {
        Terminal.standardOutput(
          """
          the ledger was rolled back: it has \(evidence.ledgerSize) of them
          Feed the missing entries with `onus restore --from EXPORT`.

          """)
      }
    }

    /// What audits on this machine remember of the log.
    private static func remembered(
      _ logKey: VerifierKey, in folder: String
    ) throws -> [GuardEvidence.Item] {
      try Files.names(in: folder).filter { $0.hasSuffix(".head") }.compactMap { name in
        let path = "\(folder)/\(name)"
        let head = try RememberedHead(try Files.read(path, limit: 1 << 20))
        guard head.logKey == logKey else { return nil }
        return GuardEvidence.Item(source: path, checkpoint: head.checkpoint)
      }
    }
  }
}
