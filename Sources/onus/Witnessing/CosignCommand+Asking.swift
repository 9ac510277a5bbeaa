internal import Cryptography
internal import Encoding
internal import HelperProtocol
internal import Ledger
internal import SQLiteStorage
internal import TransparencyLog

extension CheckpointCommand.Cosign {
  /// A witness that is asked by HTTP, and what came of it.
  private struct Asked {
    /// How the policy calls it, else its own name.
    let name: String
    let key: CosignerKey
    let address: WebAddress
    /// The size that it is thought to have cosigned last.
    var since: UInt64
    var outcome: Outcome?
    var start = ContinuousClock.now
  }

  private enum Outcome {
    case cosigned(UInt64)
    case notHad(String)
    case misbehaved(String)
  }

  /// Asks every witness that has an address, and says what came of each.
  func ask() throws {
    let ledger = try LedgerFolder(place.folder, for: .readWrite)
    let signed = try ledger.released()
    let policy = try witness == nil || url == nil ? namedPolicy(ledger) : nil
    var asked = try witnesses(policy, ledger)
    // Whoever turns out to have cosigned another size is asked once more, from that one.
    for isAgain in [false, true] {
      let open = asked.indices.filter { asked[$0].outcome == nil }
      let posts = try open.map { try post(asked[$0], signed, ledger) }
      for (place, answer) in zip(open, try NetPost.run(posts)) {
        try settle(&asked[place], answer, isAgain: isAgain, signed, ledger)
      }
    }
    try report(asked, signed, policy, ledger)
  }

  /// Who is asked, and where.
  private func witnesses(_ policy: Policy?, _ ledger: LedgerFolder) throws -> [Asked] {
    let only = try witness.map { try CosignerKey(typed: $0) }
    func asked(_ name: String, _ key: CosignerKey, _ text: String) throws -> Asked {
      let address: WebAddress
      do {
        address = try WebAddress(text).below("add-checkpoint")
      } catch {
        throw Failure(
          "\(TextRules.quoted(text)) is no address to ask a witness at: \(error.message)",
          exit: .usage)
      }
      let since = try self.since ?? ledger.lastCosigned(by: key)?.checkpoint.size ?? 0
      return Asked(name: name, key: key, address: address, since: since)
    }
    guard let policy else {
      return try zip([only].compactMap(\.self), [url].compactMap(\.self)).map {
        try asked($0.name, $0, $1)
      }
    }
    guard url == nil else {
      throw Failure(
        "--url says where, and nothing says who answers there.",
        hint: "Name the witness's verifier key with --witness.", exit: .usage)
    }
    let known = policy.witnesses.filter { only == nil || $0.key == only }
    let found = try known.compactMap { witness -> Asked? in
      guard let key = witness.key, let url = witness.url else { return nil }
      return try asked(String(decoding: witness.name, as: UTF8.self), key, url)
    }
    guard !found.isEmpty else {
      throw Failure(
        "No witness that could be asked has an address.",
        hint:
          "Write it behind the key in the policy, `witness NAME VKEY URL`, or name it with --url.",
        exit: .usage)
    }
    return found
  }

  private func post(
    _ asked: Asked, _ signed: SignedCheckpoint, _ ledger: LedgerFolder
  ) throws -> NetPost {
    let left = .seconds(timeout) - (ContinuousClock.now - asked.start)
    return NetPost(
      address: asked.address, contentType: "text/plain; charset=utf-8",
      body: try Self.request(since: asked.since, to: signed, of: ledger).bytes,
      limit: WitnessAnswer.maximumByteCount,
      seconds: max(1, Int(left.components.seconds) + (left.components.attoseconds > 0 ? 1 : 0)))
  }

  // MARK: Answers

  /// Takes a witness's answer for what it is worth; leaves its outcome open if it is asked again.
  private func settle(
    _ asked: inout Asked, _ outcome: NetPost.Outcome, isAgain: Bool, _ signed: SignedCheckpoint,
    _ ledger: LedgerFolder
  ) throws {
    guard case .answered(let raw) = outcome else {
      if case .failed(_, let reason) = outcome { asked.outcome = .notHad(reason) }
      return
    }
    let answer = WitnessAnswer(
      status: raw.status, contentType: raw.contentType, body: raw.body)
    do {
      switch try answer.meaning(for: signed) {
      case .cosigned(let cosigned):
        try ledger.keep(cosigned, of: [asked.key], from: "its answer")
        asked.outcome = .cosigned(signed.checkpoint.size)
      case .conflict(let size):
        try takeSize(size, of: &asked, isAgain: isAgain, signed, ledger)
      case .refused(let status):
        asked.outcome = Self.refusal(status, answer.body)
      }
    } catch let error as NoteError {
      asked.outcome = .notHad("What it answers is no cosignature: \(error.message)")
    } catch let failure as Failure where failure.exit == .violation {
      asked.outcome = .misbehaved(failure.message)
    } catch let failure as Failure {
      asked.outcome = .notHad(failure.message)
    }
  }

