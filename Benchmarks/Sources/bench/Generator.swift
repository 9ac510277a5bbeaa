// A measurement whose ledger is not what it was made to be has nothing to go on with: it traps.
// swift-format-ignore-file: NeverForceUnwrap

import Accountability
import Cryptography
import Encoding
import Foundation
import Ledger
import SQLiteStorage
import Views

/// Makes a ledger of a given size: a registrar, an issuer, ten units with as many tasks as they can report
/// on once a month, and 33 simulated months of progress reports, appended through the real writer in
/// batches.
///
/// The folder is one that `onus --ledger DIR --keys DIR/keys` takes.
struct Generator {
  let folder: String
  let submissionCount: Int
  let eventsPerSubmission: Int

  private static let units = (1...10).map { "U\($0)" }
  private static let dayCount = 1000
  private static let start = Timestamp("2023-01-02T00:00:00.000Z")!

  func run() throws {
    let store = try SQLiteStore.create(at: "\(folder)/ledger.db")
    let views = try ViewStore.open(at: "\(folder)/views.db", of: store, verifying: .nothing)
    let logSigning = SigningKey()
    let logKey = try VerifierKey(name: "bench.example/log", publicKey: logSigning.publicKey)
    try FileManager.default.createDirectory(
      atPath: "\(folder)/keys", withIntermediateDirectories: true)
    let writer = try Writer(
      store: store, signingKey: logSigning, guard: Guard(folder: "\(folder)/keys", logKey: logKey),
      state: views, clock: { Self.start })
    var author = Authors()
    let registrar = try author.make("REG")
    func entry(_ by: String, _ with: [String] = [], _ events: [Event], _ seen: Submission.Seen)
      throws
      -> CarriedSubmission
    {
      try CarriedSubmission(
        try Submission.sign(
          at: Self.start, by: try ([by] + with).map { try author.signer($0) }, seen: seen,
          events: events))
    }
    var options = AppendOptions()
    options.allowsMissingOpenings = true
    options.allowsGap = true
    var seen = Submission.Seen.nothing
    func append(_ carried: [CarriedSubmission]) throws {
      for result in try writer.append(carried, options: options) { _ = try result.get() }
      let head = try store.releasedCheckpoint()!.checkpoint
      seen = Submission.Seen(size: head.size, root: head.root)
    }
    let opening = Self.opening(logKey, registrar)
    _ = try writer.open(with: try entry("REG", [], opening, .nothing))
    let head = try store.releasedCheckpoint()!.checkpoint
    seen = Submission.Seen(size: head.size, root: head.root)
    for name in ["GOV", "ISS"] + Self.units {
      let vkey = try author.make(name)
      try append([
        try entry("REG", [], [Self.event("org.registered", org: name, Self.names(name))], seen)
      ])
      try append([
        try entry(
          "REG", [name],
          [Self.event("key.enrolled", org: name, ["vkey": .string(vkey.description)])], seen)
      ])
    }
    try append([
      try entry("REG", [], [Self.event("role.granted", org: "GOV", ["role": "governing"])], seen)
    ])
    try append([
      try entry("GOV", [], [Self.event("role.granted", org: "ISS", ["role": "issuer"])], seen)
    ])
    for events in Self.inParts(plan()) { try append([try entry("ISS", [], events, seen)]) }
    for (number, unit) in Self.units.enumerated() {
      let events = (0..<tasksPerUnit).map {
        Self.event("task.accepted", task: task($0, of: number), [:])
      }
      for events in Self.inParts(events) { try append([try entry(unit, [], events, seen)]) }
    }
    try fill(writer, store, &author, options)
    let logName = Hex.encode(SHA256.hash(Array(logKey.description.utf8)).bytes)
    try Self.write(logKey, logSigning, to: "\(folder)/keys/log-\(logName)")
    for (vkey, signing) in author.all {
      try Self.write(vkey, signing, to: "\(folder)/keys/\(vkey.keyName)")
    }
  }

