import Cryptography
import Ledger
import Testing
import TransparencyLog

/// What every truth store must do. Each backend runs all cases on stores of its own:
///
/// ```swift
/// @Test(arguments: StoreContract.allCases)
/// func `keeps the contract`(_ rule: StoreContract) throws { try rule.check { try makeEmptyStore() } }
/// ```
///
/// The leaves are arbitrary bytes and the checkpoints are not signed: a store judges neither.
enum StoreContract: CaseIterable {
  case `an empty store has no head and no entries`
  case `entries come back byte for byte`
  case `a scan lends the entries of its range in order`
  case `a scan beyond the last entry throws`
  case `an error of the scanner's body comes through`
  case `a batch that does not begin at the head is refused and changes nothing`
  case `a batch without entries is refused`
  case `an entry beyond the limit is refused and changes nothing`
  case `an entry of 65535 arbitrary bytes is kept`
  case `nothing is released until it is said`
  case `only the newest checkpoint is released`
  case `releasing twice changes nothing`
  case `a new batch leaves the old release in place`
  case `tiles are replaced by wider ones`
  case `the tiles of a thousand entries add up to the root`
  case `openings come back and the first of a commitment stays`
  case `openings are listed by entry and commitment`
  case `openings are added later, and none is replaced`
  case `an erased opening is gone and the rest stays`
  case `a witness has one cosignature, the newest`
  case `timestamps come back by their hash, and none is replaced`

  func check(_ makeStore: () throws -> any TruthStore) throws {
    let log = SyntheticLog(try makeStore())
    let store = log.store
    switch self {
    case .`an empty store has no head and no entries`:
      #expect(try store.head() == nil)
      #expect(try store.entry(0) == nil)
      #expect(try store.tile(level: 0, index: 0) == nil)
      #expect(throws: StorageError.self) { try store.release([1]) }
      try store.scan(0..<0) { _, _ in Issue.record("there is nothing to lend") }

    case .`entries come back byte for byte`:
      try log.append([[0], [255, 0, 10, 13], Array("§ 条目\n".utf8)])
      try log.append([[7]])
      #expect(try store.entry(0) == [0])
      #expect(try store.entry(1) == [255, 0, 10, 13])
      #expect(try store.entry(2) == Array("§ 条目\n".utf8))
      #expect(try store.entry(3) == [7])
      #expect(try store.entry(4) == nil)
      #expect(try store.entry(.max) == nil)
      #expect(try store.head()?.size == 4)

    case .`a scan lends the entries of its range in order`:
      try log.append((0..<20).map { [$0, $0] })
      var seen: [UInt64] = []
      try store.scan(5..<17) { index, leaf in
        #expect([UInt8](copying: leaf) == [UInt8(index), UInt8(index)])
        seen.append(index)
      }
      #expect(seen == Array(5..<17))

    case .`a scan beyond the last entry throws`:
      try log.append([[1], [2]])
      #expect(throws: StorageError.self) { try store.scan(1..<3) { _, _ in } }

    case .`an error of the scanner's body comes through`:
      struct Halt: Error {}
      try log.append([[1], [2], [3]])
      var count = 0
      #expect(throws: Halt.self) {
        try store.scan(0..<3) { _, _ in
          count += 1
          if count == 2 { throw Halt() }
        }
      }
      #expect(count == 2)

    case .`a batch that does not begin at the head is refused and changes nothing`:
      try log.append([[1], [2]])
      let before = try store.head()
      for index in [0, 1, 3] as [UInt64] {
        let batch = Batch(firstIndex: index, entries: [[9]], tiles: [], checkpoint: [9])
        let error = #expect(throws: StorageError.self) { try store.append(batch) }
        #expect(error?.code == .headMoved)
      }
      #expect(try store.head() == before)
      #expect(try store.entry(1) == [2])
      #expect(try store.entry(2) == nil)

    case .`a batch without entries is refused`:
      let error = #expect(throws: StorageError.self) {
        try store.append(Batch(firstIndex: 0, entries: [], tiles: [], checkpoint: [1]))
      }
      #expect(error?.code == .malformedBatch)
      #expect(try store.head() == nil)

