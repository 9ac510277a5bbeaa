import Accountability
import Cryptography
import Encoding
import Ledger
import Synchronization
import Testing
import TransparencyLog

/// Writes a ledger the honest way: everything is signed by whom it should be and let in by the
/// writer itself.
final class Teller {
  let cast: Cast
  let store = MemoryStore()
  let guardFile: Guard
  private(set) var receipts: [Receipt] = []
  private(set) var checkpoints: [SignedCheckpoint] = []
  private let folder: TemporaryFolder
  private let clock: Clock
  private let writer: Writer
  private var counts: [KeyName: UInt64] = [:]

  /// A clock that stands where it is put.
  private final class Clock: Sendable {
    private let time: Mutex<Timestamp>
    init(_ time: Timestamp) { self.time = Mutex(time) }
    var now: Timestamp {
      get { time.withLock { $0 } }
      set { time.withLock { $0 = newValue } }
    }
  }

  /// Keys and an empty store; nothing is open yet.
  init(_ cast: Cast, start: String = "2026-01-05T01:00:00.000Z") throws {
    self.cast = cast
    folder = try TemporaryFolder()
    let clock = Clock(try #require(Timestamp(start)))
    self.clock = clock
    guardFile = Guard(folder: folder.path, logKey: cast.log.vkey)
    writer = try Writer(
      store: store, signingKey: cast.log.key, guard: guardFile, state: WholeState(),
      clock: { clock.now })
  }

  /// A ledger that is opened, and no more, as it lies on the disk.
  static func opened(_ cast: Cast) throws -> Truth {
    let teller = try Teller(cast)
    try teller.open()
    return try Truth(teller.store)
  }

  /// Opens the ledger: entry 0, by REG.
  func open() throws {
    let registrar = cast["REG"]
    counts[registrar.name] = 1
    let opening = LedgerOpening(
      logKey: cast.log.vkey, registrar: registrar.vkey, kind: "office", nameEnglish: "Registry",
      nameChinese: "登记处")
    take(try writer.open(with: CarriedSubmission(opening.sign(at: clock.now, with: registrar.key))))
  }

  /// Says events in one submission, an hour after the last.
  ///
  /// - Parameters:
  ///   - who: Who signs, the author first.
  ///   - unseen: How many of the newest entries the author had not seen.
  ///   - day: The day on which it is said, if not the same.
  func say(
    _ who: String..., events: [Event], openings: [Opening] = [], unseen: UInt64 = 0,
    on day: String? = nil
  ) throws {
    clock.now =
      try day.map { try #require(Timestamp("\($0)T01:00:00.000Z")) }
      ?? clock.now.adding(milliseconds: 3_600_000)
    let signers = who.map { label in
      let signer = cast[label]
      counts[signer.name, default: 0] += 1
      return SubmissionSigner(signer.vkey, signer.key, n: counts[signer.name] ?? 0)
    }
    let seen = checkpoints[checkpoints.count - 1 - Int(unseen)].checkpoint
    let submission = try Submission.sign(
      at: clock.now, by: signers, seen: .init(size: seen.size, root: seen.root), events: events)
    take(try writer.append(CarriedSubmission(submission, openings: openings)))
  }

  /// How the newest submission of a key is cited, as JSON.
  func cite(_ label: String, event: Int = 1) -> String {
    let name = cast[label].name
    return "\"\(Citation(key: name, n: counts[name] ?? 0, event: event))\""
  }

  private func take(_ appended: Appended) {
    receipts.append(appended.receipt)
    checkpoints.append(appended.receipt.checkpoint)
  }
}

/// An event of the ledger itself; its data as canonical JSON.
func event(_ type: String, _ data: String = "{}") throws -> Event {
  Event(type: EventType(type), subject: .none, data: try object(data))
}

/// An event about an organisation.
func event(_ type: String, org name: String, _ data: String = "{}") throws -> Event {
  let id = try #require(OrganisationID(name))
  return Event(type: EventType(type), subject: .organisation(id), data: try object(data))
}

/// An event about a task.
func event(_ type: String, task name: String, _ data: String = "{}") throws -> Event {
  let id = try #require(TaskID(name))
  return Event(type: EventType(type), subject: .task(id), data: try object(data))
}

private func object(_ text: String) throws -> JSONObject {
  try #require(try CanonicalJSON.parse(Array(text.utf8)).object)
}
