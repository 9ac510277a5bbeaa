import Accountability
import Cryptography
import Dispatch
import FoundationEssentials
import Ledger
import Testing
import TransparencyLog
@testable import Views

/// Views are derived: whatever is wrong with the file, they come back with the same rows.
@Suite struct `The file of the views` {
  @Test(arguments: [
    "", "rubbish", "PRAGMA user_version = 0; PRAGMA application_id = 7",
    "UPDATE position SET version = 0", "UPDATE position SET rules = 99",
    "UPDATE position SET root = zeroblob(32)", "UPDATE position SET size = 3",
    "UPDATE position SET size = 99", "DELETE FROM position", "DROP TABLE position",
    "CREATE TABLE more (x)", "DROP INDEX event_of_task",
    "CREATE TRIGGER t AFTER INSERT ON event BEGIN DELETE FROM void WHERE entry = NEW.place / 0 END",
    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, ' NOT NULL', '') WHERE name = 'position'; PRAGMA writable_schema = RESET; UPDATE position SET version = NULL",
    "ALTER TABLE void RENAME TO v; CREATE VIEW void AS SELECT * FROM v WHERE random() > 0",
  ])
  func `is rebuilt when it is not what it should be`(_ damage: String) throws {
    let fixture = try ViewsFixture()
    try fixture.append(1...10)
    let hash = try fixture.views.dumpHash()
    if damage.isEmpty || damage == "rubbish" {
      try fixture.views.close()
      try fixture.folder.write(Array(damage.utf8), to: "views.db")
    } else {
      for statement in damage.split(separator: ";") {
        _ = try fixture.views.rows(of: String(statement.replacing(" END", with: "; END")))
      }
      try fixture.views.close()
    }
    let views = try ViewStore.open(at: fixture.path, of: fixture.store)
    #expect(try views.dumpHash() == hash)
    #expect(try views.position().size == 11)
    try views.close()
    #expect(try fixture.folder.names() == ["views.db"])
  }

  @Test func `is rebuilt when a rollback journal lies beside it`() throws {
    let fixture = try ViewsFixture()
    try fixture.append(1...10)
    let hash = try fixture.views.dumpHash()
    try fixture.views.close()
    try fixture.folder.write([0xD9, 0xD5, 0x05, 0xF9], to: "views.db-journal")
    let views = try ViewStore.open(at: fixture.path, of: fixture.store)
    #expect(try views.dumpHash() == hash)
    try views.close()
    #expect(try fixture.folder.names() == ["views.db"])
  }

  @Test func `is asked again while another process puts a new one in its place`() throws {
    let fixture = try ViewsFixture()
    try fixture.views.close()
    let file = ViewsFile(fixture.path)
    var callCount = 0
    let quiet: Int? = try file.settled {
      callCount += 1
      return nil
    }
    #expect(quiet == nil && callCount == 1)
    try fixture.folder.write([0xD9], to: "views.db-journal")
    let replaced = try file.settled { () throws -> Int? in
      callCount += 1
      if callCount == 3 { return callCount }
      try FileManager.default.removeItem(atPath: "\(fixture.path)-journal")
      return nil
    }
    #expect(replaced == 3)
  }

  @Test func `comes back when it was deleted`() throws {
    let fixture = try ViewsFixture()
    try fixture.append(1...10)
    let hash = try fixture.views.dumpHash()
    try fixture.views.close()
    try FileManager.default.removeItem(atPath: fixture.path)
    #expect(throws: StorageError.self) { try fixture.views.position() }
    try fixture.views.catchUp(with: fixture.store)
    #expect(try fixture.views.dumpHash() == hash)
  }

  @Test func `leaves its newest rows in its log when it is not closed`() async throws {
    let fixture = try ViewsFixture()
    try fixture.append(1...10)
    try fixture.views.close()
    let path = "\(fixture.folder.path)/kept.db"
    let half = try MemoryStore.prefix(of: fixture.store, size: 6, signedBy: fixture.ledger.log.key)
    try ViewStore.open(at: path, of: half).close()
    _ = try ViewStore.open(at: path, of: fixture.store, keepsLog: true)
    #expect(try fixture.folder.names().contains("kept.db-wal"))
    // The file alone is at an earlier place; with its log, as a killed process leaves both, not.
    let copy = TemporaryFolder()
    try copy.write(fixture.folder.bytes(of: "kept.db"), to: "views.db")
    let sizeBefore = try ViewsFile("\(copy.path)/views.db").read { try $0.storedPosition()?.size }
    #expect(sizeBefore == 6)
    try copy.write(fixture.folder.bytes(of: "kept.db-wal"), to: "views.db-wal")
    let sizeAfter = try ViewsFile("\(copy.path)/views.db").read { try $0.storedPosition()?.size }
    #expect(sizeAfter == 11)
    // A log that outlived its file is not taken for that of the next one.
    try FileManager.default.removeItem(atPath: "\(copy.path)/views.db")
    let views = try ViewStore.open(at: "\(copy.path)/views.db", of: fixture.store)
    #expect(try views.dumpHash() == fixture.views.dumpHash())
  }

  @Test func `is read again when somebody wrote to it meanwhile`() throws {
    let fixture = try ViewsFixture()
    try fixture.append(1...10)
    try fixture.views.close()
    var readings = 0
    let size = try ViewsFile(fixture.path).read { db in
      let size = try db.storedPosition()?.size
      if readings == 0 {
        try fixture.append(11...11)
        try fixture.views.close()
      }
      readings += 1
      return size
    }
    #expect(size == 12)
    #expect(readings == 2)
    // Whoever is never left in peace is told so.
    var next = 12
    #expect(throws: StorageError.self) {
      try ViewsFile(fixture.path).read { _ in
        try fixture.append(next...next)
        try fixture.views.close()
        next += 1
      }
    }
  }

  @Test func `is rebuilt after a rollback and for another ledger`() throws {
    let fixture = try ViewsFixture()
    try fixture.append(1...4)
    let backup = fixture.store.copy()
    let hash = try fixture.views.dumpHash()
    try fixture.append(5...8)
    #expect(try fixture.views.dumpHash() != hash)
    try fixture.views.catchUp(with: backup)
    #expect(try fixture.views.dumpHash() == hash)
    let other = try ViewsFixture()
    try other.append(11...20)
    try fixture.views.catchUp(with: other.store)
    #expect(try fixture.views.dumpHash() == other.views.dumpHash())
    try fixture.views.catchUp(with: MemoryStore())
    #expect(try fixture.views.position() == StatePosition(size: 0, root: MerkleTree.emptyRoot))
  }

  @Test func `that another process uses is not swapped under it`() throws {
    let fixture = try ViewsFixture()
    try fixture.append(1...4)
    let impatient = try ViewStore.open(
      at: fixture.path, of: fixture.store, busyTimeoutSeconds: 0.05)
    let before = try fixture.views.dumpHash()
    let error = #expect(throws: StorageError.self) { try impatient.rebuild(from: fixture.store) }
    #expect(error?.code == .busy)
    #expect(try fixture.views.dumpHash() == before)
    try fixture.append(5...6)
    try fixture.views.close()
    try impatient.rebuild(from: fixture.store)
    #expect(try impatient.position().size == 7)
    #expect(try fixture.views.dumpHash() == impatient.dumpHash())
  }

  @Test func `is swapped as soon as another process has done with it`() throws {
    let fixture = try ViewsFixture()
    try fixture.append(1...4)
    let views = fixture.views
    let patient = try ViewStore.open(at: fixture.path, of: fixture.store, busyTimeoutSeconds: 20)
    let closed = DispatchQueue(label: "other process")
    closed.asyncAfter(deadline: .now() + .milliseconds(200)) { try? views.close() }
    try patient.rebuild(from: fixture.store)
    #expect(try patient.position().size == 5)
  }

  @Test func `that another process writes to is waited for, and then said to be busy`() throws {
    let fixture = try ViewsFixture()
    try fixture.append(1...4)
    let (path, half) = ("\(fixture.folder.path)/half.db", fixture.store)
    let prefix = try MemoryStore.prefix(of: half, size: 2, signedBy: fixture.ledger.log.key)
    let writing = try ViewStore.open(at: path, of: prefix)
    try writing.write { _ in
      let error = #expect(throws: StorageError.self) {
        _ = try ViewStore.open(at: path, of: fixture.store, busyTimeoutSeconds: 0.05)
      }
      #expect(error?.code == .busy)
    }
    #expect(try ViewStore.open(at: path, of: fixture.store).position().size == 5)
  }

  @Test func `stays as it was when a rebuild fails, and nothing is left beside it`() throws {
    let fixture = try ViewsFixture()
    try fixture.append(1...4)
    let hash = try fixture.views.dumpHash()
    let broken = HoledStore(fixture.store, hole: 3)
    #expect(throws: StorageError.self) { try fixture.views.rebuild(from: broken) }
    #expect(try fixture.views.dumpHash() == hash)
    try fixture.views.close()
    #expect(try fixture.folder.names() == ["views.db"])
  }

  @Test func `is cleared of what died while it was built`() throws {
    let fixture = try ViewsFixture()
    try fixture.folder.write([1], to: "views.db.new-4194999")
    try fixture.folder.write([1], to: "views.db.new-4194999-journal")
    try fixture.folder.write([1], to: "views.db.newest")
    try fixture.views.rebuild(from: fixture.store)
    try fixture.views.close()
    #expect(try fixture.folder.names() == ["views.db", "views.db.newest"])
  }

  @Test func `takes the same entries from two at once`() async throws {
    let fixture = try ViewsFixture()
    try fixture.append(1...600)
    let (path, store) = ("\(fixture.folder.path)/both.db", fixture.store)
    let half = try MemoryStore.prefix(of: store, size: 1, signedBy: fixture.ledger.log.key)
    try ViewStore.open(at: path, of: half).close()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<3 {
        group.addTask { _ = try ViewStore.open(at: path, of: store, busyTimeoutSeconds: 20) }
      }
      try await group.waitForAll()
    }
    #expect(
      try ViewStore.open(at: path, of: store).dumpHash() == fixture.views.dumpHash())
  }

  @Test func `is not led astray by a batch that does not follow`() throws {
    let fixture = try ViewsFixture()
    let idle = try fixture.fresh()
    try fixture.append(1...3)
    let leaf = try #require(try fixture.store.entry(3))
    let position = try fixture.views.position()
    try idle.record(
      FoldedBatch(
        entries: [FoldedEntry(entry: Entry(leaf), outcome: .applied, changes: [])],
        position: position))
    #expect(try idle.position().size == 1)
    try idle.catchUp(with: fixture.store)
    #expect(try idle.dumpHash() == fixture.views.dumpHash())
  }

  @Test func `is held against what an audit folds`() async throws {
    let fixture = try ViewsFixture()
    try fixture.append(1...6)
    /// What the audit says of the views; empty if nothing.
    func check(_ store: any TruthStore) async throws -> String {
      var options = AuditOptions()
      options.remembersHead = false
      options.views = try StoredViewsComparison(at: fixture.path, of: store)
      let findings = try await Auditor(store, options).run().findings
      return findings.filter { $0.axis == .views }.map(\.sentence.english).joined()
    }
    #expect(try StoredViewsComparison(at: fixture.path + "x", of: fixture.store) == nil)
    let differ = "The stored views do not follow from the log: "
    #expect(try await check(fixture.store) == "")
    let earlier = fixture.store.copy()
    try fixture.append(7...7)
    #expect(try await check(earlier) == differ + "they are of another log than this one.")
    try fixture.views.close()
    #expect(try await check(fixture.store) == "")
    #expect(try fixture.folder.names() == ["views.db"])
    for (sql, table) in [
      ("UPDATE state SET value = x'00' WHERE name = 'U1'", "state"),
      ("UPDATE submission SET entry = 4 WHERE n = 3", "submission"),
      ("DELETE FROM event WHERE place = 512", "event"),
      ("INSERT INTO void VALUES (3, 'stale', 'No.', NULL, NULL, NULL)", "void"),
    ] {
      let views = try ViewStore.open(at: fixture.path, of: fixture.store)
      _ = try views.rows(of: sql)
      try views.close()
      #expect(
        try await check(fixture.store)
          == differ + "the table \(table) is not what 8 entries fold to.")
      try views.rebuild(from: fixture.store)
      try views.close()
    }
    // The place in the header that says in which encoding all text of a file is.
    try fixture.views.close()
    let whole = try fixture.folder.bytes(of: "views.db")
    for (bytes, reason) in [
      (whole[..<59] + [2] + whole[60...], "they cannot be read as views ("),
      (
        Array("rubbish".utf8) + [UInt8](repeating: 0, count: 4096),
        "they cannot be read as views (file is not"
      ),
      (whole[..<8192] + [UInt8](repeating: 7, count: whole.count - 8192), "they are damaged ("),
    ] as [([UInt8], String)] {
      try fixture.folder.write(bytes, to: "views.db")
      let said = try await check(fixture.store)
      #expect(
        said.hasPrefix("The stored views were not compared: \(reason)"), "\(said)")
    }
    try fixture.folder.write(whole, to: "views.db")
    _ = try fixture.views.rows(of: "UPDATE position SET version = 0")
    #expect(
      try await check(fixture.store)
        == "The stored views were not compared: they are of another version; the next command "
        + "rebuilds them.")
  }

  @Test func `is held against an audit as far as it goes`() async throws {
    let fixture = try ViewsFixture()
    try fixture.append(1...3)
    let behind = try fixture.fresh()
    try fixture.append(4...6)
    #expect(try behind.position().size == 4)
    let path = try #require(try fixture.folder.names().first { $0.hasPrefix("fresh") })
    var options = AuditOptions()
    options.remembersHead = false
    options.views = try StoredViewsComparison(
      at: "\(fixture.folder.path)/\(path)", of: fixture.store)
    let report = try await Auditor(fixture.store, options).run()
    #expect(report[.views] == .ok)
    _ = try behind.rows(of: "UPDATE event SET type = 'org.closed' WHERE place = 768")
    options.views = try StoredViewsComparison(
      at: "\(fixture.folder.path)/\(path)", of: fixture.store)
    #expect(try await Auditor(fixture.store, options).run()[.views] == .failed)
  }
}

