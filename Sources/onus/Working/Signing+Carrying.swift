internal import Cryptography
internal import Encoding
internal import Ledger
internal import TransparencyLog

/// Signing where the ledger is not: against the newest checkpoint that the key remembers.
extension Signing {
  func carry(_ draft: Draft, _ author: VerifierKey, to file: String) throws {
    try draft.requireText()
    guard file == "-" || !Ledger.Files.isRegular(file) else {
      throw Failure(
        "\(file) is there already, and what was signed into it may not have been submitted yet.",
        hint: "Name another file, or delete that one if the office has appended it.")
    }
    var memory = try KeyMemory(author.keyName, named: options.logKey, in: keys)
    let logKey = memory.logKey
    guard let checkpoint = memory.checkpoint else { throw KeyMemory.nothing(author.keyName) }
    let signers = try signers(author) { key in
      try KeyMemory(key, of: logKey, in: keys).count + 1
    }
    try requireNotBehind(signers, checkpoint.checkpoint, logKey)
    let at = try options.at.map { try Self.time($0) } ?? MachineClock.now()
    let submission = try Submission.sign(
      at: at, by: signers,
      seen: Submission.Seen(size: checkpoint.checkpoint.size, root: checkpoint.checkpoint.root),
      events: draft.events)
    let carried = try CarriedSubmission(submission, openings: draft.openings)
    // It holds what is sealed, as the ledger does.
    try Files.write(carried.bytes, to: file, mode: 0o600)
    for signer in signers {
      memory = try KeyMemory(signer.verifierKey.keyName, of: logKey, in: keys)
      memory.count = signer.n
      try memory.save(in: keys)
    }
    if options.place.json {
      Answer.json(["file": .string(file), "submission": .string(Self.name(signers))])
    } else if file != "-" {
      Terminal.standardOutput("signed \(Self.name(signers)) into \(Terminal.safe(file))\n")
      if let remark = draft.remark { Terminal.standardOutput("\(Terminal.safe(remark))\n") }
    }
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
