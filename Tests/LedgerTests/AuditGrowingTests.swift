import Accountability
import Cryptography
import Encoding
import Ledger
import Synchronization
import TestAuthority
import Testing
import TransparencyLog

/// A ledger that somebody appends to just after the audit has read its head.
private final class GrowingSource: AuditSource {
  private let before: StoredHead
  private let after: EditableSource
  private let calls = Mutex(0)

  init(
    _ ledger: AuditLedger, from size: Int, cosigned: [StoredCosignature] = [],
    timestamped: [StoredTimestamp] = []
  ) throws {
    let old = ledger.checkpoints[size - 1]
    before = StoredHead(size: UInt64(size), checkpoint: old, released: old)
    var after = try ledger.source()
    (after.cosigned, after.timestamped) = (cosigned, timestamped)
    self.after = after
  }

  func head() throws -> StoredHead? {
    let call = calls.withLock { calls in
      calls += 1
      return calls
    }
    return call == 1 ? before : after.head()
  }
  func entry(_ index: UInt64) throws -> [UInt8]? { after.entry(index) }
  func scan(
    _ range: Range<UInt64>, _ body: (_ index: UInt64, _ leaf: Span<UInt8>) throws -> Void
  ) throws { try after.scan(range, body) }
  func tile(level: Int, index: UInt64) throws -> [Digest]? {
    after.tile(level: level, index: index)
  }
  func opening(_ commitment: Digest) throws -> StoredOpening? { try after.opening(commitment) }
  func scanOpenings(_ body: (StoredOpening) throws -> Void) throws {
    try after.scanOpenings(body)
  }
  func cosignatures() throws -> [StoredCosignature] { after.cosignatures() }
  func scanTimestamps(_ body: (StoredTimestamp) throws -> Void) throws {
    try after.scanTimestamps(body)
  }
  func strayCount(beside size: UInt64) throws -> UInt64? { after.strayCount(beside: size) }
}

@Suite struct `An audit of a ledger in use` {
  @Test(arguments: [10, 255, 256, 300]) func `covers what was there when it began`(
    _ size: Int
  ) async throws {
    let ledger = try AuditLedger.sound(310)
    var options = AuditOptions()
    options.anchors.expected = [ledger.checkpoints[0]]
    let report = try await Auditor(source: GrowingSource(ledger, from: size), options).run()
    #expect(report.findings.map(\.sentence.english) == [])
    #expect(report.size == UInt64(size))
  }

  @Test func `takes no opening for stray that came meanwhile`() async throws {
    let ledger = try AuditLedger.sealed(20)
    let report = try await Auditor(source: GrowingSource(ledger, from: 14)).run()
    #expect(report.codes == [])
  }

  @Test func `takes no cosignature for one of another history that came meanwhile`() async throws {
    let ledger = try AuditLedger.sound(20)
    let key = try SigningKey(seed: [UInt8](repeating: 100, count: 32))
    let witness = try CosignerKey(name: "court.example/w", publicKey: key.publicKey)
    func cosigned(_ checkpoint: [UInt8]) throws -> StoredCosignature {
      let signed = try SignedCheckpoint(checkpoint)
      let line = try Cosignature.line(on: signed, at: 1_800_000_000, with: key, as: witness)
      return StoredCosignature(
        vkey: witness.description, checkpoint: try signed.adding([line]).bytes)
    }
    let newest = try cosigned(ledger.checkpoints[19])
    let source = try GrowingSource(ledger, from: 14, cosigned: [newest])
    #expect(try await Auditor(source: source).run().codes == [])
    // What was there already is held against it all the same.
    let other = try AuditLedger.sound(3)
    for name in ["Z1", "Z2", "Z3"] { try other.append([other.register(name)]) }
    let theirs = try cosigned(other.checkpoints[5])
    let forked = try GrowingSource(ledger, from: 14, cosigned: [theirs])
    #expect(try await Auditor(source: forked).run().codes == [.cosignedOtherwise])
  }

  @Test(.enabled(if: TestAuthority.isAvailable, "openssl is not installed"))
  func `takes no timestamp for one of another history that came meanwhile`() async throws {
    let folder = TemporaryFolder()
    let ledger = try AuditLedger.sound(20)
    let checkpoint = ledger.checkpoints[19]
    let response = try TestAuthority(in: folder.path).response(
      TestAuthority.Statement(imprint: SHA256.hash(checkpoint).bytes))
    let source = try GrowingSource(
      ledger, from: 14,
      timestamped: [StoredTimestamp(checkpoint: checkpoint, response: response)])
    #expect(try await Auditor(source: source).run().codes == [])
  }
}