  /// The witness says that it cosigned so many entries last.
  private func takeSize(
    _ size: UInt64, of asked: inout Asked, isAgain: Bool, _ signed: SignedCheckpoint,
    _ ledger: LedgerFolder
  ) throws {
    let own = signed.checkpoint.size
    let kept = try ledger.lastCosigned(by: asked.key)?.checkpoint.size ?? 0
    if size > own {
      asked.outcome = .misbehaved(
        "It says that it cosigned \(size.entries), and this ledger has \(own): the ledger was rolled back, or the witness does not tell the truth."
      )
    } else if size < kept {
      asked.outcome = .misbehaved(
        "It says that it cosigned \(size.entries) last, and its cosignature on \(kept) is kept here: it has forgotten, and can be made to cosign another history."
      )
    } else if size == asked.since {
      asked.outcome = .notHad("It refuses a proof from the very size that it asks for.")
    } else if isAgain {
      asked.outcome = .notHad("It named another size each time; ask again.")
    } else {
      asked.since = size
    }
  }

  /// What another status means; only a word of its own is believed of what it says.
  private static func refusal(_ status: Int, _ body: [UInt8]) -> Outcome {
    let line = body.prefix { $0 != 0x0A && $0 != 0x0D }
    let said =
      line.isEmpty || line.count > 300
      ? "" : String(validating: line, as: UTF8.self).map { " It says: \($0)" } ?? ""
    switch status {
    case 403: return .notHad("It knows this log under another key (403).\(said)")
    case 404: return .notHad("It does not serve this log, or is not there (404).\(said)")
    case 422:
      return .misbehaved(
        "It holds that this ledger does not extend what it cosigned (422): one of the two has another history.\(said)"
      )
    default: return .notHad("It answers \(status).\(said)")
    }
  }

  // MARK: The report

  private func report(
    _ asked: [Asked], _ signed: SignedCheckpoint, _ policy: Policy?, _ ledger: LedgerFolder
  ) throws {
    // The log may have grown meanwhile: what counts is the checkpoint that they were asked about.
    let verdict = try policy.map { $0.verdict(on: try ledger.store.cosigned(signed)) }
    let hasAll = asked.allSatisfy { if case .cosigned? = $0.outcome { true } else { false } }
    let isEnough = policy?.needsWitnesses == true ? verdict?.hasQuorum == true : hasAll
    if place.json {
      Answer.json([
        "size": .integer(Int64(clamping: signed.checkpoint.size)), "enough": .bool(isEnough),
        "witnesses": .array(asked.map { .object(Self.json($0)) }),
      ])
    } else {
      Answer.table(
        asked.map { asked in
          let (word, sentence) = Self.words(asked.outcome)
          return [asked.name, word, sentence]
        })
      if isEnough, policy?.needsWitnesses == true {
        Terminal.standardOutput(
          "the policy's quorum has cosigned \(signed.checkpoint.size.entries)\n")
      }
    }
    let liars = asked.count { if case .misbehaved? = $0.outcome { true } else { false } }
    guard liars == 0 else {
      throw Failure(
        liars == 1
          ? "A witness contradicts what is known here."
          : "\(liars) witnesses contradict what is known here.",
        hint:
          "Run `onus doctor`, and hold this ledger against an export kept elsewhere. What a witness cosigned last is at its address, under the SHA-256 of the origin and /checkpoint: `onus equivocation` makes a proof of two that contradict each other.",
        exit: .violation)
    }
    guard isEnough else {
      throw Failure(
        policy?.needsWitnesses == true
          ? "The policy's quorum has not cosigned \(signed.checkpoint.size.entries)."
          : "Not everyone who was asked has cosigned \(signed.checkpoint.size.entries).",
        hint: "What was had is kept; ask again for the rest.", exit: .notChecked)
    }
  }

  private static func words(_ outcome: Outcome?) -> (word: String, sentence: String) {
    switch outcome {
    case .cosigned(let size): ("cosigned", size.entries)
    case .notHad(let reason): ("NOT HAD", reason)
    case .misbehaved(let reason): ("CONTRADICTS", reason)
    case nil: ("NOT HAD", "It was not asked.")
    }
  }

  private static func json(_ asked: Asked) -> JSONObject {
    let (word, sentence) = words(asked.outcome)
    var object: JSONObject = [
      "witness": .string(asked.key.description), "address": .string("\(asked.address)"),
      "outcome": .string(
        word == "cosigned" ? "cosigned" : word == "NOT HAD" ? "not-had" : "contradicts"),
    ]
    if word != "cosigned" { object["sentence"] = .string(Terminal.safe(sentence)) }
    return object
  }
}
