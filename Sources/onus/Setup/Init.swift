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
  @OptionGroup var place: LedgerOptions

  func run() throws {
    guard OrganisationID(registrar) != nil else { throw Failure.badID(registrar, exit: .usage) }
    try requireOrigin()
    if at != nil, !simulatedClock {
      throw Failure("--at is taken only with --simulated-clock.", exit: .usage)
    }
    let time = try at.map { try Signing.time($0) } ?? MachineClock.now()
    let keys = place.keyFolder
    if Files.exists("\(place.folder)/ledger.db") {
      throw Failure("There is a ledger in \(place.folder) already.", hint: "Choose another folder.")
    }
    let (logKey, logSigning) = try keys.make(origin, isLog: true, isProtected: !noPassphrase)
    let author: VerifierKey
    let signing: SigningKey
    if let existing = try keys.newestKey(of: registrar) {
      author = existing
      signing = try keys.signingKey(existing)
    } else {
      (author, signing) = try keys.make(registrar, isProtected: !noPassphrase)
    }
    let signer = SubmissionSigner(author, signing, n: 1)
    let submission = try Submission.sign(
      at: time, by: [signer], seen: .nothing, events: try opening(logKey, author))
    let folder = try LedgerFolder.create(at: place.folder)
    let writer = try Writer(
      store: folder.store, signingKey: logSigning, guard: Guard(folder: keys.path, logKey: logKey),
      state: try folder.views(), clock: { MachineClock.now() })
    let appended = try writer.open(with: try CarriedSubmission(submission))
    try Signing.remember(appended.receipt, note: submission.bytes, [signer], keys)
    if place.json {
      Answer.json(["logKey": .string(logKey.description), "registrar": .string(author.description)])
    } else {
      Terminal.standardOutput(
        """
        opened \(origin) in \(place.folder)\(simulatedClock ? ", with a simulated clock" : "")
        log key    \(logKey)
        registrar  \(author)
        Give the log key to everyone who will check this ledger: it is what they trust.

        """)
    }
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

  private func opening(_ logKey: VerifierKey, _ author: VerifierKey) throws -> [Event] {
    var draft = Draft(author: author.keyName)
    let subject = try Event.Subject.organisation(named: registrar)
    draft.add(
      "ledger.opened", .none,
      [
        ("clock", .string(simulatedClock ? "simulated" : "system")), ("origin", .string(origin)),
        ("rules", .integer(Int64(Rules.newest))), ("suite", .string("ed25519-sha256")),
        ("vkey", .string(logKey.description)),
      ])
    draft.add(
      "org.registered", subject,
      [("kind", .string(kind)), ("nameEn", .string(nameEn)), ("nameZh", .string(nameZh))])
    draft.add("key.enrolled", subject, [("vkey", .string(author.description))])
    draft.add("role.granted", subject, [("role", .string("registrar"))])
    return draft.events
  }
}
