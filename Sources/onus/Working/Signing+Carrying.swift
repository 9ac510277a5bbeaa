internal import Accountability
internal import Cryptography
internal import Encoding
internal import Ledger
internal import SQLiteStorage
internal import TransparencyLog

/// Signing where the ledger is not: against the newest checkpoint that the key remembers.
extension Signing {
  func carry(
    _ draft: Draft, _ author: VerifierKey, _ numbers: [KeyName: UInt64], to file: String
  ) throws {
    let here = try parties(author).compactMap { party -> KeyName? in
      guard case .here(let key) = party else { return nil }
      return key.keyName
    }
    try KeyMemory.withLock(on: here, in: keys) {
      try carryAlone(draft, author, numbers, to: file)
    }
  }

  private func carryAlone(
    _ draft: Draft, _ author: VerifierKey, _ numbers: [KeyName: UInt64], to file: String
  ) throws {
    try draft.requireText()
    // Before a number is spent on what no ledger would take.
    try EventCatalogue.requireForm(of: draft.events)
    guard file == "-" || !Ledger.Files.isRegular(file) else {
      throw Failure(
        "\(file) is there already, and what was signed into it may not have been submitted yet.",
        hint: "Name another file, or delete that one if the office has appended it.")
    }
    var memory = try KeyMemory(author.keyName, named: options.logKey, in: keys)
    let logKey = memory.logKey
    guard let checkpoint = memory.checkpoint else { throw KeyMemory.nothing(author.keyName) }
    let atHand = try LedgerAtHand(options.place.folder, of: logKey)
    var by: [SubmissionFacts.Signer] = []
    var signers: [SubmissionSigner] = []
    for party in try parties(author) {
      let name = party.name
      // A key that this enrols begins here, whatever it signed before that was never taken.
      let known = draft.enrols(name) ? 1 : numbers[name]
      switch party {
      case .here(let key):
        // What the ledger at hand holds was signed, whatever the key remembers.
        let count = try KeyMemory(name, of: logKey, in: keys).count
        let n = try known ?? max(count, atHand.count(of: name) ?? 0) + 1
        signers.append(SubmissionSigner(key, try keys.signingKey(key), n: n))
        by.append(SubmissionFacts.Signer(key: name, n: n))
      case .elsewhere(_, let n):
        by.append(SubmissionFacts.Signer(key: name, n: try n ?? known ?? next(of: name, atHand)))
      }
    }
    try requireNotBehind(signers, checkpoint.checkpoint, logKey)
    let unfinished = try UnfinishedSubmission(
      at: try options.at.map { try Self.time($0) } ?? atHand.simulatedTime ?? MachineClock.now(),
      by: by,
      seen: Submission.Seen(size: checkpoint.checkpoint.size, root: checkpoint.checkpoint.root),
      events: draft.events, signers: signers, openings: draft.openings)
    try requireForeseeable(unfinished, of: logKey, atHand)
    try Self.write(unfinished, to: file) {
      for signer in signers {
        memory = try KeyMemory(signer.verifierKey.keyName, of: logKey, in: keys)
        // What was signed before under later numbers may still be under way.
        let isEarlier = isAgain && !isNumbered
        memory.count = isEarlier ? max(memory.count, signer.n) : signer.n
        try memory.save(in: keys)
      }
    }
    report(unfinished, signers, file, of: logKey, draft.remark)
  }

  /// Writes it, finished if everybody has signed, and then remembers that it was signed.
  ///
  /// What could not be written was not signed; what could not be remembered is taken back.
  static func write(
    _ unfinished: UnfinishedSubmission, to file: String, remembering remember: () throws -> Void
  ) throws {
    let bytes = try unfinished.finished()?.bytes ?? unfinished.bytes
    guard bytes.count <= Limits.carriedByteCount else {
      throw Failure(
        "With what is sealed in it the submission has \(bytes.count) bytes, and at most \(Limits.carriedByteCount) are carried in one file.",
        hint: "Sign it as several submissions, each with some of the files.")
    }
    // It holds what is sealed, as the ledger does.
    try Files.writeNew(bytes, to: file, mode: 0o600)
    try Terminal.requireWritten()
    do {
      try remember()
    } catch {
      if Ledger.Files.isRegular(file) { try? Files.remove(file) }
      throw error
    }
  }

  func report(
    _ unfinished: UnfinishedSubmission, _ signers: [SubmissionSigner], _ file: String,
    of logKey: VerifierKey, _ remark: String? = nil
  ) {
    let missing = unfinished.missing
    if options.place.json {
      var answer: JSONObject = [
        "file": .string(file), "submission": .string(Self.name(signers)),
      ]
      if !missing.isEmpty {
        answer["missing"] = .array(missing.map { .string($0.key.description) })
      }
      return Answer.json(answer)
    }
    guard !Files.isStream(file) else { return }
    Terminal.standardOutput("signed \(Self.name(signers)) into \(Terminal.safe(file))\n")
    if let remark { Terminal.standardOutput("\(Terminal.safe(remark))\n") }
    for signer in missing {
      var command = "onus sign --join \(ShellWord.quoted(file)) --to FILE --as \(signer.key)"
      // A new key knows no log yet, and one that signed before has used its number up.
      if signer.n == 1 { command += " --log-key \(logKey)" }
      if isAgain { command += " --number \(signer.n)" }
      Terminal.standardOutput(
        Terminal.safe("it still needs \(signer.key): carry it there, and sign with `\(command)`")
          + "\n")
    }
  }

  /// The number that a key on another machine signs with next, where a ledger is at hand to say so.
  private func next(of key: KeyName, _ atHand: LedgerAtHand) throws -> UInt64 {
    if let count = try atHand.count(of: key) { return count + 1 }
    if case .another(let folder) = atHand {
      throw Failure(
        "The ledger in \(folder.path) is another than the one this is signed for.",
        hint: "Say the number as --with \(key)/N.", exit: .usage)
    }
    throw Failure(
      "Nothing here says which number of \(key) this is.",
      hint: "Say it as --with \(key)/N, N being one more than it has signed.", exit: .usage)
  }

  /// Refuses to sign for a key that has seen more than what is signed against: the rules would.
  private func requireNotBehind(
    _ signers: [SubmissionSigner], _ checkpoint: Checkpoint, _ logKey: VerifierKey
  ) throws {
    for signer in signers {
      let key = signer.verifierKey.keyName
      guard let seen = try KeyMemory(key, of: logKey, in: keys).checkpoint?.checkpoint else {
        continue
      }
      guard seen.size != checkpoint.size || seen.root == checkpoint.root else {
        throw Failure(
          "The log has signed two histories of \(seen.size.entries): \(key) remembers another than what is signed against.",
          hint: "Sign nothing, and keep both memories: they prove it.", exit: .violation)
      }
      guard seen.size <= checkpoint.size else {
        let author = signers[0].verifierKey.keyName
        throw Failure(
          "\(key) has seen \(seen.size.entries) of the log, and \(author), against whose checkpoint this is signed, \(checkpoint.size).",
          hint:
            "Take a newer one first: `onus checkpoint --take FILE --log-key VKEY --as \(author)`.")
      }
    }
  }
}