/// A store that cannot read one entry.
private final class HoledStore: TruthStore {
  private let store: any TruthStore
  private let hole: UInt64

  init(_ store: any TruthStore, hole: UInt64) {
    self.store = store
    self.hole = hole
  }

  func head() throws(StorageError) -> StoredHead? { try store.head() }
  func entry(_ index: UInt64) throws(StorageError) -> [UInt8]? {
    index == hole ? nil : try store.entry(index)
  }
  func scan(_ range: Range<UInt64>, _ body: (UInt64, Span<UInt8>) throws -> Void) throws {
    guard !range.contains(hole) else { throw StorageError(.damaged, "A hole.") }
    try store.scan(range, body)
  }
  func tile(level: Int, index: UInt64) throws(StorageError) -> [Digest]? {
    try store.tile(level: level, index: index)
  }
  func opening(_ commitment: Digest) throws(StorageError) -> StoredOpening? {
    try store.opening(commitment)
  }
  func scanOpenings(_ body: (StoredOpening) throws -> Void) throws {
    try store.scanOpenings(body)
  }
  func append(_ batch: Batch) throws(StorageError) { try store.append(batch) }
  func release(_ checkpoint: [UInt8]) throws(StorageError) { try store.release(checkpoint) }
  func cosignatures() throws(StorageError) -> [StoredCosignature] { try store.cosignatures() }
  func keepCosignature(_ cosignature: StoredCosignature) throws(StorageError) {
    try store.keepCosignature(cosignature)
  }
  func scanTimestamps(_ body: (StoredTimestamp) throws -> Void) throws {
    try store.scanTimestamps(body)
  }
  func keepTimestamp(_ timestamp: StoredTimestamp) throws(StorageError) {
    try store.keepTimestamp(timestamp)
  }
  func addOpenings(_ openings: [StoredOpening]) throws(StorageError) {
    try store.addOpenings(openings)
  }
  func eraseOpenings(_ commitments: [Digest]) throws(StorageError) -> Int {
    try store.eraseOpenings(commitments)
  }
}

extension MemoryStore {
  /// The ledger as it was at an earlier size.
  static func prefix(
    of store: any TruthStore, size: UInt64, signedBy key: SigningKey
  ) throws -> MemoryStore {
    var appender = TileAppender()
    let entries = try (0..<size).map { try #require(try store.entry($0)) }
    for entry in entries { appender.append(MerkleTree.leafHash(entry)) }
    let checkpoint = try SignedCheckpoint.sign(
      Checkpoint(origin: LedgerFixture.origin, size: size, root: appender.root), with: key)
    let prefix = MemoryStore()
    try prefix.append(
      Batch(
        firstIndex: 0, entries: entries, tiles: appender.drain(), checkpoint: checkpoint.bytes))
    try prefix.release(checkpoint.bytes)
    return prefix
  }
}
