import Cryptography
import Encoding
import Testing

@testable import Accountability

/// A ledger's rules from entry 0 on, with every event said by a key that was enrolled for it.
///
/// Whatever is written is judged twice: by the whole, and by a slice that holds only what `missing`
/// asked for, out of records that were encoded. Outcome and records must agree every time.
struct Fixture {
  static let origin = "beihe.example/plan"
  static let seal =
    #"{"media":"text/plain","sealed":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}"#

  private(set) var programme = Programme()
  /// The index of the next entry.
  private(set) var index: UInt64 = 0
  var now = Timestamp.of("2026-01-05T01:00:00.000Z")
  /// Keys whose signatures do not verify.
  var forged: Set<String> = []
  private(set) var vkeys: [String: VerifierKey] = [:]
  private var stored: [StateKey: [UInt8]] = [:]

  /// Before entry 0, with keys but nothing enrolled.
  init() throws {
    for (number, name) in Self.labels.enumerated() {
      vkeys[name] = try Self.vkey(name, seed: UInt8(number + 1))
    }
  }

  /// Opened, with REG, GOV, ISS, SUP, SUP2, AUD and the units D1, D2, D3, C1, each with one key.
  static func staffed() throws -> Fixture {
    var fixture = try Fixture()
    try fixture.must("REG", fixture.opening())
    for name in ["GOV", "ISS", "SUP", "SUP2", "AUD", "D1", "D2", "D3", "C1"] {
      try fixture.must(
        "REG", [fixture.registering(name), fixture.enrolling(name)], cosigners: [name])
    }
    try fixture.must("REG", [org("role.granted", "GOV", #"{"role":"governing"}"#)])
    for (name, role) in [
      ("ISS", "issuer"), ("SUP", "supervisor"), ("SUP2", "supervisor"), ("AUD", "auditor"),
    ] {
      try fixture.must("GOV", [org("role.granted", name, #"{"role":"\#(role)"}"#)])
    }
    return fixture
  }

  /// Staffed, with a programme, objective O1, indicator I1, posts P1 and P2 of D1, and task T1.
  static func planned() throws -> Fixture {
    var fixture = try staffed()
    try fixture.must(
      "REG",
      ["P1", "P2"].map {
        try org("post.defined", "D1", #"{"post":"\#($0)","titleEn":"Head","titleZh":"局长"}"#)
      })
    try fixture.must("ISS", [Plan.programme(), Plan.objective("O1"), Plan.indicator("I1")])
    try fixture.must("ISS", [Plan.task("T1", milestones: ["M1"])])
    return fixture
  }

  /// Planned, and T1 given to D1 (post P1) with D2 and C1.
  static func assigned() throws -> Fixture {
    var fixture = try planned()
    try fixture.must("ISS", [Plan.assignment("T1")])
    return fixture
  }

  // MARK: Saying

  /// Judges a submission by whole and slice, and goes on to the next entry.
  mutating func write(
    _ author: String, _ events: [Event], cosigners: [String] = [], seen: UInt64? = nil,
    at: String? = nil, n: [String: UInt64] = [:], seenMatches: Bool = true
  ) throws -> Outcome {
    if let at { now = .of(at) }
    let by = try ([author] + cosigners).map { label in
      let key = try #require(vkeys[label]).keyName
      return SubmissionFacts.Signer(key: key, n: n[label] ?? (programme.keys[key]?.count ?? 0) + 1)
    }
    let facts = SubmissionFacts(by: by, at: now, seenSize: seen ?? index, events: events)
    let bad = Set(forged.compactMap { vkeys[$0]?.publicKey.bytes })
    var slice = Programme.makeSlice()
    while case let missing = slice.missing(for: facts), !missing.isEmpty {
      for key in missing { try slice.load(key, stored[key]) }
    }
    let (index, now) = (index, now)
    func judge(_ programme: inout Programme) -> Outcome {
      programme.apply(
        facts, index: index, time: now, timeOfSeen: nil, seenMatches: seenMatches,
        isSigned: { _, key in !bad.contains(key.bytes) })
    }
    // Whoever signs with the ledger at hand is told before what the writer says after.
    let foreseen = slice.foreseenRefusal(of: facts, at: index, time: now, timeOfSeen: nil)
    let outcome = judge(&programme)
    if index > 0, bad.isEmpty, seenMatches, n.isEmpty, facts.seenSize <= index {
      #expect(foreseen == outcome.refusal)
    }
    #expect(judge(&slice) == outcome)
    for change in slice.takeChanges() { stored[change.key] = change.value }
    let whole = Dictionary(
      uniqueKeysWithValues: try programme.records().map { ($0.key, $0.value) })
    #expect(stored == whole, "slice and whole differ after entry \(index)")
    self.index += 1
    return outcome
  }

  /// Writes what has to hold for the test to begin.
  mutating func must(_ author: String, _ events: [Event], cosigners: [String] = []) throws {
    let outcome = try write(author, events, cosigners: cosigners)
    try #require(outcome == .applied)
  }

  /// Why a submission is refused; `nil` if it is not.
  mutating func refused(
    _ author: String, _ events: [Event], cosigners: [String] = [], seen: UInt64? = nil,
    at: String? = nil
  ) throws -> Refusal.Code? {
    let outcome = try write(author, events, cosigners: cosigners, seen: seen, at: at)
    guard case .void(let refusal) = outcome else { return nil }
    #expect([".", ")"].contains(refusal.message.suffix(1)), "\(refusal.message)")
    return refusal.code
  }

  /// Puts a task into a state without an event.
  mutating func set(_ state: TaskState, of name: String) throws {
    programme.tasks.update(try id(name)) { $0.state = state }
    programme.commit()
    for change in programme.takeChanges() { stored[change.key] = change.value }
  }

  // MARK: Reading

  func task(_ name: String = "T1") throws -> Task { try #require(programme.tasks[id(name)]) }

  func organisation(_ name: String) throws -> Organisation {
    try #require(programme.organisations[id(name)])
  }

  func key(_ label: String) throws -> EnrolledKey {
    let name = try #require(vkeys[label]).keyName
    return try #require(programme.keys[name])
  }

  // MARK: Events

  /// The four events of entry 0.
  func opening(origin: String = Fixture.origin) throws -> [Event] {
    let vkey = try VerifierKey(
      name: Self.origin, publicKey: SigningKey(seed: Self.seed(250)).publicKey)
    return [
      try plain(
        "ledger.opened",
        #"{"clock":"system","origin":"\#(origin)","rules":1,"suite":"ed25519-sha256","vkey":"\#(vkey)"}"#
      ),
      try registering("REG"), try enrolling("REG"),
      try org("role.granted", "REG", #"{"role":"registrar"}"#),
    ]
  }

  func registering(_ name: String) throws -> Event {
    try org(
      "org.registered", name, #"{"kind":"department","nameEn":"Unit \#(name)","nameZh":"单位"}"#)
  }

  /// `limits` is JSON members to stand before `vkey`, such as `"post":"P1",`.
  func enrolling(_ label: String, _ limits: String = "", type: String = "key.enrolled") throws
    -> Event
  {
    let vkey = try #require(vkeys[label])
    return try org(type, vkey.name, #"{\#(limits)"vkey":"\#(vkey)"}"#)
  }

  func rotating(to label: String) throws -> Event {
    try plain("key.rotated", #"{"vkey":"\#(#require(vkeys[label]))"}"#)
  }

  func revoking(_ label: String, _ more: String = "") throws -> Event {
    let name = try #require(vkeys[label]).keyName
    return try plain("key.revoked", #"{\#(more)"key":"\#(name)","reason":"lost"}"#)
  }

  // MARK: Keys

  /// `D1/2` is a second key of D1.
  private static let labels =
    ["REG", "GOV", "ISS", "SUP", "SUP2", "AUD", "D1", "D2", "D3", "C1"].flatMap {
      [$0, "\($0)/2", "\($0)/3"]
    }

  private static func seed(_ number: UInt8) -> [UInt8] { [UInt8](repeating: number, count: 32) }

  private static func vkey(_ label: String, seed number: UInt8) throws -> VerifierKey {
    try VerifierKey(
      name: String(label.prefix { $0 != "/" }),
      publicKey: SigningKey(seed: seed(number)).publicKey)
  }
}

func data(_ text: String) throws -> JSONObject {
  try #require(try CanonicalJSON.parse(Array(text.utf8)).object)
}

func plain(_ type: String, _ text: String = "{}") throws -> Event {
  Event(type: EventType(type), subject: .none, data: try data(text))
}

func org(_ type: String, _ name: String, _ text: String = "{}") throws -> Event {
  Event(type: EventType(type), subject: .organisation(try id(name)), data: try data(text))
}

func task(_ type: String, _ name: String = "T1", _ text: String = "{}") throws -> Event {
  Event(type: EventType(type), subject: .task(try id(name)), data: try data(text))
}

extension Outcome {
  fileprivate var refusal: Refusal? {
    guard case .void(let refusal) = self else { return nil }
    return refusal
  }
}
