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
      abstract: "Obtain witnesses' cosignatures on the newest checkpoint.",
      discussion: """
        By HTTP: every witness of the policy that has an address is asked, all at once, each within \
        its time; or the one that --witness and --url name. By file, for networks that do not touch: \
        write a request, carry it to the witness, carry back what it printed, and take that in. Only \
        what verifies and is of this ledger is kept; from then on checkpoints, receipts and exports \
        of that size bear the cosignature.

        Exit codes by HTTP: 0 the policy's quorum has cosigned, or all that were asked where it asks \
        for none · 4 too few could be had · 3 the answer of a witness shows that it, or this ledger, \
        was rolled back or has another history.

        Example:
          onus checkpoint cosign --policy policy
          onus checkpoint cosign --witness VKEY --url https://court.example/witness
          onus checkpoint cosign --request-to beihe.request --witness VKEY
          onus checkpoint cosign --from beihe.cosigned --witness VKEY
        """)

    @Option(help: "Write the request for a witness into this file.") var requestTo: String?
    @Option(help: "The size that the witness cosigned last; else what is kept here of it, or 0.")
    var since: UInt64?
    @Option(help: "Take in the cosigned checkpoint in this file.") var from: String?
    @Option(help: "The witness's verifier key.") var witness: String?
    @Option(help: "The witness's address, what stands before /add-checkpoint; else the policy's.")
    var url: String?
    @Option(help: "How many seconds each witness has to answer.") var timeout = 30
    @Option(
      help: "A tlog-policy file that lists the witnesses; else `policy` in the ledger's folder.")
    var policy: String?
    @OptionGroup var place: LedgerOptions

    func validate() throws {
      guard (1...3600).contains(timeout) else {
        throw ValidationError("--timeout is 1 to 3600 seconds.")
      }
    }

    func run() throws {
      switch (requestTo, from, url) {
      case (let file?, nil, nil): try request(file)
      case (nil, let file?, nil): try take(file)
      case (nil, nil, _): try ask()
      default:
        throw Failure(
          "Say one of --request-to FILE, --from FILE and --url ADDRESS.",
          hint: "`onus checkpoint cosign --help` shows the whole way.", exit: .usage)
      }
    }

    private func request(_ file: String) throws {
      let ledger = try LedgerFolder(place.folder, for: .readOnly)
      let signed = try ledger.released()
      let size = signed.checkpoint.size
      let key = try witness.map { try CosignerKey(typed: $0) }
      let since = try self.since ?? ledger.lastCosigned(by: key)?.checkpoint.size ?? 0
      let request = try Self.request(since: since, to: signed, of: ledger)
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

    static func request(
      since: UInt64, to signed: SignedCheckpoint, of ledger: LedgerFolder
    ) throws -> WitnessRequest {
      guard since <= signed.checkpoint.size else {
        throw Failure(
          "The log has \(signed.checkpoint.size.entries), so no proof begins at \(since).")
      }
      return try WitnessRequest.make(since: since, to: signed, from: StoreTiles(ledger.store))
    }

    private func take(_ file: String) throws {
      let ledger = try LedgerFolder(place.folder, for: .readWrite)
      let witnesses =
        try witness.map { [try CosignerKey(typed: $0)] }
        ?? namedPolicy(ledger).witnesses.compactMap(\.key)
      let cosigned: SignedCheckpoint
      do {
        cosigned = try SignedCheckpoint(try Files.read(file, limit: 1 << 20))
      } catch let error as NoteError {
        throw Failure(
          "\(file) is not a cosigned checkpoint: \(error.message)",
          hint: "It is what `onus witness cosign` writes.")
      }
      let found = try ledger.keep(cosigned, of: witnesses, from: file)
      let size = cosigned.checkpoint.size
      if place.json {
        Answer.json([
          "size": .integer(Int64(clamping: size)),
          "witnesses": .array(found.map { .string($0.description) }),
        ])
      } else {
        let names = found.map { Terminal.safe($0.name) }.joined(separator: ", ")
        Terminal.standardOutput("\(size.entries) cosigned by \(names)\n")
      }
    }

    /// The policy that was named, or that lies in the ledger's folder.
    func namedPolicy(_ ledger: LedgerFolder) throws -> Policy {
      let file = policy ?? "\(ledger.path)/policy"
      guard policy != nil || Files.exists(file) else {
        throw Failure(
          "Nothing says which witness this should be of.",
          hint: "Name its verifier key with --witness, or a policy with --policy.", exit: .usage)
      }
      return try PolicyFile.read(file)
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
        "\(TextRules.quoted(text)) is not a witness's verifier key: \(error.message)",
        hint: "It is the line that `onus witness init` printed.", exit: .usage)
    }
  }
}
