internal import Accountability
internal import Cryptography
internal import Encoding
internal import Ledger
internal import SQLiteStorage
internal import TransparencyLog
internal import Views

/// Turns a draft into a signed submission, and either appends it or writes it down to be carried.
struct Signing {
  let options: WriteOptions
  let further: [String]
  /// Whether the further keys are enrolled by what they sign: their count begins there.
  let furtherIsNew: Bool
  /// Whether the same was signed before, so that a key may have used its number up.
  let isAgain: Bool
  /// Whether the number was named, and what comes after it follows on.
  let isNumbered: Bool
  let keys: KeyFolder

  init(
    _ options: WriteOptions, further: [String] = [], furtherIsNew: Bool = false,
    isAgain: Bool = false, isNumbered: Bool = false
  ) {
    self.isAgain = isAgain
    self.isNumbered = isNumbered
    self.options = options
    self.further = further
    self.furtherIsNew = furtherIsNew
    keys = options.place.keyFolder
  }

  /// Signs and appends, or signs and writes.
  ///
  /// - Parameter numbers: With which number a key signs where it signs and writes, if it is not the
  ///   one after its last: a refusal consumes none, and the key cannot know of it.
  func finish(_ draft: Draft, author: VerifierKey, numbers: [KeyName: UInt64] = [:]) throws {
    if let file = options.signTo {
      try carry(draft, author, numbers, to: file)
    } else {
      try append([draft], author)
    }
  }

  // MARK: Appending here

  /// Signs and appends several submissions of one author, in order and in one commit.
  ///
  /// - Parameter failure: What is said of the first that is rejected, by its place in `drafts`.
  func append(
    _ drafts: [Draft], _ author: VerifierKey,
    failure: (Int, Rejection) -> Failure = { Failure($1) }
  ) throws {
    guard drafts.count == 1 || options.receipt == nil else {
      throw Failure(
        "This signs \(drafts.count) submissions, and --receipt takes the receipt of one.",
        hint: "Leave it out; `onus prove ENTRY --note FILE` makes each.", exit: .usage)
    }
    // Before a passphrase is asked for.
    let signing = try vkeys(author)
    let folder = try LedgerFolder(options.place.folder, for: .readWrite)
    let office = try Office(folder, keys: keys)
    // The memories first: what another process of these keys remembers was released before it did, so
    // the checkpoint that is read after them is never older.
    let memories = try signing.map {
      try KeyMemory($0.keyName, of: office.writer.logKey, in: keys)
    }
    if try folder.hasUnpublished { try office.writer.settle() }
    let checkpoint = try folder.released().checkpoint
    let at = try time(in: folder, after: checkpoint)
    let seen = Submission.Seen(size: checkpoint.size, root: checkpoint.root)
    for memory in memories {
      try requireExtension(of: memory, by: checkpoint, folder, office)
      try warn(of: memory, office)
    }
    var signed: [(submission: Submission, signers: [SubmissionSigner])] = []
    var carried: [CarriedSubmission] = []
    for draft in drafts {
      try draft.requireText()
      let signers = try signers(author) { key in
        try office.count(of: key) + UInt64(signed.count) + 1
      }
      let submission = try Submission.sign(at: at, by: signers, seen: seen, events: draft.events)
      signed.append((submission, signers))
      carried.append(try CarriedSubmission(submission, openings: draft.openings))
    }
    let repetition = Repetition(in: folder, office.views)
    for draft in drafts {
      let notes = try repetition.notes(
        on: draft.events, by: author.keyName, draft.openings)
      for note in notes { Terminal.note(note) }
    }
    var batch = AppendOptions()
    batch.stopsAtRejection = true
    let results = try office.writer.append(carried, options: batch)
    for (place, (item, result)) in zip(signed, results).enumerated() {
      let appended: Appended
      do { appended = try result.get() } catch { throw failure(place, error) }
      do {
        try Self.remember(appended.receipt, of: office.writer.logKey, item.signers, keys)
        if let file = options.receipt { try Self.keep(appended.receipt, of: item.submission, file) }
      } catch {
        // It must not look as if nothing had been appended.
        throw Failure(
          "Entry \(appended.index) is in the ledger, but: \(Failure(error).message)",
          hint: "Do not sign it again; `onus prove \(appended.index)` makes its receipt.")
      }
      report(appended, item.submission, item.signers, drafts[place].remark)
    }
  }

