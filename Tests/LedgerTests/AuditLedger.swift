import Accountability
import Cryptography
import Encoding
import Ledger
import Testing
import TransparencyLog

/// A ledger composed by hand, without `admit`: what a cheating writer with the log key can make.
///
/// Everything in it is well formed and hashed right; whether the rules hold is up to the test.
final class AuditLedger {
  typealias Signer = LedgerFixture.Signer

  static let start = Timestamp("2026-11-22T03:00:00.000Z") ?? Timestamp(milliseconds: 0)

  let log: Signer
  let registrar: Signer
  private(set) var entries: [[UInt8]] = []
  private(set) var openings: [StoredOpening] = []
  private(set) var checkpoints: [[UInt8]] = []
  private var appender = TileAppender()
  var time = AuditLedger.start

  init(origin: String = LedgerFixture.origin, logSeed: UInt8 = 200) throws {
    log = try Signer(origin, seed: logSeed)
    registrar = try Signer("D01", seed: 1)
  }

  /// A ledger that is sound: entry 0, D02 with a key, and more organisations up to `size` entries.
  static func sound(
    _ size: Int = 12, origin: String = LedgerFixture.origin, logSeed: UInt8 = 200
  ) throws -> AuditLedger {
    let ledger = try AuditLedger(origin: origin, logSeed: logSeed)
    try ledger.open()
    while ledger.entries.count < size {
      try ledger.append([try ledger.register("X\(ledger.entries.count)")])
    }
    return ledger
  }

  var size: UInt64 { UInt64(entries.count) }
  var root: Digest { appender.root }
  var seen: Submission.Seen { Submission.Seen(size: size, root: root) }

  func open(_ extra: JSONObject = [:]) throws {
    var data: JSONObject = [
      "clock": .string("system"), "origin": .string(log.vkey.name), "rules": .integer(1),
      "suite": .string("ed25519-sha256"), "vkey": .string(log.vkey.description),
    ]
    for (key, value) in extra.members { data[key] = value }
    try append([
      Event(type: "ledger.opened", subject: .none, data: data),
      register("D01"),
      enrol(registrar),
      Event(
        type: "role.granted", subject: .organisation(id("D01")),
        data: ["role": .string("registrar")]),
    ])
  }

  func id(_ name: String) throws -> OrganisationID { try #require(OrganisationID(name)) }

  func register(_ name: String) throws -> Event {
    Event(
      type: "org.registered", subject: .organisation(try id(name)),
      data: [
        "kind": .string("department"), "nameEn": .string("Department \(name)"),
        "nameZh": .string("部门\(name)"),
      ])
  }

  func enrol(_ signer: Signer) throws -> Event {
    Event(
      type: "key.enrolled", subject: .organisation(try id(signer.vkey.name)),
      data: ["vkey": .string(signer.vkey.description)])
  }

  /// Registers an organisation and enrols its first key.
  func addOrganisation(_ name: String, seed: UInt8) throws -> Signer {
    let signer = try Signer(name, seed: seed)
    try append([register(name), enrol(signer)], by: [registrar, signer])
    return signer
  }

  /// Signs and appends, judging nothing; the counts go on.
  @discardableResult
  func append(
    _ events: [Event], by signers: [Signer]? = nil, seen: Submission.Seen? = nil,
    at: Timestamp? = nil, openings: [Opening] = []
  ) throws -> UInt64 {
    let signers = signers ?? [registrar]
    for signer in signers { signer.n += 1 }
    time = time.adding(milliseconds: 1000)
    let submission = try Submission.sign(
      at: at ?? time, by: signers.map { SubmissionSigner($0.vkey, $0.key, n: $0.n) },
      seen: seen ?? self.seen, events: events)
    return try append(submission, openings: openings)
  }

  /// Gives a submission the next place.
  @discardableResult
  func append(_ submission: Submission, openings: [Opening] = []) throws -> UInt64 {
    let index = size
    let entry = Entry(index: index, time: time, root: root, submission: submission)
    for opening in openings {
      self.openings.append(
        StoredOpening(
          commitment: opening.commitment(by: submission.author.key), entry: index,
          opening: opening))
    }
    append(leaf: entry.bytes)
    return index
  }

  /// Gives any bytes the next place.
  func append(leaf: [UInt8]) {
    entries.append(leaf)
    appender.append(MerkleTree.leafHash(leaf))
    checkpoints.append((try? checkpoint().bytes) ?? [])
  }

  /// The log key's word on everything so far.
  func checkpoint() throws -> SignedCheckpoint {
    try SignedCheckpoint.sign(
      Checkpoint(origin: log.vkey.name, size: size, root: root), with: log.key)
  }

  /// All of it, stored and released.
  func source() throws -> EditableSource { try EditableSource(self) }
}

/// A source whose every value a test can change.
struct EditableSource: AuditSource {
  struct Place: Hashable, Comparable {
    var level: Int
    var index: UInt64
    static func < (left: Self, right: Self) -> Bool {
      (left.level, left.index) < (right.level, right.index)
    }
  }

