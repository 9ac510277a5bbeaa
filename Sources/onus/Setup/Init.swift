internal import Accountability
internal import ArgumentParser
internal import Cryptography
internal import Encoding
internal import Ledger
internal import SQLiteStorage
internal import TransparencyLog
internal import Views

struct Init: ParsableCommand {
  static let configuration = help(
    "init", "Open a new ledger: its log key, its registrar, and entry 0.",
    example:
      "onus init --origin beihe.example/plan --registrar D18 --name-en 'Data Administration' --name-zh 省数据局"
  )

  @Option(help: "The log's name; it contains a dot or a slash and never changes.")
  var origin: String
  @Option(help: "The id of the registrar's organisation.") var registrar: String
  @Option(help: "Its kind, such as department.") var kind = "department"
  @Option(help: "Its name in English.") var nameEn: String
  @Option(help: "Its name in Chinese.") var nameZh: String
  @Flag(help: "Keep both keys without a passphrase.") var noPassphrase = false
  @Flag(help: "Take the time from each submission: for demonstrations; every output says so.")
  var simulatedClock = false
  @Option(help: "The time of entry 0, with --simulated-clock.") var at: String?
  @OptionGroup var succession: Succession
  @OptionGroup var place: LedgerOptions

  func run() throws {
    guard OrganisationID(registrar) != nil else { throw Failure.badID(registrar, exit: .usage) }
    try requireOrigin()
    if at != nil, !simulatedClock {
      throw Failure("--at is taken only with --simulated-clock.", exit: .usage)
    }
    let time = try at.map { try Signing.time($0) } ?? MachineClock.now()
    let keys = place.keyFolder
    let unopened = try unopened()
    let predecessor = try succession.predecessor(keys)
    if predecessor == nil, unopened == nil { try requireNoGuard(keys) }
    let logKey = try keys.make(origin, isLog: true, isProtected: !noPassphrase)
    var new = [logKey]
    let author: VerifierKey
    let signing: SigningKey
    if let existing = try keys.newestKey(of: registrar) {
      (author, signing) = (existing, try keys.signingKey(existing))
    } else {
      let key = try keys.make(registrar, isProtected: !noPassphrase)
      new.append(key)
      (author, signing) = (key.verifier, key.signing)
    }
    var opening = LedgerOpening(
      logKey: logKey.verifier, registrar: author, kind: kind, nameEnglish: nameEn,
      nameChinese: nameZh)
    opening.clock = simulatedClock ? .simulated : .system
    opening.predecessor = predecessor
    let submission = try opening.sign(at: time, with: signing)
    // Two of one name may have been begun at once: the second looks again when the first is done.
    let receipt = try keys.withLock {
      if predecessor == nil, unopened == nil { try requireNoGuard(keys) }
      return try open(unopened, with: submission, logKey: logKey, new, keys)
    }
    try Signing.remember(
      receipt, of: logKey.verifier, [SubmissionSigner(author, signing, n: 1)], keys)
    report(logKey.verifier, author, predecessor)
  }

  /// Refuses a second ledger of a name whose log key and guard lie here: most likely the first was lost,
  /// and whoever knows it would take the new one for a forgery.
  private func requireNoGuard(_ keys: KeyFolder) throws {
    for log in try keys.logKeys() where log.name.utf8.elementsEqual(origin.utf8) {
      let path = Guard(folder: keys.path, logKey: log).path
      guard Files.exists(path) else { continue }
      throw Failure(
        "There is a ledger of the name \(origin) already: its log key and its guard are in \(keys.path).",
        hint:
          "If its folder was lost, bring it back with `onus restore --from EXPORT`; if it cannot go on, name it with --succeeds; else choose another --origin, or another folder with --keys."
      )
    }
  }

  /// The empty store that an `init` left which was stopped before entry 0.
  private func unopened() throws -> LedgerFolder? {
    guard Files.exists("\(place.folder)/ledger.db") else { return nil }
    let folder = try LedgerFolder(place.folder, for: .readWrite)
    guard try folder.isEmpty else {
      throw Failure("There is a ledger in \(place.folder) already.", hint: "Choose another folder.")
    }
    return folder
  }

  /// Opens the ledger; if that fails, leaves both folders as they were.
  private func open(
    _ unopened: LedgerFolder?, with submission: Submission, logKey: KeyFolder.NewKey,
    _ new: [KeyFolder.NewKey], _ keys: KeyFolder
  ) throws -> Receipt {
    let hadFolder = Files.exists(place.folder)
    let folder = try unopened ?? LedgerFolder.create(at: place.folder)
    let guardFile = Guard(folder: keys.path, logKey: logKey.verifier)
    do {
      for key in new { try keys.keep(key) }
      let writer = try Writer(
        store: folder.store, signingKey: logKey.signing, guard: guardFile,
        state: try folder.views(), clock: { MachineClock.now() })
      return try writer.open(with: try CarriedSubmission(submission)).receipt
    } catch {
      // What was committed stays, with its keys: the next command settles it.
      if (try? folder.isEmpty) == true {
        try? folder.store.close()
        if unopened == nil { folder.remove(withFolder: !hadFolder) }
        for key in new { try? keys.discard(key) }
        for suffix in ["", ".lock"] { try? Files.remove(guardFile.path + suffix) }
      }
      throw error
    }
  }

  private func report(
    _ logKey: VerifierKey, _ author: VerifierKey, _ predecessor: Predecessor?
  ) {
    if place.json {
      var answer: JSONObject = [
        "logKey": .string(logKey.description), "registrar": .string(author.description),
      ]
      answer["predecessor"] = predecessor?.json
      Answer.json(answer)
      return
    }
    Terminal.standardOutput(
      """
      opened \(origin) in \(place.folder)\(simulatedClock ? ", with a simulated clock" : "")
      log key    \(logKey)
      registrar  \(author)
      Give the log key to everyone who will check this ledger: it is what they trust.

      """)
    guard let predecessor else { return }
    let old = predecessor.checkpoint.checkpoint
    Terminal.standardOutput(
      """
      successor  of \(old.origin): \(predecessor.recoveredSize) of \(old.size) entries recovered
      Append nothing more to the old ledger, and keep it: entry 0 of this one says what is left of it.

      """)
  }

  private func requireOrigin() throws {
    guard origin.utf8.contains(where: { $0 == 0x2E || $0 == 0x2F }), !origin.hasPrefix("onus/"),
      KeyName.isName(origin)
    else {
      throw Failure(
        "An origin contains a dot or a slash, has no spaces or plus signs, and does not begin with onus/.",
        hint: "For example beihe.example/plan.", exit: .usage)
    }
  }
}