  /// Says that a number is used here which the key has signed into a file that is not appended yet.
  private func warn(of memory: KeyMemory, _ office: Office) throws {
    let next = try office.count(of: memory.key) + 1
    guard memory.count >= next else { return }
    Terminal.standardError(
      "onus: \(memory.key) has signed number \(next) into a file that is not in the ledger; this takes the number, so if that file is still under way, sign it again when it is back.\n"
    )
  }

  /// Refuses to sign against a ledger that lost or changed what the key has seen of it
  /// (`docs/formats/keys.md`, *What a key remembers*).
  ///
  /// The guard is asked first where they disagree, since it says more exactly what happened.
  private func requireExtension(
    of memory: KeyMemory, by checkpoint: Checkpoint, _ folder: LedgerFolder, _ office: Office
  ) throws {
    guard let old = memory.checkpoint?.checkpoint else {
      return try requireNoOther(memory.key, office.writer.logKey, folder)
    }
    if old.size <= checkpoint.size,
      try MerkleTree.root(ofSize: old.size, from: StoreTiles(folder.store)) == old.root
    {
      return
    }
    try office.writer.settle()
    throw Failure.notExtended(old.size, memory.key)
  }

  /// Refuses to sign for the first time for a log whose origin the key knows under another log key,
  /// until the key was told that this log is the one. That entry 0 names the other as its
  /// predecessor is not enough: anybody can name a checkpoint that was published.
  private func requireNoOther(
    _ key: KeyName, _ logKey: VerifierKey, _ folder: LedgerFolder
  ) throws {
    for other in try KeyMemory.logs(of: key, in: keys)
    where other != logKey && other.name.utf8.elementsEqual(logKey.name.utf8) {
      guard try folder.predecessor()?.isSigned(by: other) != true else {
        throw Failure(
          "The key \(key) signs for \(other), and this ledger says that it continues that one under \(logKey).",
          hint:
            "If the office confirms that log key: `onus checkpoint > FILE`, then `onus checkpoint --take FILE --log-key \(logKey) --as \(key)`.",
          exit: .notChecked)
      }
      throw Failure(
        "The key \(key) signs for \(other), and this ledger has the same name under another log key.",
        hint: "Sign nothing here, and ask the office which of the two is the ledger.",
        exit: .violation)
    }
  }

  /// The time to sign with: the machine's, or in a simulated ledger the one that is given.
  private func time(in folder: LedgerFolder, after checkpoint: Checkpoint) throws -> Timestamp {
    let isSimulated = try folder.clock() == .simulated
    guard let text = options.at else {
      guard isSimulated else { return MachineClock.now() }
      // A simulated clock stands still until somebody moves it.
      return try folder.time(ofSize: checkpoint.size) ?? MachineClock.now()
    }
    guard isSimulated else {
      throw Failure(
        "This ledger runs on the machine's clock, and --at cannot set it.",
        hint: "Leave --at away; only a ledger opened with --simulated-clock takes it.", exit: .usage
      )
    }
    return try Self.time(text)
  }

  static func time(_ text: String) throws -> Timestamp {
    guard let time = Timestamp(text) else {
      throw Failure(
        "\(TextRules.quoted(text)) is not a time such as 2024-06-30T08:00:00.000Z.", exit: .usage)
    }
    return time
  }

  // MARK: Parts

