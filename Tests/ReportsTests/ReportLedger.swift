import Accountability
import Cryptography
import Encoding
import FoundationEssentials
import Ledger
import Reports
import Synchronization
import Testing
import TransparencyLog
import Views

/// A small ledger in memory that comes out the same to the byte each time: two units under a plan
/// of seven tasks, with everything in it that a scorecard counts (`Story` says what happens).
final class ReportLedger {
  /// What a test varies.
  struct Variation {
    var origin = "beihe.example/plan"
    var titleEnglish = "Roads of Beihe"
    var titleChinese = "北河公路行动"
    var nameEnglish = "Transport"
    var nameChinese = "交通厅"
    /// The per cent of the first report: with another, the log has another root.
    var percent = 50
  }

  /// A key and how far its count has come.
  private final class Signer {
    let vkey: VerifierKey
    let key: SigningKey
    var n: UInt64 = 0

    init(_ name: String, seed: UInt8) throws {
      key = try SigningKey(seed: [UInt8](repeating: seed, count: 32))
      vkey = try VerifierKey(name: name, publicKey: key.publicKey)
    }
  }

  /// A clock that stands where the story puts it.
  private final class Clock: Sendable {
    private let milliseconds = Mutex<Int64>(0)
    var now: Timestamp {
      get { Timestamp(milliseconds: milliseconds.withLock { $0 }) }
      set { milliseconds.withLock { $0 = newValue.milliseconds } }
    }
  }

  let store = MemoryStore()
  let folder: String
  private let clock = Clock()
  private let writer: Writer
  private var signers: [String: Signer] = [:]

  init(_ variation: Variation = Variation()) throws {
    let name = "onus-reports-\(UInt64.random(in: 0 ... .max))"
    folder = "\(FileManager.default.temporaryDirectory.path)/\(name)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let log = try Signer(variation.origin, seed: 200)
    writer = try Writer(
      store: store, signingKey: log.key, guard: Guard(folder: folder, logKey: log.vkey),
      state: WholeState(), patience: .milliseconds(50), clock: { [clock] in clock.now })
    clock.now = try #require(Timestamp("2024-01-02T00:00:00.000Z"))
    let registrar = try signer("D18")
    registrar.n = 1
    var opening = LedgerOpening(
      logKey: log.vkey, registrar: registrar.vkey, kind: "office", nameEnglish: "Data",
      nameChinese: "数据局")
    opening.clock = .simulated
    _ = try writer.open(
      with: CarriedSubmission(opening.sign(at: clock.now, with: registrar.key)))
    try Story.play(in: self, variation)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  // MARK: Reading

  /// What of it is read.
  var stored: StoredLog { StoredLog(store: store) }

  /// The report out of views that were filled from the log.
  func reportFromViews(_ format: ReportFormat, _ language: ReportLanguage) throws -> [UInt8] {
    let views = try ViewStore.open(
      at: "\(folder)/views-\(UInt32.random(in: 0 ... .max)).db", of: store)
    let position = try views.position()
    let source = try ReportSource(
      kind: ScorecardReport.kind, programme: views.programme(), size: position.size,
      root: position.root.base64, lastEntry: clock.now, time: #require(Timestamp(Story.time)),
      voidEntries: views.voidEntries().map(\.entry), format: format, language: language)
    return ScorecardReport(source).render()
  }

  // MARK: Saying things

  /// One event: its subject, `T…` a task and else an organisation, and its data as JSON.
  func event(_ type: String, _ subject: String? = nil, _ data: String = "{}") throws -> Event {
    let object = try #require(try CanonicalJSON.parse(Array(data.utf8)).object, "\(data)")
    var about = Event.Subject.none
    if let subject {
      about =
        subject.hasPrefix("T")
        ? .task(try #require(TaskID(subject)))
        : .organisation(try #require(OrganisationID(subject)))
    }
    return Event(type: EventType(type), subject: about, data: object)
  }

  /// Signs events and appends them at a time; says how events cite the first of them, with a full
  /// stop at the end: `D02+1a2b3c4d/3.`
  @discardableResult
  func say(
    _ time: String, _ names: [String], _ events: [Event], openings: [Opening] = []
  ) throws -> String {
    clock.now = try #require(Timestamp("\(time)Z"))
    let by = try names.map { name in
      let signer = try signer(name)
      signer.n += 1
      return SubmissionSigner(signer.vkey, signer.key, n: signer.n)
    }
    let checkpoint = try #require(try store.head()?.released)
    let head = try SignedCheckpoint(checkpoint).checkpoint
    let submission = try Submission.sign(
      at: clock.now, by: by, seen: .init(size: head.size, root: head.root), events: events)
    var options = AppendOptions()
    options.allowsGap = true
    _ = try writer.append(CarriedSubmission(submission, openings: openings), options: options)
    let author = try signer(names[0])
    return "\(author.vkey.keyName)/\(author.n)."
  }

  /// Registers an organisation and enrols its first key.
  func enrol(_ name: String, english: String, chinese: String) throws -> [Event] {
    let names: JSONObject = [
      "kind": .string("department"), "nameEn": .string(english), "nameZh": .string(chinese),
    ]
    return [
      Event(
        type: "org.registered", subject: .organisation(try #require(OrganisationID(name))),
        data: names),
      try event("key.enrolled", name, #"{"vkey":"\#(try signer(name).vkey)"}"#),
    ]
  }

  /// The key name that seals of this organisation are bound to.
  func keyName(_ name: String) throws -> KeyName { try signer(name).vkey.keyName }

  private func signer(_ name: String) throws -> Signer {
    if let signer = signers[name] { return signer }
    let signer = try Signer(name, seed: UInt8(signers.count + 1))
    signers[name] = signer
    return signer
  }
}

/// A ledger that is only read, which tests can share.
struct StoredLog: Sendable {
  let store: MemoryStore

  private static let kept = Result { try ReportLedger().stored }

  /// The ledger of `Story`, made once.
  static func story() throws -> StoredLog { try kept.get() }

  var size: UInt64 { get throws { try #require(try store.head()).size } }

  /// The report of the first `size` entries.
  func report(
    _ format: ReportFormat, _ language: ReportLanguage = .english, size: UInt64? = nil,
    at time: String = Story.time
  ) throws -> ScorecardReport {
    let folded = try FoldedLog(of: store, size: size)
    return ScorecardReport(
      try ReportSource(
        kind: ScorecardReport.kind, folded, at: #require(Timestamp(time)), format: format,
        language: language))
  }

  func verify(_ bytes: [UInt8]) throws -> ReportProvenance {
    try ReportProvenance.verify(bytes, against: store, released: size)
  }
}