    case .`an entry beyond the limit is refused and changes nothing`:
      let long = [UInt8](repeating: 1, count: 65_536)
      for entries in [[[1], long], [[1], []]] {
        let error = #expect(throws: StorageError.self) {
          try store.append(Batch(firstIndex: 0, entries: entries, tiles: [], checkpoint: [1]))
        }
        #expect(error?.code == .malformedBatch)
      }
      #expect(try store.head() == nil)
      #expect(try store.entry(0) == nil)

    case .`an entry of 65535 arbitrary bytes is kept`:
      let long = (0..<65_535).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      try log.append([long])
      #expect(try store.entry(0) == long)

    case .`nothing is released until it is said`:
      let checkpoint = try log.append([[1]])
      #expect(try store.head() == StoredHead(size: 1, checkpoint: checkpoint, released: nil))
      try store.release(checkpoint)
      #expect(try store.head() == StoredHead(size: 1, checkpoint: checkpoint, released: checkpoint))

    case .`only the newest checkpoint is released`:
      let old = try log.append([[1]])
      let new = try log.append([[2]])
      for other in [old, [], new + [0]] {
        let error = #expect(throws: StorageError.self) { try store.release(other) }
        #expect(error?.code == .headMoved)
      }
      #expect(try store.head()?.released == nil)

    case .`releasing twice changes nothing`:
      let checkpoint = try log.append([[1]])
      try store.release(checkpoint)
      try store.release(checkpoint)
      #expect(try store.head()?.released == checkpoint)

    case .`a new batch leaves the old release in place`:
      let old = try log.append([[1]])
      try store.release(old)
      let new = try log.append([[2]])
      #expect(try store.head() == StoredHead(size: 2, checkpoint: new, released: old))

    case .`tiles are replaced by wider ones`:
      try log.append([[1]])
      #expect(try store.tile(level: 0, index: 0)?.count == 1)
      try log.append([[2], [3]])
      let leaves = [[1], [2], [3]].map { MerkleTree.leafHash($0 as [UInt8]) }
      #expect(try store.tile(level: 0, index: 0) == leaves)
      #expect(try store.tile(level: 1, index: 0) == nil)
      #expect(try store.tile(level: 0, index: 1) == nil)

    case .`the tiles of a thousand entries add up to the root`:
      for chunk in 0..<10 {
        try log.append((0..<100).map { [UInt8(chunk), UInt8($0)] })
      }
      let tiles = StoreTiles(store)
      #expect(try MerkleTree.root(ofSize: 1000, from: tiles) == log.root)
      #expect(try store.tile(level: 0, index: 2)?.count == 256)
      #expect(try store.tile(level: 0, index: 3)?.count == 232)
      #expect(try store.tile(level: 1, index: 0)?.count == 3)
      #expect(try MerkleTree.root(ofSize: 300, from: tiles) == log.root(ofSize: 300))

    case .`openings come back and the first of a commitment stays`:
      let first = try log.opening(1, entry: 0)
      let second = StoredOpening(
        commitment: first.commitment, entry: 1, opening: try log.opening(2, entry: 1).opening)
      try log.append([[1]], openings: [first])
      try log.append([[2]], openings: [second])
      #expect(try store.opening(first.commitment) == first)
      #expect(try store.opening(MerkleTree.emptyRoot) == nil)

    case .`openings are listed by entry and commitment`:
      let openings = try (0..<6).map { try log.opening(UInt8($0), entry: UInt64($0 / 3)) }
      try log.append([[1], [2]], openings: openings.reversed())
      var listed: [StoredOpening] = []
      try store.scanOpenings { listed.append($0) }
      #expect(
        listed
          == openings.sorted { ($0.entry, $0.commitment) < ($1.entry, $1.commitment) })

    case .`openings are added later, and none is replaced`:
      let first = try log.opening(1, entry: 0)
      let other = StoredOpening(
        commitment: first.commitment, entry: 0, opening: try log.opening(2, entry: 0).opening)
      let second = try log.opening(3, entry: 0)
      try log.append([[1]], openings: [first])
      try store.addOpenings([other, second])
      #expect(try store.opening(first.commitment) == first)
      #expect(try store.opening(second.commitment) == second)

    case .`a witness has one cosignature, the newest`:
      #expect(try store.cosignatures().isEmpty)
      try log.append([[1]])
      for (vkey, byte) in [("b", 1), ("a", 2), ("b", 3)] as [(String, UInt8)] {
        try store.keepCosignature(StoredCosignature(vkey: vkey, checkpoint: [byte]))
      }
      let kept = try store.cosignatures()
      #expect(kept.map(\.vkey) == ["a", "b"])
      #expect(kept.map(\.checkpoint) == [[2], [3]])
      #expect(try store.head()?.size == 1)

    case .`timestamps come back by their hash, and none is replaced`:
      func kept() throws -> [StoredTimestamp] {
        var found: [StoredTimestamp] = []
        try store.scanTimestamps { found.append($0) }
        return found
      }
      #expect(try kept() == [])
      try log.append([[1]])
      let long = [UInt8](repeating: 7, count: TimestampResponse.maximumByteCount)
      let timestamps = [[3], [0xFF, 0], long].map {
        StoredTimestamp(checkpoint: Array("of it\n".utf8), response: $0)
      }
      for timestamp in timestamps { try store.keepTimestamp(timestamp) }
      let sorted = timestamps.sorted { $0.digest.lexicographicallyPrecedes($1.digest) }
      #expect(try kept() == sorted)
      #expect(timestamps[0].digest == SHA256.hash([3]).bytes)
      try store.keepTimestamp(StoredTimestamp(checkpoint: [9], response: [3]))
      #expect(try kept() == sorted)
      #expect(throws: CancellationError.self) {
        try store.scanTimestamps { _ in throw CancellationError() }
      }

    case .`an erased opening is gone and the rest stays`:
      let openings = try (0..<3).map { try log.opening(UInt8($0), entry: 0) }
      try log.append([[1]], openings: openings)
      let erased = try store.eraseOpenings([openings[1].commitment, MerkleTree.emptyRoot])
      #expect(erased == 1)
      #expect(try store.opening(openings[1].commitment) == nil)
      #expect(try store.opening(openings[0].commitment) == openings[0])
      #expect(try store.opening(openings[2].commitment) == openings[2])
      #expect(try store.entry(0) == [1])
    }
  }
}