  private static func write(_ vkey: VerifierKey, _ key: SigningKey, to stem: String) throws {
    try Data(try key.pem(passphrase: nil)).write(to: URL(fileURLWithPath: "\(stem).pem"))
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o600], ofItemAtPath: "\(stem).pem")
    try Data("\(vkey)\n".utf8).write(to: URL(fileURLWithPath: "\(stem).vkey"))
  }

  /// The bulk: one unit after another reports on its tasks, time moving on evenly.
  private func fill(
    _ writer: Writer, _ store: SQLiteStore, _ author: inout Authors, _ options: AppendOptions
  ) throws {
    let span = Int64(Self.dayCount) * 86_400_000
    let step = span / Int64(submissionCount)
    var done = 0
    while done < submissionCount {
      let head = try store.releasedCheckpoint()!.checkpoint
      let seen = Submission.Seen(size: head.size, root: head.root)
      var batch: [CarriedSubmission] = []
      for number in done..<min(done + 1000, submissionCount) {
        let at = Self.start.adding(milliseconds: Int64(number) * step)
        let period = Period(containing: at.day(at: UTCOffset("+08:00")!), kind: .month)
        let unit = number % Self.units.count
        let events = (0..<eventsPerSubmission).map { offset in
          Self.event(
            "progress.reported",
            task: task(number / Self.units.count * eventsPerSubmission + offset, of: unit),
            [
              "percent": .integer(Int64(number * 100 / submissionCount)),
              "period": .string(period.description),
            ])
        }
        batch.append(
          try CarriedSubmission(
            try Submission.sign(
              at: at, by: [try author.signer(Self.units[unit])], seen: seen, events: events)))
      }
      for result in try writer.append(batch, options: options) { _ = try result.get() }
      done += batch.count
    }
  }

  // MARK: Events

  /// A unit reports on one after the other, and comes back to the first in the month after.
  private var tasksPerUnit: Int {
    submissionCount * eventsPerSubmission / Self.units.count / (Self.dayCount / 30) + 1
  }

  private func task(_ number: Int, of unit: Int) -> String {
    "T\(unit * tasksPerUnit + number % tasksPerUnit)"
  }

  private static func inParts(_ events: [Event]) -> [[Event]] {
    stride(from: 0, to: events.count, by: 128).map {
      Array(events[$0..<min($0 + 128, events.count)])
    }
  }

  private static func event(
    _ type: EventType, org: String? = nil, task: String? = nil, _ data: JSONObject
  ) -> Event {
    let subject: Event.Subject =
      if let org { .organisation(OrganisationID(org)!) } else if let task {
        .task(TaskID(task)!)
      } else { .none }
    return Event(type: type, subject: subject, data: data)
  }

  private static func names(_ name: String) -> JSONObject {
    ["kind": "department", "nameEn": .string(name), "nameZh": .string(name)]
  }

  private static func opening(_ logKey: VerifierKey, _ registrar: VerifierKey) -> [Event] {
    [
      event(
        "ledger.opened",
        [
          "clock": "simulated", "origin": .string(logKey.name), "rules": 1,
          "suite": "ed25519-sha256", "vkey": .string(logKey.description),
        ]),
      event("org.registered", org: "REG", names("REG")),
      event("key.enrolled", org: "REG", ["vkey": .string(registrar.description)]),
      event("role.granted", org: "REG", ["role": "registrar"]),
    ]
  }

  private func plan() -> [Event] {
    var events = [
      Self.event(
        "programme.issued",
        [
          "end": "2025-12-31", "id": "P", "offset": "+08:00", "start": "2023-01-01", "titleEn": "P",
          "titleZh": "P",
        ]),
      Self.event("objective.defined", ["id": "O", "titleEn": "O", "titleZh": "O"]),
    ]
    for number in 0..<(tasksPerUnit * Self.units.count) {
      events.append(
        Self.event(
          "task.issued", task: "T\(number)",
          [
            "criterion": "done", "cycle": "monthly", "evidenceRequired": 0, "objective": "O",
            "titleEn": .string("Task \(number)"), "titleZh": "任务", "weight": 1,
          ]))
      events.append(
        Self.event(
          "task.assigned", task: "T\(number)",
          [
            "due": "2025-12-31", "lead": .string(Self.units[number / tasksPerUnit]),
            "start": "2023-01-02",
          ]))
    }
    return events
  }
}

/// Keys and their counts.
struct Authors {
  private var keys: [String: (VerifierKey, SigningKey)] = [:]
  private var counts: [String: UInt64] = [:]

  /// Every key made.
  var all: [(VerifierKey, SigningKey)] { Array(keys.values) }

  mutating func make(_ name: String) throws -> VerifierKey {
    let signing = SigningKey()
    let vkey = try VerifierKey(name: name, publicKey: signing.publicKey)
    keys[name] = (vkey, signing)
    return vkey
  }

  mutating func signer(_ name: String) throws -> SubmissionSigner {
    let (vkey, signing) = keys[name]!
    counts[name, default: 0] += 1
    return SubmissionSigner(vkey, signing, n: counts[name]!)
  }
}

extension JSONValue: @retroactive ExpressibleByStringLiteral,
  @retroactive ExpressibleByIntegerLiteral
{
  /// The string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// The number.
  public init(integerLiteral value: Int64) { self = .integer(value) }
}