  var entries: [UInt64: [UInt8]] = [:]
  var tiles: [Place: [Digest]] = [:]
  var newest: [UInt8]
  var released: [UInt8]?
  var openings: [RawOpening]
  var cosigned: [StoredCosignature] = []
  var timestamped: [StoredTimestamp] = []

  /// A row of openings, whatever its columns hold.
  struct RawOpening {
    var commitment: Digest
    var entry: UInt64
    var media: [UInt8]
    var salt: [UInt8]
    var content: [UInt8]

    func stored() throws -> StoredOpening {
      guard
        let opening = try? Opening(
          media: String(decoding: media, as: UTF8.self), salt: salt, content: content)
      else { throw StorageError(.damaged, "The opening \(commitment) cannot be read.") }
      return StoredOpening(commitment: commitment, entry: entry, opening: opening)
    }
  }

  init(_ ledger: AuditLedger) throws {
    newest = try ledger.checkpoint().bytes
    released = newest
    openings = ledger.openings.map {
      RawOpening(
        commitment: $0.commitment, entry: $0.entry, media: Array($0.opening.media.utf8),
        salt: $0.opening.salt, content: $0.opening.content)
    }
    for (index, leaf) in ledger.entries.enumerated() { entries[UInt64(index)] = leaf }
    rehash()
  }

  /// Makes the tiles those of the entries.
  mutating func rehash() {
    tiles = [:]
    var appender = TileAppender()
    for (_, leaf) in entries.sorted(by: { $0.key < $1.key }) {
      appender.append(MerkleTree.leafHash(leaf))
    }
    for (tile, hashes) in appender.drain() {
      tiles[Place(level: tile.level, index: tile.index)] = hashes
    }
  }

  /// Signs whatever the tiles are now, as an operator with the log key would.
  mutating func resign(_ ledger: AuditLedger) throws {
    rehash()
    let leaves = entries.sorted { $0.key < $1.key }.map { MerkleTree.leafHash($0.value) }
    newest = try SignedCheckpoint.sign(
      Checkpoint(
        origin: ledger.log.vkey.name, size: UInt64(leaves.count),
        root: MerkleTree.root(of: leaves)), with: ledger.log.key
    ).bytes
    released = newest
  }

  func head() -> StoredHead? {
    entries.keys.max().map { StoredHead(size: $0 &+ 1, checkpoint: newest, released: released) }
  }
  func entry(_ index: UInt64) -> [UInt8]? { entries[index] }
  func scan(
    _ range: Range<UInt64>, _ body: (_ index: UInt64, _ leaf: Span<UInt8>) throws -> Void
  ) throws {
    for index in range {
      guard let leaf = entries[index] else {
        throw StorageError(.damaged, "Entry \(index) is missing.")
      }
      try body(index, leaf.span)
    }
  }
  func tile(level: Int, index: UInt64) -> [Digest]? { tiles[Place(level: level, index: index)] }
  func opening(_ commitment: Digest) throws -> StoredOpening? {
    try openings.first { $0.commitment == commitment }?.stored()
  }
  func scanOpenings(_ body: (StoredOpening) throws -> Void) throws {
    for opening in openings.sorted(by: { ($0.entry, $0.commitment) < ($1.entry, $1.commitment) }) {
      try body(opening.stored())
    }
  }
  func cosignatures() -> [StoredCosignature] { cosigned }
  func scanTimestamps(_ body: (StoredTimestamp) throws -> Void) throws {
    for timestamp in timestamped { try body(timestamp) }
  }
  func strayCount(beside size: UInt64) -> UInt64? {
    let strayTiles = tiles.keys.count {
      Tile(level: $0.level, index: $0.index, inTreeOfSize: size) == nil
    }
    return UInt64(entries.keys.count { $0 >= size } + strayTiles)
  }

  /// Audits it against its ledger's own newest checkpoint, kept outside.
  func audit(
    expecting checkpoint: [UInt8]? = nil, _ change: (inout AuditOptions) -> Void = { _ in }
  ) async throws -> AuditReport {
    var options = AuditOptions()
    if let checkpoint { options.anchors.expected = [checkpoint] }
    change(&options)
    return try await Auditor(source: self, options).run()
  }
}

extension AuditReport {
  /// The codes of what was found beside the want of an anchor, in order.
  var codes: [FindingCode] { findings.map(\.code).filter { $0 != .unanchored } }

  /// The findings beside the want of an anchor.
  var found: [Finding] { findings.filter { $0.code != .unanchored } }
}