  /// Writes a receipt, and beside it the submission that it is checked with.
  private static func keep(
    _ receipt: Receipt, of submission: Submission, _ file: String
  ) throws(Failure) {
    try Files.write(receipt.bytes, to: file)
    guard Ledger.Files.isRegular(file) else { return }
    let note = "\(file).note"
    if Ledger.Files.isRegular(note),
      !FileKind.note.begins(try Files.read(note, limit: Limits.carriedByteCount))
    {
      throw Failure(
        "\(note) is there and holds no submission, so that what the receipt is checked with was not written beside it.",
        hint: "Move it away; `onus prove ENTRY --note FILE` writes the submission.")
    }
    try Files.write(submission.bytes, toDerived: note)
  }

  /// Every key that signs, with its private half.
  ///
  /// - Throws: `Failure` if one is not on this machine.
  func signers(
    _ author: VerifierKey, next: (KeyName) throws -> UInt64
  ) throws -> [SubmissionSigner] {
    try vkeys(author).map { vkey in
      SubmissionSigner(vkey, try keys.signingKey(vkey), n: try next(vkey.keyName))
    }
  }

  /// Every key that signs, the author's first, each once; all of them are on this machine.
  private func vkeys(_ author: VerifierKey) throws -> [VerifierKey] {
    try parties(author).map { party in
      guard case .here(let key) = party else { throw CoSigner.missing(party.name, in: keys) }
      return key
    }
  }

  /// Everybody who signs, the author first, each once.
  ///
  /// - Throws: `Failure` if `--with` names a key that signs already: who types it means another one.
  func parties(_ author: VerifierKey) throws -> [CoSigner] {
    var parties = [CoSigner.here(author)]
    let implied =
      try further.map { text in
        let party = try CoSigner(text, in: keys) { try keys.key($0) }
        guard furtherIsNew, case .elsewhere(let name, nil) = party else { return party }
        return .elsewhere(name, n: 1)
      }
    let named = try options.cosigners.map { try CoSigner($0, in: keys, newest: options.signer) }
    for (place, party) in named.enumerated()
    where party.name == author.keyName || named[..<place].contains(where: { $0.name == party.name })
    {
      throw Failure(
        "\(party.name) is named twice among those who sign, and a key signs once.",
        hint: "Name the other key in full as NAME+id: `onus key list` lists those that are here.",
        exit: .usage)
    }
    for party in implied + named where !parties.contains(where: { $0.name == party.name }) {
      parties.append(party)
    }
    return parties
  }

  static func name(_ signers: [SubmissionSigner]) -> String {
    signers.map { "\($0.verifierKey.keyName)/\($0.n)" }.joined(separator: " ")
  }

  /// Keeps, for each key that signed, its count and the checkpoint its receipt proves.
  static func remember(
    _ receipt: Receipt, of logKey: VerifierKey, _ signers: [SubmissionSigner], _ keys: KeyFolder
  ) throws {
    for signer in signers {
      var memory = try KeyMemory(signer.verifierKey.keyName, of: logKey, in: keys)
      memory.count = max(memory.count, signer.n)
      // Another process of this key may have seen more meanwhile.
      if memory.checkpoint.map({ $0.checkpoint.size < receipt.checkpoint.checkpoint.size }) ?? true
      {
        memory.checkpoint = receipt.checkpoint
      }
      try memory.save(in: keys)
    }
  }

  private func report(
    _ appended: Appended, _ submission: Submission, _ signers: [SubmissionSigner],
    _ remark: String?
  ) {
    if options.place.json {
      Answer.json([
        "entry": .integer(Int64(appended.index)), "submission": .string(Self.name(signers)),
        "events": .integer(Int64(submission.events.count)),
        "repeat": .bool(appended.isRepeat),
      ])
    } else {
      Terminal.standardOutput("entry \(appended.index)  \(Self.name(signers))\n")
      if let remark { Terminal.standardOutput("\(Terminal.safe(remark))\n") }
    }
  }
}
