import Cryptography
import FoundationEssentials
import Ledger
@testable import SQLiteStorage
import Testing
import TransparencyLog

/// The file may be absent, foreign, held, damaged or on a full disk.
@Suite struct `The file of a ledger` {
  let folder = TemporaryFolder()
  var path: String { "\(folder.path)/ledger.db" }

  private func code(_ body: () throws -> Void) -> StorageError.Code? {
    #expect(throws: StorageError.self) { try body() }?.code
  }

  @Test(arguments: [SQLiteStore.Access.readWrite, .readOnly])
  func `is never made by opening it`(_ access: SQLiteStore.Access) throws {
    #expect(code { _ = try SQLiteStore.open(at: path, access: access) } == .notALedger)
    #expect(try folder.names().isEmpty)
  }

  @Test(arguments: ["", "not a database at all", "SQLite format 3\0 but no more than that"])
  func `is left as it is when it is something else`(_ text: String) throws {
    try folder.write(Array(text.utf8), to: "ledger.db")
    for access in [SQLiteStore.Access.readWrite, .readOnly] {
      #expect(code { _ = try SQLiteStore.open(at: path, access: access) } == .notALedger)
    }
    #expect(code { _ = try SQLiteStore.create(at: path) } == .alreadyExists)
    #expect(try folder.names() == ["ledger.db"])
    #expect(try folder.bytes(of: "ledger.db") == Array(text.utf8))
  }

  @Test(arguments: ["application_id = 7", "user_version = 4", "user_version = 0"])
  func `of another program or of a later layout is refused`(_ setting: String) throws {
    let store = try SQLiteStore.create(at: path)
    _ = try store.rows(of: "PRAGMA \(setting)")
    try store.close()
    let before = try folder.bytes(of: "ledger.db")
    #expect(code { _ = try SQLiteStore.open(at: path) } == .notALedger)
    #expect(try folder.bytes(of: "ledger.db") == before)
  }

  @Test(arguments: [1, 2], [true, false])
  func `of an older layout is read as it is, and gains the newest with what it had no place for`(
    _ version: Int, _ keepsTimestamp: Bool
  ) throws {
    let made = try SQLiteStore.create(at: path)
    _ = try made.rows(of: "DROP TABLE timestamp")
    if version == 1 { _ = try made.rows(of: "DROP TABLE cosignature") }
    _ = try made.rows(of: "PRAGMA user_version = \(version)")
    try made.close()
    let before = try folder.bytes(of: "ledger.db")
    for access in [SQLiteStore.Access.readOnly, .readWrite] {
      let store = try SQLiteStore.open(at: path, access: access)
      #expect(try store.cosignatures().isEmpty)
      try store.scanTimestamps { _ in Issue.record("there is none") }
      try store.close()
      #expect(try folder.bytes(of: "ledger.db") == before)
    }
    let store = try SQLiteStore.open(at: path)
    if keepsTimestamp {
      try store.keepTimestamp(StoredTimestamp(checkpoint: [1], response: [2]))
    } else {
      try store.keepCosignature(StoredCosignature(vkey: "w", checkpoint: [1]))
    }
    try store.close()
    let again = try SQLiteStore.open(at: path, access: .readOnly)
    var timestamps: [[UInt8]] = []
    try again.scanTimestamps { timestamps.append($0.response) }
    #expect(timestamps == (keepsTimestamp ? [[2]] : []))
    #expect(try again.cosignatures().map(\.checkpoint) == (keepsTimestamp ? [] : [[1]]))
    #expect(try again.rows(of: "PRAGMA user_version") == [["3"]])
  }

  @Test func `never shows more of a row than a timestamp can have`() throws {
    let store = try SQLiteStore.create(at: path)
    _ = try store.rows(
      of: "INSERT INTO timestamp VALUES (randomblob(32), zeroblob(999999), zeroblob(1000000))")
    try store.scanTimestamps { found in
      #expect(found.checkpoint.count == StoredTimestamp.maximumCheckpointByteCount + 1)
      #expect(found.response.count == TimestampResponse.maximumByteCount + 1)
    }
  }

