import Accountability
import Cryptography
import Encoding
import Ledger
import Synchronization
import Testing
import TransparencyLog

/// A ledger in memory, its keys, and a clock that the test sets.
final class LedgerFixture {
  /// A key and how far its count has come.
  final class Signer {
    let vkey: VerifierKey
    let key: SigningKey
    var n: UInt64 = 0

    init(_ name: String, seed: UInt8) throws {
      key = try SigningKey(seed: [UInt8](repeating: seed, count: 32))
      vkey = try VerifierKey(name: name, publicKey: key.publicKey)
    }
  }

  /// A clock that stands where it is put.
  final class Clock: Sendable {
    private let milliseconds: Mutex<Int64>
    init(_ time: Timestamp) { milliseconds = Mutex(time.milliseconds) }
    var now: Timestamp {
      get { Timestamp(milliseconds: milliseconds.withLock { $0 }) }
      set { milliseconds.withLock { $0 = newValue.milliseconds } }
    }
    func advance(_ seconds: Double) { now = now.adding(milliseconds: Int64(seconds * 1000)) }
  }

  static let origin = "beihe.example/plan"

  let folder = TemporaryFolder()
  let log: Signer
  let registrar: Signer
  let clock: Clock
  let store: MemoryStore
  let faulty: FaultyStore
  let state: any StateSource
  var writer: Writer

  /// Keys and an empty store; nothing is open yet.
  init(store: MemoryStore = MemoryStore(), state: any StateSource = WholeState()) throws {
    log = try Signer(Self.origin, seed: 200)
    registrar = try Signer("D01", seed: 1)
    let clock = Clock(try #require(Timestamp("2026-11-22T03:00:00.000Z")))
    self.clock = clock
    self.store = store
    self.state = state
    faulty = FaultyStore(store)
    writer = try Writer(
      store: faulty, signingKey: log.key, guard: Guard(folder: folder.path, logKey: log.vkey),
      state: state, patience: .milliseconds(50), clock: { clock.now })
  }

  /// A ledger with its entry 0.
  static func opened(clock kind: ClockKind = .system) throws -> LedgerFixture {
    let fixture = try LedgerFixture()
    _ = try fixture.writer.open(with: fixture.opening(clock: kind))
    return fixture
  }

  var guardFile: Guard { Guard(folder: folder.path, logKey: log.vkey) }

  /// A new writer over the same store and guard, as another process would have.
  func reopen(state: (any StateSource)? = nil) throws {
    writer = try Writer(
      store: faulty, signingKey: log.key, guard: guardFile, state: state ?? self.state,
      patience: .milliseconds(50), clock: { [clock] in clock.now })
  }

  /// The submission that opens the ledger.
  func opening(
    clock kind: ClockKind = .system, vkey: VerifierKey? = nil, predecessor: Predecessor? = nil
  ) throws -> CarriedSubmission {
    registrar.n = 1
    var opening = LedgerOpening(
      logKey: vkey ?? log.vkey, registrar: registrar.vkey, kind: "office",
      nameEnglish: "Registry", nameChinese: "登记处")
    opening.clock = kind
    opening.predecessor = predecessor
    return try CarriedSubmission(opening.sign(at: clock.now, with: registrar.key))
  }

  /// The event that registers an organisation: the plainest there is.
  func register(_ id: String) throws -> Event {
    Event(
      type: "org.registered", subject: .organisation(try #require(OrganisationID(id))),
      data: [
        "kind": .string("department"), "nameEn": .string("Department \(id)"),
        "nameZh": .string("部门\(id)"),
      ])
  }

  /// What a reader of the released ledger has seen.
  func seen() throws -> Submission.Seen {
    let checkpoint = try #require(try store.releasedCheckpoint()).checkpoint
    return Submission.Seen(size: checkpoint.size, root: checkpoint.root)
  }

  /// Signs events with the registrar's next number; the count goes on, so append it.
  func sign(
    _ events: [Event], at: Timestamp? = nil, seen: Submission.Seen? = nil, n: UInt64? = nil,
    openings: [Opening] = []
  ) throws -> CarriedSubmission {
    if n == nil { registrar.n += 1 }
    let signer = SubmissionSigner(registrar.vkey, registrar.key, n: n ?? registrar.n)
    return try CarriedSubmission(
      Submission.sign(
        at: at ?? clock.now, by: [signer], seen: try seen ?? self.seen(), events: events),
      openings: openings)
  }

  /// Registers one more organisation, a second later.
  @discardableResult
  func append(_ id: String) throws -> Appended {
    clock.advance(1)
    return try writer.append(sign([register(id)]))
  }

  /// Registers that many organisations in one batch, one submission each.
  func append(count: Int, prefix: String) throws {
    clock.advance(1)
    let batch = try (0..<count).map { try sign([register("\(prefix)\($0)")]) }
    for result in try writer.append(batch) { _ = try result.get() }
  }

  /// Checks the whole ledger from its bytes: roots, indexes, times, tiles, checkpoint, rules.
  func check(sourceLocation: SourceLocation = #_sourceLocation) throws {
    guard let head = try store.head() else { return }
    var leaves: [Digest] = []
    var last: Timestamp?
    var programme = Programme()
    for index in 0..<head.size {
      let entry = try Entry(#require(try store.entry(index)))
      #expect(entry.index == index, sourceLocation: sourceLocation)
      #expect(entry.root == MerkleTree.root(of: leaves), sourceLocation: sourceLocation)
      #expect(last ?? entry.time <= entry.time, sourceLocation: sourceLocation)
      let outcome = try programme.apply(entry) { try store.header($0) }
      #expect(outcome == .applied, sourceLocation: sourceLocation)
      last = entry.time
      leaves.append(entry.leafHash)
    }
    let checkpoint = try SignedCheckpoint(head.checkpoint)
    #expect(checkpoint.isSigned(by: log.vkey), sourceLocation: sourceLocation)
    #expect(checkpoint.checkpoint.size == head.size, sourceLocation: sourceLocation)
    #expect(
      checkpoint.checkpoint.root == MerkleTree.root(of: leaves), sourceLocation: sourceLocation)
    #expect(
      try MerkleTree.root(ofSize: head.size, from: StoreTiles(store))
        == checkpoint.checkpoint.root, sourceLocation: sourceLocation)
    if let released = head.released {
      let guarded = try #require(try guardFile.read()).checkpoint
      let size = try SignedCheckpoint(released).checkpoint.size
      #expect(size <= guarded.size, "released beyond the guard", sourceLocation: sourceLocation)
    }
  }
}

/// What an operation throws as a rejection.
func rejection<Value>(
  _ body: () throws -> Value, sourceLocation: SourceLocation = #_sourceLocation
) -> Rejection? {
  #expect(throws: Rejection.self, sourceLocation: sourceLocation) { _ = try body() }
}

/// The code of the ledger error that an operation throws.
func errorCode<Value>(
  _ body: () throws -> Value, sourceLocation: SourceLocation = #_sourceLocation
) -> LedgerError.Code? {
  let error = #expect(throws: LedgerError.self, sourceLocation: sourceLocation) { _ = try body() }
  return error?.code
}
