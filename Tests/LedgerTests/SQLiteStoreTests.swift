import Cryptography
import FoundationEssentials
import Ledger
@testable import SQLiteStorage
import Testing
import TransparencyLog

@Suite struct `The SQLite store` {
  let folder = TemporaryFolder()
  var path: String { "\(folder.path)/ledger.db" }

  @Test(arguments: StoreContract.allCases)
  func `keeps the contract`(_ rule: StoreContract) throws {
    try rule.check { try SQLiteStore.create(at: path) }
  }

  @Test func `syncs every commit, overwrites what is deleted and uses large pages`() throws {
    let store = try SQLiteStore.create(at: path)
    let settings = Dictionary(
      uniqueKeysWithValues: try store.settings().map { ($0.name, $0.value) })
    #expect(settings["synchronous"] == "2", "FULL")
    #expect(settings["secure_delete"] == "1")
    #expect(settings["page_size"] == "8192")
    #expect(settings["journal_mode"] == "wal")
    #expect(settings["application_id"] == "\(0x4F6E_7573)")
    #expect(settings["mmap_size"] == "0")
  }

  @Test func `gives everything back after it was closed`() throws {
    let log = SyntheticLog(try SQLiteStore.create(at: path))
    let opening = try log.opening(3, entry: 2)
    let entries = (0..<700).map { [UInt8]("entry \($0)".utf8) }
    let checkpoint = try log.append(entries, openings: [opening])
    try log.store.release(checkpoint)
    try #require(log.store as? SQLiteStore).close()
    #expect(try folder.names() == ["ledger.db"])

    for access in [SQLiteStore.Access.readWrite, .readOnly] {
      let store = try SQLiteStore.open(at: path, access: access)
      #expect(
        try store.head() == StoredHead(size: 700, checkpoint: checkpoint, released: checkpoint))
      #expect(try store.entry(699) == entries[699])
      #expect(try store.opening(opening.commitment) == opening)
      #expect(try MerkleTree.root(ofSize: 700, from: StoreTiles(store)) == log.root)
    }
  }

  @Test(arguments: [
    "UPDATE entry SET leaf = x'00' WHERE idx = 1", "UPDATE entry SET idx = 9 WHERE idx = 1",
    "DELETE FROM entry WHERE idx = 1", "DELETE FROM entry",
    "INSERT INTO entry (idx, leaf) VALUES (4, x'00')",
    "INSERT INTO entry (idx, leaf) VALUES (-1, x'00')",
    "INSERT OR REPLACE INTO entry (idx, leaf) VALUES (1, x'00')",
    "REPLACE INTO entry (idx, leaf) VALUES (2, x'00')",
    "INSERT INTO entry (idx, leaf) VALUES (3, 'text')",
    "UPDATE tile SET hashes = x'00'", "UPDATE tile SET place = 7", "DELETE FROM tile",
    "INSERT INTO checkpoint (name, note) VALUES ('other', x'00')",
  ])
  func `refuses to change what is written`(_ sql: String) throws {
    let log = SyntheticLog(try SQLiteStore.create(at: path))
    try log.append([[1], [2], [3]])
    let store = try #require(log.store as? SQLiteStore)
    #expect(throws: StorageError.self) { try store.rows(of: sql) }
    #expect(try (0..<4).map { try store.entry($0) } == [[1], [2], [3], nil])
    #expect(try MerkleTree.root(ofSize: 3, from: StoreTiles(store)) == log.root)
  }

  @Test func `says that it is damaged where all its entries stand below 0`() throws {
    let log = SyntheticLog(try SQLiteStore.create(at: path))
    try log.append([[1]])
    let store = try #require(log.store as? SQLiteStore)
    _ = try store.rows(of: "DROP TRIGGER entry_is_never_changed")
    _ = try store.rows(of: "UPDATE entry SET idx = -1")
    let batch = Batch(firstIndex: 0, entries: [[2]], tiles: [], checkpoint: [1])
    for use in [{ _ = try store.head() }, { try store.append(batch) }] as [() throws -> Void] {
      let error = #expect(throws: StorageError.self) { try use() }
      #expect(error?.code == .damaged)
    }
  }

  @Test func `finds every row by an index`() throws {
    let store = try SQLiteStore.create(at: path)
    for statement in LedgerStatement.allCases {
      let sql = statement.rawValue.replacing("?", with: "1")
      let plan = try store.rows(of: "EXPLAIN QUERY PLAN \(sql)").map { $0[3] }
      #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(statement): \(plan)")
      // Listing every opening, cosignature or timestamp reads the whole table, in the order of its
      // key.
      guard ![.openings, .cosignatures, .timestamps].contains(statement) else { continue }
      #expect(
        // Two checkpoints are not looked for by name: that would read rows whole.
        !plan.contains { $0.hasPrefix("SCAN ") && $0 != "SCAN checkpoint" },
        "\(statement): \(plan)")
    }
  }

  @Test func `lets its scanner ask it other things`() throws {
    let log = SyntheticLog(try SQLiteStore.create(at: path))
    try log.append((0..<10).map { [$0] })
    var sum = 0
    try log.store.scan(0..<10) { index, leaf in
      #expect(try log.store.entry(9 - index) == [UInt8(9 - index)])
      try log.store.scan(0..<index) { _, inner in sum += Int(inner[0]) }
      #expect([UInt8](copying: leaf) == [UInt8(index)])
    }
    #expect(sum == 120)
  }

  @Test func `leaves nothing of an erased opening in its files`() throws {
    let log = SyntheticLog(try SQLiteStore.create(at: path))
    let secret = Array("a name that is to be forgotten, and nobody knows it".utf8)
    let opening = try Opening(
      media: "text/plain", salt: [UInt8](repeating: 9, count: 32), content: secret + secret)
    let stored = StoredOpening(
      commitment: opening.commitment(by: KeyName(name: "D01", id: 1)), entry: 0, opening: opening)
    try log.append([[1]], openings: [stored])
    #expect(try filesHold(secret))
    #expect(try log.store.eraseOpenings([stored.commitment]) == 1)
    #expect(try !filesHold(secret))
    #expect(try log.store.eraseOpenings([stored.commitment]) == 0)
  }

  private func filesHold(_ bytes: [UInt8]) throws -> Bool {
    try folder.names().contains { name in
      Data(try folder.bytes(of: name)).firstRange(of: Data(bytes)) != nil
    }
  }
}
