import Accountability
import Cryptography
import Encoding
import Ledger
import TestAuthority
import Testing
import TransparencyLog

@Suite(.enabled(if: TestAuthority.isAvailable, "openssl is not installed"))
struct `A ledger that has timestamps` {
  let folder = TemporaryFolder()
  let ledger: LedgerFixture
  let authority: TestAuthority
  /// The checkpoints of 1, 2 and 3 entries.
  let checkpoints: [[UInt8]]

  init() throws {
    ledger = try LedgerFixture.opened()
    authority = try TestAuthority(in: folder.path)
    var checkpoints = [try #require(try ledger.store.head()?.released)]
    for name in ["E1", "E2"] {
      try ledger.append(name)
      checkpoints.append(try #require(try ledger.store.head()?.released))
    }
    self.checkpoints = checkpoints
  }

  private func response(
    of checkpoint: [UInt8], at time: String = "20261122030500Z",
    _ change: (inout TestAuthority.Statement) -> Void = { _ in }
  ) throws -> TimestampResponse {
    var statement = TestAuthority.Statement(imprint: SHA256.hash(checkpoint).bytes)
    statement.time = time
    change(&statement)
    return try TimestampResponse(authority.response(statement))
  }

  private func kept(in store: any TruthStore) throws -> [StoredTimestamp] {
    var found: [StoredTimestamp] = []
    try store.scanTimestamps { found.append($0) }
    return found
  }

  private func fill(_ store: MemoryStore) throws {
    for (number, checkpoint) in checkpoints.enumerated() {
      let response = try response(of: checkpoint)
      #expect(try store.takeTimestamp(response, of: checkpoint) == UInt64(number + 1))
    }
  }

  @Test func `keeps each once, of whatever checkpoint of its own`() async throws {
    let store = try storeWithFour()
    var options = AuditOptions()
    options.anchors.authorities = try TrustedCertificates(pem: authority.root)
    let report = try await Auditor(store, options).run()
    #expect(report.codes == [])
    #expect(report.timestamps.map(\.size) == [1, 2, 3, 3])
  }

  /// On its own: the optimiser of Swift 6.3 crashes over its typed errors in a function that awaits.
  private func storeWithFour() throws -> MemoryStore {
    let store = ledger.store
    try fill(store)
    #expect(try kept(in: store).count == 3)
    // The same again changes nothing; another on the same checkpoint is another proof.
    let first = try kept(in: store)[0]
    try store.takeTimestamp(TimestampResponse(first.response), of: first.checkpoint)
    #expect(try kept(in: store).count == 3)
    try store.takeTimestamp(
      response(of: checkpoints[2], at: "20261122030600Z"), of: checkpoints[2])
    #expect(try kept(in: store).count == 4)
    return store
  }

  @Test func `takes none that an audit would find wrong`() throws {
    let store = ledger.store
    let newest = checkpoints[2]
    func refusal(_ response: TimestampResponse, of checkpoint: [UInt8]) -> String? {
      do {
        _ = try store.takeTimestamp(response, of: checkpoint)
        return nil
      } catch let error as LedgerError {
        return error.code.description
      } catch {
        return (error as? CryptographyError)?.message
      }
    }
    let good = try response(of: newest)
    #expect(refusal(good, of: checkpoints[1])?.contains("something else") == true)
    let weak = try response(of: newest) { $0.options = ["-md", "sha256"] }
    #expect(refusal(weak, of: newest)?.contains("not what its certificate signed") == true)
    #expect(refusal(try response(of: [1, 2]), of: [1, 2]) == "wrong-timestamp")
    let stranger = try AuditLedger.sound(3, logSeed: 201).checkpoints[2]
    #expect(refusal(try response(of: stranger), of: stranger) == "wrong-timestamp")
    func own(_ size: UInt64, _ root: Digest) throws -> [UInt8] {
      try SignedCheckpoint.sign(
        Checkpoint(origin: LedgerFixture.origin, size: size, root: root), with: ledger.log.key
      ).bytes
    }
    let longer = try own(4, MerkleTree.emptyRoot)
    #expect(refusal(try response(of: longer), of: longer) == "rolled-back")
    let forked = try own(3, MerkleTree.leafHash([1]))
    #expect(refusal(try response(of: forked), of: forked) == "forked")
    // Entry 2 is of 03:00:02.
    let early = try response(of: newest, at: "20261122024900Z")
    #expect(refusal(early, of: newest) == "wrong-timestamp")
    #expect(try kept(in: store) == [])
    #expect(refusal(good, of: newest) == nil)
  }

  @Test func `asks no clock that is simulated`() throws {
    let simulated = try LedgerFixture.opened(clock: .simulated)
    let checkpoint = try #require(try simulated.store.head()?.released)
    try simulated.store.takeTimestamp(
      response(of: checkpoint, at: "20210101000000Z"), of: checkpoint)
  }

  @Test func `keeps no more than an audit looks at`() throws {
    let store = ledger.store
    for number in 0..<StoredTimestamp.maximumCount {
      store.keepTimestamp(
        StoredTimestamp(checkpoint: [], response: Array("\(number)".utf8)))
    }
    let error = try #require(throws: LedgerError.self) {
      try store.takeTimestamp(response(of: checkpoints[2]), of: checkpoints[2])
    }
    #expect(error.code == .wrongTimestamp)
    #expect(try kept(in: store).count == StoredTimestamp.maximumCount)
  }

  @Test func `hands them on in a bundle, where they say the same`() async throws {
    try fill(ledger.store)
    for (edition, name) in [(AuditEdition.full, "full.tar"), (.public, "public.tar")] {
      let path = "\(folder.path)/\(name)"
      _ = try BundleExport.write(ledger.store, to: path, edition: edition)
      let source = try ExportAuditSource(path)
      var found: [StoredTimestamp] = []
      try source.scanTimestamps { found.append($0) }
      #expect(try found == kept(in: ledger.store))
      var options = AuditOptions()
      options.edition = edition
      options.anchors.authorities = try TrustedCertificates(pem: authority.root)
      let (there, here) = (
        try await Auditor(source: source, options).run(),
        try await Auditor(ledger.store, options).run()
      )
      #expect(there.json == here.json)
      #expect(there.timestamps.count == 3)
    }
    // A tiles folder is other people's format, and has none.
    _ = try TilesExport.write(ledger.store, to: "\(folder.path)/tiles")
    let tiles = try ExportAuditSource("\(folder.path)/tiles")
    try tiles.scanTimestamps { _ in Issue.record("there is none") }
  }

  @Test func `hands on none that was changed`() throws {
    ledger.store.keepTimestamp(
      StoredTimestamp(digest: [UInt8](repeating: 1, count: 32), checkpoint: [], response: [1]))
    let error = #expect(throws: LedgerError.self) {
      try BundleExport.write(ledger.store, to: "\(folder.path)/b.tar", edition: .public)
    }
    #expect(error?.code == .damaged)
  }

  @Test func `gets back from a copy what it lost, and nothing else`() throws {
    let whole = ledger.store.copy()
    try fill(whole)
    whole.keepTimestamp(StoredTimestamp(checkpoint: checkpoints[2], response: [1]))
    let stranger = try AuditLedger.sound(3, logSeed: 201).checkpoints[2]
    whole.keepTimestamp(
      StoredTimestamp(checkpoint: stranger, response: try response(of: stranger).bytes))
    let known = try kept(in: whole)[0]
    ledger.store.keepTimestamp(known)
    let isKnownGood = checkpoints.contains(known.checkpoint) && known.response.count > 1
    let back = try ledger.store.takeTimestamps(of: StoreAuditSource(whole))
    #expect(back == (isKnownGood ? 2 : 3))
    #expect(try ledger.store.takeTimestamps(of: StoreAuditSource(whole)) == 0)
  }
}