  @Test func `that hides cosignatures behind the first layout is refused`() throws {
    let made = try SQLiteStore.create(at: path)
    try made.keepCosignature(StoredCosignature(vkey: "w", checkpoint: [1]))
    _ = try made.rows(of: "PRAGMA user_version = 1")
    try made.close()
    for access in [SQLiteStore.Access.readOnly, .readWrite] {
      #expect(code { _ = try SQLiteStore.open(at: path, access: access) } == .altered)
    }
  }

  @Test(arguments: [
    "ALTER TABLE entry RENAME TO e; CREATE VIEW entry AS SELECT idx, leaf FROM e",
    "CREATE TABLE hidden (x)", "CREATE INDEX more ON tile (hashes)", "DROP TABLE opening",
    "DROP TABLE cosignature", "DROP TABLE timestamp",
    // What an older layout has no table for would be looked at by nobody.
    "PRAGMA user_version = 2", "PRAGMA user_version = 1",
    "ALTER TABLE entry ADD COLUMN more TEXT",
    "CREATE TRIGGER t AFTER INSERT ON entry BEGIN SELECT random() END",
  ])
  func `with other tables than a ledger's is refused, and left as it is`(_ change: String) throws {
    let store = try SQLiteStore.create(at: path)
    for statement in change.split(separator: "; ") {
      _ = try store.rows(of: String(statement.replacing(" END", with: "; END")))
    }
    try store.close()
    let before = try folder.bytes(of: "ledger.db")
    for access in [SQLiteStore.Access.readWrite, .readOnly] {
      #expect(code { _ = try SQLiteStore.open(at: path, access: access) } == .altered)
    }
    #expect(try folder.bytes(of: "ledger.db") == before)
  }

  @Test func `with a rollback journal beside it is refused, and nothing is played back`() throws {
    try SQLiteStore.create(at: path).close()
    let before = try folder.bytes(of: "ledger.db")
    try folder.write([0xD9, 0xD5, 0x05, 0xF9], to: "ledger.db-journal")
    for access in [SQLiteStore.Access.readWrite, .readOnly] {
      #expect(code { _ = try SQLiteStore.open(at: path, access: access) } == .altered)
    }
    #expect(try folder.bytes(of: "ledger.db") == before)
    #expect(try folder.names() == ["ledger.db", "ledger.db-journal"])
  }

  @Test func `without its triggers is read all the same`() throws {
    let store = try SQLiteStore.create(at: path)
    _ = try store.rows(of: "DROP TRIGGER entry_is_never_changed")
    try store.close()
    #expect(try SQLiteStore.open(at: path, access: .readOnly).head() == nil)
  }

