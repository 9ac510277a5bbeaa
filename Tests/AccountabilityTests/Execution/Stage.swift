import Cryptography
import Encoding
import Testing

@testable import Accountability

/// A programme with one task under way, put together without its history, so that the events of
/// execution, review and time can be tried on their own.
///
/// Whatever is said is judged twice: by the whole and by a slice that holds only what `missing`
/// asked for. The two must agree in outcome and in every record.
struct Stage {
  static let task = "T1"
  static let seal =
    #"{"media":"text/plain","sealed":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}"#
  static let photograph =
    #"{"media":"image/jpeg","sealed":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","size":120}"#

  var programme = Programme()
  var index: UInt64 = 100
  var now = Timestamp.of("2026-03-10T01:00:00.000Z")
  /// The first event of the last submission.
  var last = Citation.blank
  private var counts: [String: UInt64] = [:]
  private var keys: [String: KeyName] = [:]

  /// D1 leads, D2 supports, C1 is a territory; SUP and SUP2 supervise, ISS issues, GOV governs.
  init() throws {
    let cast: [(String, [Role])] = [
      ("REG", [.registrar]), ("GOV", [.governing]), ("ISS", [.issuer]), ("SUP", [.supervisor]),
      ("SUP2", [.supervisor]), ("D1", []), ("D2", []), ("C1", []), ("D9", []),
    ]
    var ledger = LedgerFacts()
    ledger.registrars = try [id("REG")]
    ledger.governors = try [id("GOV")]
    ledger.hasGrantedGoverning = true
    programme.ledger = ledger
    var charter = Charter()
    charter.offset = try #require(UTCOffset("+08:00"))
    programme.charter = charter
    for (number, (name, roles)) in cast.enumerated() {
      try enrol(name, UInt8(number + 1), roles)
    }
    try setTask()
    programme.commit()
    _ = programme.takeChanges()
  }

  private mutating func enrol(_ name: String, _ number: UInt8, _ roles: [Role]) throws {
    let key = try SigningKey(seed: [UInt8](repeating: number, count: 32))
    var record = EnrolledKey()
    record.name = KeyName(name: name, id: UInt32(number))
    record.publicKeyBytes = key.publicKey.bytes
    record.organisation = try id(name)
    programme.keys[record.name] = record
    keys[name] = record.name
    var organisation = Organisation()
    organisation.id = try id(name)
    organisation.roles = roles
    organisation.liveKeys = [record.name]
    organisation.hasHadKey = true
    programme.organisations[organisation.id] = organisation
  }

  private mutating func setTask() throws {
    var task = Task()
    task.id = try id(Self.task)
    task.state = .accepted
    task.lead = try id("D1")
    task.supports = try [id("D2")]
    task.territories = try [id("C1")]
    task.parties = try [id("D1"), id("D2"), id("C1")]
    task.indicators = try [id("I1")]
    task.start = .of("2026-03-01")
    var due = DueDate()
    due.day = .of("2026-06-30")
    due.entry = 50
    task.dueDates = [due]
    task.acceptedOn = .of("2026-03-02T01:00:00.000Z")
    for (name, isMandatory) in [("M1", true), ("M2", false)] {
      var milestone = Milestone()
      milestone.id = try id(name)
      milestone.due = .of("2026-05-31")
      milestone.isMandatory = isMandatory
      task.milestones.append(milestone)
    }
    programme.tasks[task.id] = task
  }

  /// The task all is about.
  var task: Task { programme.tasks.values.first { $0.id.rawValue == Self.task } ?? Task() }

  /// Changes the task without an event.
  mutating func arrange(_ body: (inout Task) throws -> Void) rethrows {
    var task = task
    try body(&task)
    programme.tasks[task.id] = task
    programme.commit()
  }

  /// Says one event of the task.
  mutating func say(
    _ organisation: String, _ type: String, _ data: String = "{}", on time: String? = nil,
    seen: UInt64? = nil, task: String = Stage.task
  ) throws -> Outcome {
    try say(organisation, [(type, data)], on: time, seen: seen, task: task)
  }

  /// Says several events in one submission.
  mutating func say(
    _ organisation: String, _ lines: [(String, String)], on time: String? = nil,
    seen: UInt64? = nil, task: String = Stage.task
  ) throws -> Outcome {
    if let time { now = .of(time) }
    let key = try #require(keys[organisation])
    let n = (counts[organisation] ?? 0) + 1
    counts[organisation] = n
    last = Citation(key: key, n: n, event: 1)
    let subject = Event.Subject.task(try id(task))
    let events = try lines.map { type, data in
      let data = try #require(try CanonicalJSON.parse(Array(data.utf8)).object)
      return Event(type: EventType(type), subject: subject, data: data)
    }
    let facts = SubmissionFacts(
      by: [.init(key: key, n: n)], at: now, seenSize: seen ?? index, events: events)
    let before = try programme.records()
    let outcome = apply(facts, to: &programme)
    try requireSlice(of: before, facts, agreesOn: outcome)
    index += 1
    return outcome
  }

  /// Why something is refused; `nil` if it is not.
  mutating func refusal(
    _ organisation: String, _ type: String, _ data: String = "{}", on time: String? = nil,
    seen: UInt64? = nil, task: String = Stage.task
  ) throws -> Refusal.Code? {
    let outcome = try say(organisation, type, data, on: time, seen: seen, task: task)
    guard case .void(let refusal) = outcome else { return nil }
    #expect(refusal.message.hasSuffix(".") || refusal.message.hasSuffix(")"))
    return refusal.code
  }

  /// The citation of the last submission's event, as JSON.
  func cite(event: Int = 1) -> String {
    "\"\(Citation(key: last.key, n: last.n, event: event))\""
  }

  private func apply(_ facts: SubmissionFacts, to programme: inout Programme) -> Outcome {
    programme.apply(
      facts, index: index, time: now, timeOfSeen: nil, seenMatches: true, isSigned: { _, _ in true }
    )
  }

  private func requireSlice(
    of before: [(key: StateKey, value: [UInt8])], _ facts: SubmissionFacts,
    agreesOn outcome: Outcome
  ) throws {
    var stored = Dictionary(uniqueKeysWithValues: before.map { ($0.key, $0.value) })
    var slice = Programme.makeSlice()
    while case let missing = slice.missing(for: facts), !missing.isEmpty {
      for key in missing { try slice.load(key, stored[key]) }
    }
    #expect(apply(facts, to: &slice) == outcome)
    for change in slice.takeChanges() { stored[change.key] = change.value }
    let whole = Dictionary(
      uniqueKeysWithValues: try programme.records().map { ($0.key, $0.value) })
    #expect(stored == whole, "the slice and the whole differ")
  }
}

extension Timestamp {
  static func of(_ text: String) -> Timestamp {
    guard let time = Timestamp(text) else { preconditionFailure("\(text) is not a time") }
    return time
  }
}

extension Day {
  static func of(_ text: String) -> Day {
    guard let day = Day(text) else { preconditionFailure("\(text) is not a date") }
    return day
  }
}

func id<Kind>(_ text: String) throws -> ID<Kind> { try #require(ID<Kind>(text)) }
