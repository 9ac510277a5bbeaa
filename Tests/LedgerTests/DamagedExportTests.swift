import Cryptography
import Ledger
import Testing
import TransparencyLog

@Suite struct `Exporting a ledger that was changed` {
  static let other: [UInt8] = Array("something else".utf8)

  @Test func `is refused at an edited entry, and leaves no folder behind`() throws {
    let store = ChangedStore(try ledger(of: 5), entries: [3: Self.other])
    let output = TemporaryFolder()
    let message = try refusal(of: store, in: output)
    #expect(message.hasPrefix("Entry 3 is not the one that was recorded"))
    #expect(try output.files() == [])
  }

  @Test func `is refused at the first of two swapped entries`() throws {
    let sound = try ledger(of: 5)
    let swapped: [UInt64: [UInt8]] = try [
      2: #require(try sound.entry(3)), 3: #require(try sound.entry(2)),
    ]
    #expect(try refusal(of: ChangedStore(sound, entries: swapped)).hasPrefix("Entry 2 is not"))
  }

  @Test(arguments: [0, 255, 256, 299]) func `is refused at a changed hash`(place: UInt64) throws {
    let store = ChangedStore(try ledger(of: 300), hashes: [[0, place / 256]: Int(place % 256)])
    #expect(try refusal(of: store).hasPrefix("Entry \(place) is not"))
  }

  @Test func `is refused at a changed upper tile`() throws {
    let store = ChangedStore(try ledger(of: 300), hashes: [[1, 0]: 0])
    #expect(try refusal(of: store).hasPrefix("The stored tile/1/000.p/1 does not follow"))
  }

  @Test func `is refused under a checkpoint of other entries`() throws {
    let store = ChangedStore(
      try ledger(of: 5), released: try ledger(of: 5, named: "F").head()?.released)
    #expect(try refusal(of: store).hasPrefix("The checkpoint is of other entries"))
  }

  @Test func `goes through as evidence, with the changed bytes`() throws {
    let store = ChangedStore(try ledger(of: 5), entries: [3: Self.other])
    let output = TemporaryFolder()
    try TilesExport.write(store, to: output.path + "/tiles", damage: .exported)
    let leaves = try EntryBundle.decode(output.bytes(of: "tiles/tile/entries/000.p/5"))
    #expect(leaves[3].elementsEqual(Self.other))
  }

  @Test func `ends at the first tile that a made-up size has and the store has not`() throws {
    let sound = try ledger(of: 5)
    let head = try SignedCheckpoint(try #require(sound.head()?.released))
    let text = "\(head.checkpoint.origin)\n\(UInt64(1) << 62)\n\(head.checkpoint.root)\n"
    let note = try SignedNote(text: Array(text.utf8), signatures: head.note.signatures)
    let store = ChangedStore(sound, released: note.bytes)
    let output = TemporaryFolder()
    let error = #expect(throws: LedgerError.self) {
      try TilesExport.write(store, to: output.path + "/tiles", damage: .exported)
    }
    #expect(error?.code == .damaged)
  }

  private func ledger(of size: Int, named prefix: String = "E") throws -> MemoryStore {
    let fixture = try LedgerFixture.opened()
    let batch = try (1..<size).map { try fixture.sign([fixture.register("\(prefix)\($0)")]) }
    for result in try fixture.writer.append(batch) { _ = try result.get() }
    return fixture.store
  }

  private func refusal(
    of store: ChangedStore, in output: TemporaryFolder = TemporaryFolder()
  ) throws -> String {
    let error = #expect(throws: LedgerError.self) {
      try TilesExport.write(store, to: output.path + "/tiles")
    }
    #expect(error?.code == .damaged)
    return error?.message ?? ""
  }
}

/// A sound store, but for some entries, one hash of some tiles, or the released checkpoint.
final class ChangedStore: TruthStore {
  private let store: MemoryStore
  private let entries: [UInt64: [UInt8]]
  /// The place of the hash that differs, by level and index of its tile.
  private let hashes: [[UInt64]: Int]
  private let released: [UInt8]?

  init(
    _ store: MemoryStore, entries: [UInt64: [UInt8]] = [:], hashes: [[UInt64]: Int] = [:],
    released: [UInt8]? = nil
  ) {
    self.store = store
    self.entries = entries
    self.hashes = hashes
    self.released = released
  }

  func head() throws(StorageError) -> StoredHead? {
    guard let head = try store.head() else { return nil }
    return StoredHead(
      size: head.size, checkpoint: head.checkpoint, released: released ?? head.released)
  }
  func entry(_ index: UInt64) throws(StorageError) -> [UInt8]? {
    if let changed = entries[index] { return changed }
    return try store.entry(index)
  }
  func scan(
    _ range: Range<UInt64>, _ body: (_ index: UInt64, _ leaf: Span<UInt8>) throws -> Void
  ) throws {
    for index in range {
      guard let leaf = try entry(index) else { throw StorageError(.damaged, "missing") }
      try body(index, leaf.span)
    }
  }
  func tile(level: Int, index: UInt64) throws(StorageError) -> [Digest]? {
    var tile = try store.tile(level: level, index: index)
    if let place = hashes[[UInt64(level), index]] {
      tile?[place] = SHA256.hash([])
    }
    return tile
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
    store.keepCosignature(cosignature)
  }
  func scanTimestamps(_ body: (StoredTimestamp) throws -> Void) throws {
    try store.scanTimestamps(body)
  }
  func keepTimestamp(_ timestamp: StoredTimestamp) throws(StorageError) {
    store.keepTimestamp(timestamp)
  }
  func addOpenings(_ openings: [StoredOpening]) throws(StorageError) {
    store.addOpenings(openings)
  }
  func eraseOpenings(_ commitments: [Digest]) throws(StorageError) -> Int {
    try store.eraseOpenings(commitments)
  }
}
