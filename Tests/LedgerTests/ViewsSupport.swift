import Accountability
import Cryptography
import Ledger
import Testing
import TransparencyLog
@testable import Views

/// A ledger with views, which the writer reads and records into.
struct ViewsFixture {
  let ledger: LedgerFixture
  let folder = TemporaryFolder()
  let views: ViewStore

  var path: String { "\(folder.path)/views.db" }
  var store: MemoryStore { ledger.store }

  /// A ledger with its entry 0.
  init() throws {
    let store = MemoryStore()
    views = try ViewStore.open(at: "\(folder.path)/views.db", of: store)
    ledger = try LedgerFixture(store: store, state: views)
    _ = try ledger.writer.open(with: ledger.opening())
  }

  /// More organisations, one an entry.
  func append(_ names: ClosedRange<Int>) throws {
    for name in names { try ledger.append("U\(name)") }
  }

  /// New views of the same ledger, made in one go.
  func fresh(_ policy: VerificationPolicy = .everything) throws -> ViewStore {
    try ViewStore.open(
      at: "\(folder.path)/fresh-\(UInt32.random(in: 0 ... .max)).db", of: store, verifying: policy)
  }

  /// What the entries fold to, as encoded records.
  func records(size: UInt64? = nil) throws -> [StateKey: [UInt8]] {
    var records: [StateKey: [UInt8]] = [:]
    try FoldedLog(of: store, size: size).programme.forEachRecord { records[$0] = $1 }
    return records
  }

  /// Commits an entry without asking the rules, as an operator with the log key can.
  func cheat(_ submission: Submission) throws {
    let head = try #require(try store.head())
    let root = try SignedCheckpoint(head.checkpoint).checkpoint.root
    let entry = Entry(
      index: head.size, time: ledger.clock.now, root: root, submission: submission)
    try cheat(leaf: entry.bytes)
  }

  /// Commits any bytes.
  func cheat(leaf: [UInt8]) throws {
    var appender = TileAppender()
    let size = try store.head()?.size ?? 0
    for index in 0..<size {
      appender.append(MerkleTree.leafHash(try #require(try store.entry(index))))
    }
    appender.append(MerkleTree.leafHash(leaf))
    let checkpoint = try SignedCheckpoint.sign(
      Checkpoint(origin: LedgerFixture.origin, size: appender.size, root: appender.root),
      with: ledger.log.key)
    try store.append(
      Batch(
        firstIndex: size, entries: [leaf], tiles: appender.drain(), checkpoint: checkpoint.bytes))
    try ledger.guardFile.withLock { try $0.advance(to: checkpoint) }
    try store.release(checkpoint.bytes)
  }
}
