internal import ArgumentParser
internal import Cryptography
internal import Encoding
internal import Ledger
internal import SQLiteStorage
internal import TransparencyLog

struct EquivocationCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "equivocation",
    abstract: "Prove that a log key signed two histories, or check such a proof.",
    discussion: """
      Of two checkpoints or receipts of the same size it needs nothing else. Of different sizes, say \
      with --against where the entries of the larger one are. Given one file, it checks the proof in \
      it. Exit codes: 3 it is proven · 0 the two agree · 4 it cannot be told.

      Example:
        onus equivocation mine.checkpoint theirs.checkpoint --log-key VKEY --to beihe.equivocation
        onus equivocation beihe.equivocation --log-key VKEY
      """)

  @Argument(help: "A checkpoint or receipt, or a proof to check.") var first: String
  @Argument(help: "The other checkpoint or receipt.") var second: String?
  @Option(help: "The log's verifier key.") var logKey: String
  @Option(
    help:
      "The folder of an export, or its address, or of a ledger, that the larger checkpoint is of.")
  var against: String?
  @OptionGroup var fetching: FetchOptions
  @Option(help: "Write the proof into this file, for anyone to check.") var to: String?
  @Flag(help: "Answer in JSON.") var json = false

  func run() throws {
    let log = try VerifierKey(typed: logKey)
    guard let second else { return try check(log) }
    let one = try CheckpointFile.read(first)
    let two = try CheckpointFile.read(second)
    let proof: Equivocation?
    do {
      proof =
        try against.map { path in
          let copy = try LedgerCopy(path, fetching)
          defer { copy.close() }
          return try Equivocation.make(
            one, two, log: log, tiles: SourceTiles(source: copy.source))
        } ?? Equivocation.make(one, two, log: log)
    } catch let error as ProofError where error.code == .outOfRange {
      throw Failure(
        error.message,
        hint: "Name the export that the larger one is of with --against.", exit: .notChecked)
    } catch let error as ProofError where error.code == .wrongLog {
      throw Failure(error.message)
    } catch let error as ProofError {
      throw Self.wrongSource(error.message)
    } catch let error as StorageError where error.code == .damaged {
      throw Self.wrongSource(error.message)
    } catch let error as TileError {
      throw Self.wrongSource(error.message)
    }
    guard let proof else {
      if json {
        Answer.json(["equivocation": .bool(false)])
      } else {
        Terminal.standardOutput("the two do not contradict each other\n")
      }
      return
    }
    if let to { try Files.write(proof.bytes, to: to) }
    try answer(proof, log)
  }

  private func check(_ log: VerifierKey) throws {
    let proof: Equivocation
    do {
      proof = try Equivocation(try Files.read(first, limit: Equivocation.maximumByteCount))
    } catch let error as NoteError {
      throw Failure(
        "\(first) is not a proof of equivocation: \(error.message)",
        hint: "Name two checkpoints to make one.")
    }
    do {
      try proof.check(log: log)
    } catch {
      throw Failure("The file proves nothing: \(error.message)", exit: .notChecked)
    }
    try answer(proof, log)
  }

  private func answer(_ proof: Equivocation, _ log: VerifierKey) throws -> Never {
    let (old, new) = (proof.first.checkpoint, proof.second.checkpoint)
    let root = proof.other?.root ?? new.root
    if json {
      Answer.json([
        "equivocation": .bool(true), "logKey": .string(log.description),
        "size": .integer(Int64(clamping: old.size)),
        "roots": .array([.string(old.root.base64), .string(root.base64)]),
      ])
    } else {
      Terminal.standardOutput(
        """
        \(Terminal.coloured("PROVEN", .red)): \(log.keyName) signed two histories of \(Terminal.safe(log.name))
        its first \(old.size.entries) have the root \(old.root)
        and, in the checkpoint of \(new.size.entries), the root \(root)

        """)
    }
    throw ExitCode(Exit.violation.rawValue)
  }

  private static func wrongSource(_ reason: String) -> Failure {
    Failure(
      "What --against names is not what the larger checkpoint is of: \(reason)",
      exit: .notChecked)
  }
}
