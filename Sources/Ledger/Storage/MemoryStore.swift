public import Cryptography
internal import Synchronization
internal import TransparencyLog

/// A truth store in memory: for tests, and the model that other stores are held against.
public final class MemoryStore: TruthStore {
  private struct Place: Hashable {
    var level: Int
    var index: UInt64
  }

  private struct Contents: Sendable {
    var entries: [[UInt8]] = []
    var tiles: [Place: [Digest]] = [:]
    var openings: [Digest: StoredOpening] = [:]
    var checkpoint: [UInt8] = []
    var released: [UInt8]?
    var cosignatures: [String: [UInt8]] = [:]
    var timestamps: [[UInt8]: StoredTimestamp] = [:]

    mutating func add(_ openings: [StoredOpening]) {
      for opening in openings where self.openings[opening.commitment] == nil {
        self.openings[opening.commitment] = opening
      }
    }
  }

  private let contents = Mutex(Contents())

  /// An empty store.
  public init() {}

  /// A store of its own with the same contents, as a backup would be.
  public func copy() -> MemoryStore {
    let copy = MemoryStore()
    let contents = self.contents.withLock { $0 }
    copy.contents.withLock { $0 = contents }
    return copy
  }

  /// The head, or `nil` in a store without entries.
  public func head() throws(StorageError) -> StoredHead? {
    contents.withLock {
      guard !$0.entries.isEmpty else { return nil }
      return StoredHead(
        size: UInt64($0.entries.count), checkpoint: $0.checkpoint, released: $0.released)
    }
  }

  /// The leaf bytes of one entry, or `nil` beyond the last.
  public func entry(_ index: UInt64) throws(StorageError) -> [UInt8]? {
    contents.withLock { index < UInt64($0.entries.count) ? $0.entries[Int(index)] : nil }
  }

  /// Lends the leaf bytes of each entry of `range` in order.
  public func scan(
    _ range: Range<UInt64>, _ body: (_ index: UInt64, _ leaf: Span<UInt8>) throws -> Void
  ) throws {
    for index in range {
      guard let leaf = try entry(index) else {
        throw StorageError(.damaged, "Entry \(index) is missing.")
      }
      try body(index, leaf.span)
    }
  }

  /// The hashes of a tile as stored.
  public func tile(level: Int, index: UInt64) throws(StorageError) -> [Digest]? {
    contents.withLock { $0.tiles[Place(level: level, index: index)] }
  }

  /// The opening of a commitment, or `nil` if it is not here.
  public func opening(_ commitment: Digest) throws(StorageError) -> StoredOpening? {
    contents.withLock { $0.openings[commitment] }
  }

  /// Hands over every opening, in order of entry, then commitment.
  public func scanOpenings(_ body: (StoredOpening) throws -> Void) throws {
    let openings = contents.withLock { Array($0.openings.values) }
    for opening in openings.sorted(by: { ($0.entry, $0.commitment) < ($1.entry, $1.commitment) }) {
      try body(opening)
    }
  }

  /// The newest cosignature of each witness, in order of their verifier keys.
  public func cosignatures() throws(StorageError) -> [StoredCosignature] {
    let cosignatures = contents.withLock { $0.cosignatures }
    return cosignatures.map { StoredCosignature(vkey: $0, checkpoint: $1) }
      .sorted { $0.vkey.utf8.lexicographicallyPrecedes($1.vkey.utf8) }
  }

  /// Keeps a cosignature in the place of the one of the same witness.
  public func keepCosignature(_ cosignature: StoredCosignature) {
    contents.withLock { $0.cosignatures[cosignature.vkey] = cosignature.checkpoint }
  }

  /// Hands over every timestamp, in order of its hash.
  public func scanTimestamps(_ body: (StoredTimestamp) throws -> Void) throws {
    let timestamps = contents.withLock { Array($0.timestamps.values) }
    for timestamp in timestamps.sorted(by: { $0.digest.lexicographicallyPrecedes($1.digest) }) {
      try body(timestamp)
    }
  }

  /// Keeps a timestamp; one that is stored already is left as it is.
  public func keepTimestamp(_ timestamp: StoredTimestamp) {
    contents.withLock { contents in
      guard contents.timestamps[timestamp.digest] == nil else { return }
      contents.timestamps[timestamp.digest] = timestamp
    }
  }

  /// Keeps a batch, unreleased.
  public func append(_ batch: Batch) throws(StorageError) {
    try batch.checkForm()
    try contents.withLock { (contents) throws(StorageError) in
      guard batch.firstIndex == UInt64(contents.entries.count) else {
        throw StorageError(
          .headMoved,
          "The ledger has \(contents.entries.count) entries, and the batch begins at \(batch.firstIndex)."
        )
      }
      contents.entries += batch.entries
      for (tile, hashes) in batch.tiles {
        contents.tiles[Place(level: tile.level, index: tile.index)] = hashes
      }
      contents.add(batch.openings)
      contents.checkpoint = batch.checkpoint
    }
  }

  /// Shows the newest checkpoint to readers.
  public func release(_ checkpoint: [UInt8]) throws(StorageError) {
    try contents.withLock { (contents) throws(StorageError) in
      guard !contents.entries.isEmpty, contents.checkpoint == checkpoint else {
        throw StorageError(.headMoved, "The checkpoint to release is not the newest.")
      }
      contents.released = checkpoint
    }
  }

  /// Adds openings that are not here yet.
  public func addOpenings(_ openings: [StoredOpening]) {
    contents.withLock { $0.add(openings) }
  }

  /// Deletes openings, and says how many there were.
  public func eraseOpenings(_ commitments: [Digest]) throws(StorageError) -> Int {
    contents.withLock { contents in
      commitments.count { contents.openings.removeValue(forKey: $0) != nil }
    }
  }
}

extension Batch {
  /// Refuses what no store may take. Every store calls it first.
  ///
  /// - Throws: `StorageError` of code ``StorageError/Code/malformedBatch``.
  public func checkForm() throws(StorageError) {
    guard !entries.isEmpty, !checkpoint.isEmpty else {
      throw StorageError(.malformedBatch, "A batch has at least one entry, and a checkpoint.")
    }
    guard entries.allSatisfy({ (1...Limits.leafByteCount).contains($0.count) }) else {
      throw StorageError(
        .malformedBatch, "An entry has 1 to \(Limits.leafByteCount) bytes.")
    }
    guard tiles.allSatisfy({ $0.tile.width == $0.hashes.count }) else {
      throw StorageError(.malformedBatch, "A tile comes with as many hashes as its width.")
    }
  }
}
