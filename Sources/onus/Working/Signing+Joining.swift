internal import Accountability
internal import Cryptography
internal import Encoding
internal import Ledger
internal import TransparencyLog

/// Signing what another key has begun on its own machine.
extension Signing {
  /// Adds the signature of a key to an unfinished submission, and prints what it signs.
  ///
  /// - Parameter number: The number to sign with, where what was signed with it was never taken.
  func join(_ file: String, as vkey: VerifierKey, number: UInt64?) throws {
    try KeyMemory.withLock(on: [vkey.keyName], in: keys) {
      try joinAlone(file, as: vkey, number: number)
    }
  }

  private func joinAlone(_ file: String, as vkey: VerifierKey, number: UInt64?) throws {
    guard let target = options.signTo, target == "-" || !Ledger.Files.isRegular(target) else {
      throw Failure("\(options.signTo ?? "") is there already.", hint: "Name another file.")
    }
    let unfinished: UnfinishedSubmission
    let bytes = try Files.read(file, limit: Limits.carriedByteCount)
    try FileKind.require(
      .unfinished, as: "a submission that waits for a signature", in: file, bytes)
    do {
      unfinished = try UnfinishedSubmission(bytes)
    } catch {
      throw Failure(
        "\(file) is not a submission that waits for a signature: \(error.message)",
        hint: "It is what --sign-to writes where a key that must sign is on another machine.")
    }
    guard let turn = unfinished.missing.first(where: { $0.key == vkey.keyName }) else {
      let missing = unfinished.missing.map(\.key.description).joined(separator: ", ")
      throw Failure(
        "\(file) does not wait for \(vkey.keyName), but for \(missing).",
        hint: "Name the key with --as.")
    }
    try EventCatalogue.requireForm(of: unfinished.events)
    var memory = try memory(
      of: turn, in: unfinished, file, isAgain: number == turn.n)
    let signer = SubmissionSigner(vkey, try keys.signingKey(vkey), n: turn.n)
    let authors = unfinished.by.map(\.key.description).joined(separator: ", ")
    try show(
      "by \(authors), at \(unfinished.at), having seen \(unfinished.seen.size.entries):",
      unfinished.events, unfinished.openings, of: file, by: unfinished.by[0].key)
    let signed = try unfinished.signed(by: signer)
    try Self.write(signed, to: target) {
      memory.count = max(memory.count, turn.n)
      try memory.save(in: keys)
    }
    report(signed, [signer], target, of: memory.logKey)
  }

  /// What the key remembers of the log, if that lets it sign with its number against what was seen.
  private func memory(
    of turn: SubmissionFacts.Signer, in unfinished: UnfinishedSubmission, _ file: String,
    isAgain: Bool
  ) throws -> KeyMemory {
    let (key, n) = (turn.key, turn.n)
    // A key that signs for the first time has checked no checkpoint, and nothing here says which log
    // it signs for.
    guard try n > 1 || options.logKey != nil || KeyMemory.isKept(of: key, in: keys) else {
      throw Failure(
        "The key \(key) has signed for no log yet, and must be told for which it signs.",
        hint: "Name the log's verifier key, which the office gave you, with --log-key.",
        exit: .usage)
    }
    let memory = try KeyMemory(key, named: options.logKey, in: keys)
    // Who began it, and the command with which that begins anew.
    let author = unfinished.by[0].key
    let anew = "onus sign --again \(ShellWord.quoted(file)) --to FILE --as \(author)"
    guard n == memory.count + 1 || isAgain && n <= memory.count else {
      throw Failure(
        "The submission is to be number \(n) of \(key), whose next is \(memory.count + 1).",
        hint: n <= memory.count
          ? "If what it signed with that number never came into the ledger, say --number \(n)."
          : "Whoever holds \(author) begins it anew: `\(anew) --with \(key)/\(memory.count + 1)`.")
    }
    if n > 1 || memory.checkpoint != nil { try require(unfinished.seen, of: memory, anew) }
    return memory
  }

  /// Throws unless `seen` is the very checkpoint that the key has checked: the text says of every
  /// signer that it saw that.
  private func require(
    _ seen: Submission.Seen, of memory: KeyMemory, _ anew: String
  ) throws {
    guard let checkpoint = memory.checkpoint?.checkpoint else {
      throw KeyMemory.nothing(memory.key)
    }
    if checkpoint.size == seen.size {
      guard checkpoint.root == seen.root else {
        throw Failure(
          "The submission saw another history of \(seen.size.entries) than the one \(memory.key) remembers.",
          hint: "Sign nothing, and keep both: the log may have signed two histories.",
          exit: .violation)
      }
      return
    }
    guard checkpoint.size < seen.size else {
      throw Failure(
        "\(memory.key) has seen \(checkpoint.size.entries), and the submission only \(seen.size).",
        hint:
          "Whoever began it takes a newer checkpoint with `onus checkpoint --take`, and then begins it anew: `\(anew)`."
      )
    }
    throw Failure(
      "The submission has seen \(seen.size.entries), and \(memory.key) has checked \(checkpoint.size).",
      hint:
        "Take that checkpoint first: the office prints it with `onus checkpoint --since \(checkpoint.size)`, and `onus checkpoint --take FILE --log-key \(memory.logKey) --as \(memory.key)` remembers it."
    )
  }
}
