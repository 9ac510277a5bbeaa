import Cryptography
import Ledger
@testable import SQLiteStorage
import Testing
import TransparencyLog

/// Whoever hands over a file can put a value of any length into it.
@Suite struct `A value that is longer than it can be` {
  private let folder = TemporaryFolder()
  private var path: String { "\(folder.path)/ledger.db" }

  /// What is done to a ledger, what the message names, and how it is met.
  struct Change: CustomTestStringConvertible {
    var sql: String
    var words: String
    var read: @Sendable (SQLiteStore) throws -> Void
    var code: FindingCode
    var testDescription: String { words }
  }

  private static let longEntry = """
    DROP TRIGGER entry_is_never_changed; UPDATE entry SET leaf = zeroblob(65536) WHERE idx = 3
    """

  private static let changes = [
    Change(
      sql: "UPDATE checkpoint SET note = zeroblob(1000001) WHERE name = 'newest'",
      words: "A checkpoint", read: { _ = try $0.head() }, code: .storeDamaged),
    Change(
      sql: longEntry,
      words: "An entry", read: { _ = try $0.entry(3) }, code: .entryMissing),
    Change(
      sql: longEntry,
      words: "An entry", read: { try $0.scan(0..<4) { _, _ in } }, code: .entryMissing),
    Change(
      sql: "DROP TRIGGER tile_only_grows; UPDATE tile SET hashes = zeroblob(8193) WHERE place = 0",
      words: "A tile", read: { _ = try $0.tile(level: 0, index: 0) }, code: .tileMissing),
    Change(
      sql: """
        UPDATE opening SET content = zeroblob(67108865)
        WHERE commitment = (SELECT min(commitment) FROM opening)
        """,
      words: "An opening", read: { try $0.scanOpenings { _ in } }, code: .wrongOpening),
    Change(
      sql: "INSERT INTO cosignature VALUES ('w', zeroblob(1000001))",
      words: "A cosignature", read: { _ = try $0.cosignatures() }, code: .storeDamaged),
    Change(
      sql: "INSERT INTO timestamp VALUES (zeroblob(32), zeroblob(1000001), x'00')",
      words: "A timestamp", read: { try $0.scanTimestamps { _ in } }, code: .storeDamaged),
  ]

  @Test(arguments: changes)
  func `is refused by its kind, and is a violation`(_ change: Change) async throws {
    let ledger = try AuditLedger.sealed(24)
    let made = try SQLiteStore.create(at: path)
    var appender = TileAppender()
    for leaf in ledger.entries { appender.append(MerkleTree.leafHash(leaf)) }
    let checkpoint = try ledger.checkpoint().bytes
    try made.append(
      Batch(
        firstIndex: 0, entries: ledger.entries, tiles: appender.drain(), checkpoint: checkpoint,
        openings: ledger.openings))
    try made.release(checkpoint)
    for sql in change.sql.split(separator: ";") { _ = try made.rows(of: String(sql)) }
    try made.close()
    for access in [SQLiteStore.Access.readOnly, .readWrite] {
      let store = try SQLiteStore.open(at: path, access: access)
      let error = #expect(throws: StorageError.self) { try change.read(store) }
      #expect(error?.code == .damaged)
      #expect(error?.message.hasPrefix(change.words) == true, "\(error?.message ?? "")")
      #expect(error?.message.contains("longer") == true)
      // What is not too long is read as before, and the bound of one kind is not that of another.
      #expect(try store.rows(of: "SELECT length(zeroblob(2000000))") == [["2000000"]])
      try store.close()
    }
    let store = try SQLiteStore.open(at: path, access: .readOnly)
    var options = AuditOptions()
    options.anchors.expected = [checkpoint]
    let report = try await Auditor(store, options).run()
    #expect(report.exitCode == 3)
    #expect(report.findings.map(\.code).contains(change.code), "\(report.findings.map(\.code))")
  }

  @Test func `of the length that it can have is read`() throws {
    let store = try SQLiteStore.create(at: path)
    let log = SyntheticLog(store)
    let leaf = [UInt8](repeating: 1, count: Limits.leafByteCount)
    try log.append([leaf])
    #expect(try store.entry(0) == leaf)
    try store.scan(0..<1) { _, lent in #expect(lent.count == leaf.count) }
  }
}
