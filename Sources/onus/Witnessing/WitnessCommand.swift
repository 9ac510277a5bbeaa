internal import ArgumentParser
internal import Cryptography
internal import Encoding
internal import Ledger
internal import TransparencyLog

struct WitnessCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "witness",
    abstract: "Be a witness: cosign the checkpoints of other people's logs.",
    discussion: """
      A witness remembers of each log the largest checkpoint it has cosigned, and cosigns only what \
      extends it. Whoever asks for its cosignature on every checkpoint cannot be shown a history that \
      others were not shown.

      Example:
        onus witness init court.example/witness
        onus witness trust beihe.example/plan+e648f496+AQOh…
        onus witness cosign beihe.request --to beihe.cosigned
      """,
    subcommands: [Initialize.self, Trust.self, List.self, CosignRequest.self, Serve.self])

  struct Initialize: ParsableCommand {
    static let configuration = help(
      "init", "Make a witness: a key of its own, and a memory of what it has cosigned.",
      example: "onus witness init court.example/witness")

    @Argument(help: "The witness's name, such as court.example/witness.") var name: String
    @Flag(help: "Keep its key without a passphrase.") var noPassphrase = false
    @OptionGroup var place: WitnessOptions

    func run() throws {
      answer(try place.key.make(name, isProtected: !noPassphrase), place)
    }
  }

  struct Trust: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "trust",
      abstract: "Serve a log from now on, under the key that its operator gave you.",
      discussion: """
        A witness that has lost what it cosigned last of a log cosigns no more of it. It gets its memory \
        back with --last and the newest checkpoint that it cosigned: the log shows it, and whoever watches \
        the log keeps it; ask more than one, since an older one makes it forget.

        Example:
          onus witness trust beihe.example/plan+e648f496+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4
        """)

    @Argument(help: "The log's verifier key.") var logKey: String
    @Option(help: "Where the memory was lost: the newest checkpoint of the log that it cosigned.")
    var last: String?
    @Flag(help: "Where the memory was lost: it never cosigned any checkpoint of the log.")
    var nothingCosigned = false
    @OptionGroup var place: WitnessOptions

    func run() throws {
      let log = try VerifierKey(typed: logKey)
      guard last == nil || !nothingCosigned else {
        throw Failure("--last and --nothing-cosigned contradict each other.", exit: .usage)
      }
      if last != nil || nothingCosigned {
        let checkpoint = try last.map { try CheckpointFile.read($0, allowingExtensions: true) }
        try place.folder.recall(checkpoint, of: log, as: place.key.cosigner())
      } else {
        try place.folder.serve(log)
      }
      if place.json {
        Answer.json(["log": .string(log.description)])
      } else {
        Terminal.standardOutput("\(Terminal.safe(log.name)) is served from now on\n")
      }
    }
  }

  struct List: ParsableCommand {
    static let configuration = help(
      "list", "List the logs that are served, and how much of each was cosigned.",
      example: "onus witness list")

    @OptionGroup var place: WitnessOptions

    func run() throws {
      let witness = try place.key.cosigner()
      // A log whose state cannot be read does not keep the others from being listed.
      var failure: (any Error)?
      let rows = try place.folder.logs().map { log -> (VerifierKey, SignedCheckpoint?) in
        do {
          return (log, try place.folder.latest(of: log.name))
        } catch {
          failure = error
          return (log, nil)
        }
      }
      defer { if let failure { Failure(failure).end() } }
      if place.json {
        return Answer.json([
          "key": .string(witness.description),
          "logs": .array(
            rows.map { log, latest in
              var row: JSONObject = ["log": .string(log.description)]
              if let latest {
                row["size"] = .integer(Int64(clamping: latest.checkpoint.size))
                row["root"] = .string(latest.checkpoint.root.base64)
                row["time"] = latest.cosignature(of: witness).map { .string($0.moment.description) }
              }
              return .object(row)
            }),
        ])
      }
      Terminal.standardOutput("\(witness)\n")
      Terminal.standardOutput(
        Terminal.table(
          rows.map { log, latest in
            [
              Terminal.safe(log.name), latest.map { $0.checkpoint.size.entries } ?? "nothing yet",
              latest?.cosignature(of: witness)?.moment.description ?? "",
            ]
          }))
    }
  }

  struct CosignRequest: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "cosign",
      abstract: "Cosign the checkpoint in a request that was carried here.",
      discussion: """
        The request is what `onus checkpoint cosign --request-to FILE` writes, the body of \
        `add-checkpoint` in c2sp.org/tlog-witness. What is printed goes back to the log.

        Example:
          onus witness cosign beihe.request --to beihe.cosigned
        """)

    @Argument(help: "The request.") var request: String
    @Option(help: "The file for the cosigned checkpoint; else it is printed.") var to: String?
    @OptionGroup var place: WitnessOptions

    func run() throws {
      let bytes = try Files.read(request, limit: WitnessRequest.maximumByteCount)
      let request: WitnessRequest
      do {
        request = try WitnessRequest(bytes)
      } catch {
        throw Failure(
          "\(self.request) is not a request for a cosignature: \(error.message)",
          hint: "The log makes one with `onus checkpoint cosign --request-to FILE`.")
      }
      let witness = try place.key.cosigner()
      let seconds = UInt64(clamping: MachineClock.now().milliseconds / 1000)
      let cosigned: SignedCheckpoint
      do {
        cosigned = try place.folder.cosign(
          request, at: seconds, with: try place.key.signing(witness), as: witness)
      } catch let refusal as WitnessRefusal {
        throw try failure(refusal, request.checkpoint.checkpoint)
      }
      try Files.write(cosigned.bytes, to: to ?? "-")
      if to != nil {
        let checkpoint = cosigned.checkpoint
        if place.json {
          Answer.json([
            "origin": .string(checkpoint.origin),
            "size": .integer(Int64(clamping: checkpoint.size)),
            "root": .string(checkpoint.root.base64),
          ])
        } else {
          Terminal.standardOutput(
            "cosigned \(checkpoint.size.entries) of \(Terminal.safe(checkpoint.origin))\n")
        }
      }
    }

    private func failure(_ refusal: WitnessRefusal, _ asked: Checkpoint) throws -> Failure {
      switch refusal.code {
      case .conflict(let size):
        return Failure(
          refusal.message,
          hint: "Ask the log for `onus checkpoint cosign --since \(size) --request-to FILE`.",
          exit: .refused)
      case .unknownLog:
        return Failure(
          refusal.message, hint: "If it should, say so with `onus witness trust VKEY`.",
          exit: .refused)
      case .inconsistent:
        let isOther =
          try place.folder.latest(of: asked.origin).map {
            $0.checkpoint.size == asked.size && $0.checkpoint.root != asked.root
          } ?? false
        return Failure(
          refusal.message,
          hint: isOther
            ? "The log has signed two histories: keep \(place.folder.stateFile(of: asked.origin)) and the request, and make the proof with `onus equivocation`."
            : nil,
          exit: .violation)
      case .notSigned: return Failure(refusal.message, exit: .violation)
      case .malformed: return Failure(refusal.message)
      }
    }
  }
}

/// Prints a witness's verifier key.
private func answer(_ key: CosignerKey, _ place: WitnessOptions) {
  if place.json {
    Answer.json(["key": .string(key.description)])
  } else {
    Terminal.standardOutput("\(key)\n")
  }
}

extension Cosignature {
  /// When it was given.
  var moment: Timestamp { Timestamp(milliseconds: Int64(time) * 1000) }
}
