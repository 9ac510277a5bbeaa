import Cryptography
import Encoding
import Ledger
import Testing
import TransparencyLog

@Suite struct `Receipts held against a log` {
  let fixture: LedgerFixture
  let receipts: [(receipt: Receipt, note: [UInt8])]

  init() throws {
    fixture = try LedgerFixture.opened()
    var receipts: [(Receipt, [UInt8])] = []
    for index in 0..<6 {
      let carried = try fixture.sign([fixture.register("E\(index)")])
      let appended = try fixture.writer.append([carried])[0].get()
      receipts.append((appended.receipt, carried.submission.bytes))
    }
    self.receipts = receipts
  }

  private func verdicts(_ source: any AuditSource) throws -> [HeldLog.Verdict?] {
    let log = try HeldLog(source, logKey: fixture.log.vkey)
    return receipts.map { try? log.verdict(on: $0.receipt, note: $0.note) }
  }

  @Test func `find everything in the ledger and in an export of it`() throws {
    let all = [HeldLog.Verdict?](repeating: .there, count: 6)
    #expect(try verdicts(StoreAuditSource(fixture.store)) == all)
    let folder = TemporaryFolder()
    try TilesExport.write(fixture.store, to: folder.path)
    #expect(try verdicts(ExportAuditSource(folder.path)) == all)
  }

  @Test func `miss what a shorter log no longer has`() throws {
    let short = try MemoryStore.prefix(of: fixture.store, size: 4, signedBy: fixture.log.key)
    #expect(
      try verdicts(StoreAuditSource(short))
        == [.there, .there, .there, .missing, .missing, .missing])
  }

  @Test func `find what was replaced by who holds the log key`() throws {
    let other = try LedgerFixture.opened()
    for index in 0..<7 {
      let carried = try other.sign([other.register(index < 3 ? "E\(index)" : "Z\(index)")])
      _ = try other.writer.append([carried])[0].get()
    }
    #expect(
      try verdicts(StoreAuditSource(other.store))
        == [.there, .there, .there, .replaced, .replaced, .replaced])
    // A log that is whole up to the entry, and was forked between it and the receipt's checkpoint.
    let late = try Receipt.make(of: 2, in: fixture.store)
    let log = try HeldLog(StoreAuditSource(other.store), logKey: fixture.log.vkey)
    #expect(try log.verdict(on: late, note: receipts[1].note) == .forked)
  }

  @Test func `believe nothing that is not proven`() throws {
    let log = try HeldLog(StoreAuditSource(fixture.store), logKey: fixture.log.vkey)
    let wrong = errorCode { _ = try log.verdict(on: receipts[0].receipt, note: receipts[1].note) }
    #expect(wrong == .wrongReceipt)
    let stranger = try LedgerFixture.Signer(LedgerFixture.origin, seed: 99)
    #expect(
      errorCode { _ = try HeldLog(StoreAuditSource(fixture.store), logKey: stranger.vkey) }
        == .wrongLogKey)
    #expect(
      errorCode { _ = try HeldLog(StoreAuditSource(MemoryStore()), logKey: fixture.log.vkey) }
        == .noLedger)
    let folder = TemporaryFolder()
    try TilesExport.write(fixture.store, to: folder.path)
    let name = try #require(try folder.files().first { $0.contains("entries") })
    var bytes = try folder.bytes(of: name)
    bytes[bytes.count - 20] ^= 1
    try folder.write(bytes, to: name)
    let held = try HeldLog(ExportAuditSource(folder.path), logKey: fixture.log.vkey)
    let last = receipts[5]
    #expect(errorCode { _ = try held.verdict(on: last.receipt, note: last.note) } == .damaged)
  }
}