/// Builds batches with the right tiles over leaves of any bytes.
final class SyntheticLog {
  let store: any TruthStore
  private var appender = TileAppender()
  private var leaves: [Digest] = []

  init(_ store: any TruthStore) { self.store = store }

  var root: Digest { appender.root }
  func root(ofSize size: Int) -> Digest { MerkleTree.root(of: leaves[..<size]) }

  /// Appends one batch, unreleased, and returns its checkpoint.
  @discardableResult
  func append(_ entries: [[UInt8]], openings: [StoredOpening] = []) throws -> [UInt8] {
    let first = appender.size
    for entry in entries {
      let leaf = MerkleTree.leafHash(entry)
      leaves.append(leaf)
      appender.append(leaf)
    }
    let checkpoint = Checkpoint(
      origin: "contract.example/log", size: appender.size, root: appender.root
    ).text
    try store.append(
      Batch(
        firstIndex: first, entries: entries, tiles: appender.drain(), checkpoint: checkpoint,
        openings: openings))
    return checkpoint
  }

  func opening(_ seed: UInt8, entry: UInt64) throws -> StoredOpening {
    let opening = try Opening(
      media: "image/jpeg", salt: [UInt8](repeating: seed, count: 32),
      content: [UInt8](repeating: seed, count: Int(seed) * 100))
    let key = KeyName(name: "D01", id: 1)
    return StoredOpening(commitment: opening.commitment(by: key), entry: entry, opening: opening)
  }
}
