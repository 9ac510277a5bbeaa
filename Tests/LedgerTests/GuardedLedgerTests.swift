import Accountability
import Cryptography
import Encoding
import Ledger
import Testing
import TransparencyLog

@Suite struct `A ledger and the guard beside its key` {
  @Test func `a backup that was put back is refused, and restored from an export`() throws {
    let fixture = try LedgerFixture.opened()
    for index in 0..<5 { try fixture.append("D0\(index + 2)") }
    let backup = fixture.store.copy()
    try fixture.append(count: 300, prefix: "E")
    let export = fixture.store

    let restored = try LedgerFixture(store: backup)
    try Self.carryGuard(from: fixture, to: restored)
    let late = try fixture.sign([fixture.register("Z1")])
    let error = #expect(throws: LedgerError.self) { try restored.writer.append(late) }
    #expect(error?.code == .rolledBack)
    #expect(error?.message.contains("306") == true)
    #expect(try backup.head()?.size == 6)

    #expect(try restored.writer.restore(entry: { try export.entry($0) }).entryCount == 300)
    #expect(try backup.head() == export.head())
    for index in 0..<306 as Range<UInt64> {
      #expect(try backup.entry(index) == export.entry(index))
    }
    for level in 0..<2 {
      for index in 0..<2 as Range<UInt64> {
        #expect(
          try backup.tile(level: level, index: index) == export.tile(level: level, index: index))
      }
    }
    restored.clock.now = fixture.clock.now
    #expect(try restored.writer.append(late).index == 306)
    try restored.check()
  }

  @Test func `everything is restored where nothing is left`() throws {
    let fixture = try LedgerFixture.opened()
    try fixture.append("D02")
    let empty = try LedgerFixture()
    try Self.carryGuard(from: fixture, to: empty)
    #expect(try empty.writer.restore(entry: { try fixture.store.entry($0) }).entryCount == 2)
    #expect(try empty.store.head() == fixture.store.head())
    try empty.check()
  }

  @Test func `restoring refuses entries that are missing, changed or of another history`() throws {
    let fixture = try LedgerFixture.opened()
    let backup = fixture.store.copy()
    for name in ["D02", "D03", "D04"] { try fixture.append(name) }
    let other = try LedgerFixture.opened()
    for name in ["X02", "X03", "X04"] { try other.append(name) }

    let restored = try LedgerFixture(store: backup)
    try Self.carryGuard(from: fixture, to: restored)
    let sources: [(UInt64) throws -> [UInt8]?] = [
      { $0 == 3 ? nil : try fixture.store.entry($0) },
      { try other.store.entry($0) },
      { try fixture.store.entry($0 == 2 ? 3 : $0) },
      { index in
        var leaf = try fixture.store.entry(index)
        if index == 3, let last = leaf?.indices.last { leaf?[last - 5] ^= 1 }
        return leaf
      },
    ]
    for source in sources {
      #expect(throws: LedgerError.self) { try restored.writer.restore(entry: source) }
      #expect(try backup.head()?.size == 1)
    }
    #expect(try restored.writer.restore(entry: { try fixture.store.entry($0) }).entryCount == 3)
    #expect(try restored.writer.restore(entry: { _ in nil }).entryCount == 0)
    try restored.check()
  }

  @Test func `another history of the same length is refused as forked`() throws {
    let fixture = try LedgerFixture.opened()
    let backup = fixture.store.copy()
    try fixture.append("D02")
    // The same key, without its guard, signs another history over the backup.
    let forged = try LedgerFixture(store: backup)
    try forged.guardFile.rebuild(from: SignedCheckpoint(#require(try backup.head()).checkpoint))
    forged.registrar.n = 1
    try forged.append("X02")
    try forged.append("X03")
    for name in try fixture.folder.names() {
      try forged.folder.write(fixture.folder.bytes(of: name), to: name)
    }
    try forged.reopen()
    let carried = try forged.sign([forged.register("X04")])
    #expect(errorCode { try forged.writer.append(carried) } == .forked)
    // Nor does restoring mend it, or say that nothing is missing.
    #expect(errorCode { try forged.writer.restore(entry: { _ in nil }) } == .wrongRestore)
    #expect(try backup.head()?.size == 3)
  }

  @Test func `entries without a guard are refused until it is rebuilt`() throws {
    let fixture = try LedgerFixture.opened()
    try fixture.append("D02")
    let head = try SignedCheckpoint(#require(try fixture.store.head()).checkpoint)
    let moved = try LedgerFixture(store: fixture.store)
    moved.registrar.n = fixture.registrar.n
    moved.clock.now = fixture.clock.now
    let carried = try moved.sign([moved.register("D03")])
    #expect(errorCode { try moved.writer.append(carried) } == .guardMissing)
    try moved.guardFile.rebuild(from: head)
    #expect(try moved.writer.append(carried).index == 2)
    try moved.check()
  }

  @Test func `what was restored to a cosigned guard is signed by the log alone`() async throws {
    let fixture = try LedgerFixture.opened()
    try fixture.append("D02")
    let head = try SignedCheckpoint(#require(try fixture.store.head()).checkpoint)
    let witness = try SigningKey(seed: [UInt8](repeating: 77, count: 32))
    let line = try Cosignature.line(
      on: head, at: 1_800_000_000, with: witness,
      as: CosignerKey(name: "court.example/w", publicKey: witness.publicKey))
    let empty = try LedgerFixture()
    try empty.guardFile.rebuild(from: head.adding([line]))
    #expect(try empty.writer.restore(entry: { try fixture.store.entry($0) }).entryCount == 2)
    #expect(try empty.store.head() == fixture.store.head())
    #expect(try await Auditor(empty.store).run()[.integrity] == .ok)
  }

  @Test func `a tail that was committed but not released is hashed again before it is shown`()
    throws
  {
    let fixture = try LedgerFixture.opened()
    let carried = try fixture.sign([fixture.register("D02")])
    fixture.faulty.fail(.append, .after)
    #expect(throws: StorageError.self) { try fixture.writer.append(carried) }
    #expect(try fixture.guardFile.read()?.checkpoint.size == 1)
    try fixture.reopen()
    #expect(try fixture.writer.settle()?.size == 2)
    #expect(try fixture.guardFile.read()?.checkpoint.size == 2)
    let head = try #require(try fixture.store.head())
    #expect(head.released == head.checkpoint)
    try fixture.check()
  }

  @Test func `a tail whose stored bytes have changed is not shown`() throws {
    let fixture = try LedgerFixture.opened()
    let carried = try fixture.sign([fixture.register("D02")])
    fixture.faulty.fail(.append, .after)
    #expect(throws: StorageError.self) { try fixture.writer.append(carried) }
    let tampered = TamperedStore(fixture.store, entry: 1)
    let writer = try Writer(
      store: tampered, signingKey: fixture.log.key, guard: fixture.guardFile,
      state: WholeState(), clock: { [clock = fixture.clock] in clock.now })
    #expect(errorCode { try writer.settle() } == .damaged)
    #expect(try fixture.guardFile.read()?.checkpoint.size == 1)
    #expect(try SignedCheckpoint(#require(try fixture.store.head()?.released)).checkpoint.size == 1)
  }

  @Test func `a ledger of another log key is refused`() throws {
    let fixture = try LedgerFixture.opened()
    let other = try LedgerFixture.Signer("other.example/plan", seed: 90)
    let writer = try Writer(
      store: fixture.store, signingKey: other.key,
      guard: Guard(folder: fixture.folder.path, logKey: other.vkey), state: WholeState(),
      clock: { [clock = fixture.clock] in clock.now })
    #expect(
      errorCode { try writer.append(fixture.sign([fixture.register("D02")])) } == .wrongLogKey)
  }

  private static func carryGuard(
    from old: LedgerFixture, to new: LedgerFixture
  ) throws {
    for name in try old.folder.names() {
      try new.folder.write(old.folder.bytes(of: name), to: name)
    }
  }
}

/// A store that lends one entry with a bit flipped in its last signature.
final class TamperedStore: TruthStore {
  private let store: any TruthStore
  private let index: UInt64

  init(_ store: any TruthStore, entry index: UInt64) {
    self.store = store
    self.index = index
  }

  func entry(_ index: UInt64) throws(StorageError) -> [UInt8]? {
    var leaf = try store.entry(index)
    if index == self.index, let last = leaf?.indices.last { leaf?[last - 9] ^= 1 }
    return leaf
  }

  func scan(_ range: Range<UInt64>, _ body: (UInt64, Span<UInt8>) throws -> Void) throws {
    for index in range {
      guard let leaf = try entry(index) else { throw StorageError(.damaged, "missing") }
      try body(index, leaf.span)
    }
  }

  func head() throws(StorageError) -> StoredHead? { try store.head() }
  func tile(level: Int, index: UInt64) throws(StorageError) -> [Digest]? {
    try store.tile(level: level, index: index)
  }
  func opening(_ commitment: Digest) throws(StorageError) -> StoredOpening? {
    try store.opening(commitment)
  }
  func scanOpenings(_ body: (StoredOpening) throws -> Void) throws { try store.scanOpenings(body) }
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