  @Test func `is made once, whole, and readable by its owner alone`() throws {
    let store = try SQLiteStore.create(at: path)
    #expect(try store.head() == nil)
    try store.close()
    #expect(code { _ = try SQLiteStore.create(at: path) } == .alreadyExists)
    #expect(try folder.names() == ["ledger.db"])
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode.map { $0 & 0o777 } == 0o600)
  }

  @Test func `is made without what a process that died over it has left, and nothing else`() throws
  {
    // No process has so high a number, and this one lives.
    for name in [
      "4194999", "4194999-wal", "04194999", "1x", "\(ProcessInfo.processInfo.processIdentifier)",
    ] {
      try folder.write([1], to: "ledger.db.new-\(name)")
    }
    try folder.write([1], to: "other.db.new-4194999")
    try SQLiteStore.create(at: path).close()
    #expect(
      try folder.names() == [
        "ledger.db", "ledger.db.new-04194999", "ledger.db.new-1x", "other.db.new-4194999",
      ])
  }

  @Test func `cannot be made in a folder that is not there`() throws {
    #expect(
      code { _ = try SQLiteStore.create(at: "\(folder.path)/none/ledger.db") } == .notWritten)
  }

  @Test func `is read without another file being made beside it`() throws {
    let log = SyntheticLog(try SQLiteStore.create(at: path))
    try log.append([[1], [2]])
    try #require(log.store as? SQLiteStore).close()
    let before = try folder.bytes(of: "ledger.db")
    let store = try SQLiteStore.open(at: path, access: .readOnly)
    #expect(try store.entry(1) == [2])
    #expect(code { try store.release([1]) } == .notWritten)
    #expect(
      code { try store.append(Batch(firstIndex: 2, entries: [[3]], tiles: [], checkpoint: [1])) }
        == .notWritten)
    #expect(try folder.names() == ["ledger.db"])
    try store.close()
    #expect(try folder.names() == ["ledger.db"])
    #expect(try folder.bytes(of: "ledger.db") == before)
  }

  @Test(arguments: ["a?mode=rw#b.db", "100%25 北河.db", "a b&c=d;.db"])
  func `is the file of its name, whatever a URI would make of that`(name: String) throws {
    let path = "\(folder.path)/\(name)"
    let log = SyntheticLog(try SQLiteStore.create(at: path))
    try log.append([[1]])
    #expect(try SQLiteStore.open(at: path, access: .readOnly).head()?.size == 1)
    try #require(log.store as? SQLiteStore).close()
    #expect(try SQLiteStore.open(at: path, access: .readOnly).head()?.size == 1)
    #expect(try folder.names() == [name])
  }

  @Test func `is read while it is open elsewhere, with what was just appended`() throws {
    let log = SyntheticLog(try SQLiteStore.create(at: path))
    try log.append([[1]])
    let reader = try SQLiteStore.open(at: path, access: .readOnly)
    #expect(try reader.head()?.size == 1)
    try log.append([[2]])
    #expect(try reader.head()?.size == 2)
    #expect(try reader.entry(1) == [2])
  }

  @Test(arguments: [true, false])
  func `is read in the state in which it was opened, whoever appends meanwhile`(
    _ isOpenElsewhere: Bool
  ) throws {
    let log = SyntheticLog(try SQLiteStore.create(at: path))
    let first = try #require(log.store as? SQLiteStore)
    try log.append([[1]])
    if !isOpenElsewhere { try first.close() }
    let reader = try SQLiteStore.open(at: path, access: .snapshot(besideWriters: true))
    for index in UInt64(1)...3 {
      // As commands do: one after the other, and the last to close empties the write-ahead log.
      let writer = try SQLiteStore.open(at: path)
      try writer.append(Batch(firstIndex: index, entries: [[2]], tiles: [], checkpoint: [1]))
      try writer.close()
      #expect(try reader.head()?.size == 1)
      #expect(try reader.entry(1) == nil)
      #expect(try reader.strayCount(beside: 1) == 0)
    }
    try reader.close()
    #expect(
      try SQLiteStore.open(at: path, access: .snapshot(besideWriters: true)).head()?.size == 4)
  }

  @Test func `is read whole from a copy taken while it was open`() throws {
    let log = SyntheticLog(try SQLiteStore.create(at: path))
    try log.append([[1], [2]])
    let copy = TemporaryFolder()
    for name in ["ledger.db", "ledger.db-wal"] { try copy.write(folder.bytes(of: name), to: name) }
    let store = try SQLiteStore.open(at: "\(copy.path)/ledger.db", access: .readOnly)
    #expect(try store.entry(1) == [2])
  }

  @Test func `that changes under a reader without locks is not read on`() throws {
    let log = SyntheticLog(try SQLiteStore.create(at: path))
    let first = try #require(log.store as? SQLiteStore)
    try log.append([[1]])
    try first.close()
    let reader = try SQLiteStore.open(at: path, access: .readOnly)
    #expect(try reader.entry(0) == [1])
    let writer = try SQLiteStore.open(at: path)
    #expect(try reader.entry(0) == [1], "nothing was written yet")
    try writer.append(Batch(firstIndex: 1, entries: [[2]], tiles: [], checkpoint: [1]))
    #expect(code { _ = try reader.entry(0) } == .busy, "it stands in the write-ahead log")
    #expect(code { try reader.scan(0..<9) { _, _ in } } == .busy, "no error of it counts either")
    try writer.close()
    #expect(code { _ = try reader.entry(0) } == .busy)
  }

  @Test func `that another process writes to is waited for, but not for ever`() throws {
    let log = SyntheticLog(try SQLiteStore.create(at: path, busyTimeoutSeconds: 0.05))
    let checkpoint = try log.append([[1]])
    let other = try SQLiteStore.open(at: path)
    struct Done: Error {}
    let clock = ContinuousClock()
    #expect(throws: StorageError.self) {
      try other.transaction { _ in
        let time = clock.measure {
          #expect(code { try log.store.release(checkpoint) } == .busy)
          #expect(
            code {
              try log.store.append(
                Batch(firstIndex: 1, entries: [[2]], tiles: [], checkpoint: [1]))
            } == .busy)
        }
        #expect(time < .seconds(2))
        #expect(try log.store.head()?.size == 1, "reading goes on")
        throw Done()
      }
    }
    try log.append([[2]])
    #expect(try other.head()?.size == 2)
  }

  @Test func `takes one of two batches for the same place`() throws {
    let log = SyntheticLog(try SQLiteStore.create(at: path))
    let other = try SQLiteStore.open(at: path)
    try log.append([[1]])
    let batch = Batch(firstIndex: 0, entries: [[9]], tiles: [], checkpoint: [9])
    #expect(code { try other.append(batch) } == .headMoved)
    #expect(try other.entry(0) == [1])
  }

  @Test func `on a full disk stays as it was and goes on when there is room`() throws {
    let log = SyntheticLog(try SQLiteStore.create(at: path))
    let store = try #require(log.store as? SQLiteStore)
    let checkpoint = try log.append([[1]])
    let pages = try #require(try store.rows(of: "PRAGMA page_count").first?.first)
    _ = try store.rows(of: "PRAGMA max_page_count = \(pages)")
    let large = Batch(
      firstIndex: 1, entries: (0..<20).map { _ in [UInt8](repeating: 7, count: 4000) }, tiles: [],
      checkpoint: [9])
    let error = #expect(throws: StorageError.self) { try store.append(large) }
    #expect(error?.code == .notWritten)
    #expect(error?.message.contains("disk is full") == true)
    #expect(try store.head() == StoredHead(size: 1, checkpoint: checkpoint, released: nil))
    #expect(try store.entry(1) == nil)
    _ = try store.rows(of: "PRAGMA max_page_count = 100000")
    try store.append(large)
    #expect(try store.head()?.size == 21)
    #expect(try store.rows(of: "PRAGMA integrity_check") == [["ok"]])
  }

  @Test func `cut short gives an error and not a shorter log`() throws {
    let log = SyntheticLog(try SQLiteStore.create(at: path))
    try log.append((0..<300).map { _ in [UInt8](repeating: 7, count: 200) })
    try #require(log.store as? SQLiteStore).close()
    let bytes = try folder.bytes(of: "ledger.db")
    for count in stride(from: 8192, to: bytes.count, by: 8192) {
      try folder.write(Array(bytes[..<count]), to: "ledger.db")
      #expect(throws: StorageError.self, "\(count) of \(bytes.count)") {
        let store = try SQLiteStore.open(at: path, access: .readOnly)
        try store.scan(0..<300) { _, _ in }
        _ = try MerkleTree.root(ofSize: 300, from: StoreTiles(store))
        _ = try store.head()
      }
    }
  }
}
