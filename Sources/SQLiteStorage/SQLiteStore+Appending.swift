public import Cryptography
internal import FoundationEssentials
internal import GRDB
public import Ledger
internal import TransparencyLog

extension SQLiteStore {
  /// Makes a batch durable in one transaction, unreleased. On return it has reached the disk.
  ///
  /// Waits at most the time the store was opened with for another process that is writing.
  public func append(_ batch: Batch) throws(StorageError) {
    try batch.checkForm()
    try transaction { db in
      let size = try db.withFirstRow(of: .head) { try Self.size($0) } ?? 0
      guard size == batch.firstIndex else {
        throw StorageError(
          .headMoved,
          "The ledger has \(size) entries, and the batch begins at \(batch.firstIndex).",
          hint: "Somebody else appended: read the head again.")
      }
      for (offset, leaf) in batch.entries.enumerated() {
        try db.run(.addEntry, [Int64(batch.firstIndex) + Int64(offset), Data(leaf)])
      }
      for (tile, hashes) in batch.tiles {
        guard let place = Self.place(level: tile.level, index: tile.index) else {
          throw StorageError(.malformedBatch, "No ledger has a tile \(tile.path).")
        }
        try db.run(.putTile, [place, Data(Tile.encode(hashes))])
      }
      try db.run(.putCheckpoint, [LedgerStatement.newest, Data(batch.checkpoint)])
      try Self.add(batch.openings, to: db)
    }
  }

  /// Adds openings that are not here yet, in one transaction.
  public func addOpenings(_ openings: [StoredOpening]) throws(StorageError) {
    try transaction { db in try Self.add(openings, to: db) }
  }

  private static func add(_ openings: [StoredOpening], to db: Database) throws {
    for stored in openings {
      try db.run(
        .addOpening,
        [
          Int64(stored.entry), stored.commitment.data, stored.opening.media,
          Data(stored.opening.salt), Data(stored.opening.content),
        ])
    }
  }

  /// Shows the newest checkpoint to readers. Doing so again changes nothing.
  public func release(_ checkpoint: [UInt8]) throws(StorageError) {
    try transaction { db in
      let (newest, released) =
        try db.withFirstRow(of: .head) { try Self.checkpoints(after: $0) } ?? (nil, nil)
      guard newest == checkpoint else {
        throw StorageError(
          .headMoved, "The checkpoint to release is not the newest of the ledger.",
          hint: "Somebody else appended: read the head again.")
      }
      if released != newest {
        try db.run(.putCheckpoint, [LedgerStatement.released, Data(checkpoint)])
      }
    }
  }

  /// Keeps a cosignature in the place of the one of the same witness, in one transaction.
  public func keepCosignature(_ cosignature: StoredCosignature) throws(StorageError) {
    try transaction { db in
      try LedgerSchema.bringUpToDate(db)
      try db.run(.keepCosignature, [cosignature.vkey, Data(cosignature.checkpoint)])
    }
  }

  /// Keeps a timestamp, in one transaction; one that is stored already is left as it is.
  public func keepTimestamp(_ timestamp: StoredTimestamp) throws(StorageError) {
    try transaction { db in
      try LedgerSchema.bringUpToDate(db)
      try db.run(
        .keepTimestamp,
        [Data(timestamp.digest), Data(timestamp.checkpoint), Data(timestamp.response)])
    }
  }

  /// Deletes the openings of these commitments for good.
  ///
  /// The bytes are overwritten in the file, and the write-ahead log, which may still hold them, is
  /// emptied. If another process is reading an older state at that moment, this throws `busy`
  /// although the openings are gone from the tables: call it again when that process has ended.
  public func eraseOpenings(_ commitments: [Digest]) throws(StorageError) -> Int {
    var count = 0
    try transaction { db in
      for commitment in commitments {
        try db.run(.eraseOpening, [commitment.data])
        count += db.changesCount
      }
    }
    do {
      try queue.unsafeReentrantWrite { db in _ = try db.checkpoint(.truncate) }
    } catch {
      throw StorageError(
        .busy, "Erased, but the write-ahead log may still hold what was erased.",
        hint: "Run the command again when no other process reads the ledger.")
    }
    return count
  }

  /// Runs `body` under the lock of the file. What it does is kept whole or not at all.
  func transaction(_ body: (Database) throws -> Void) throws(StorageError) {
    guard access == .readWrite else {
      throw StorageError(.notWritten, "The ledger was opened for reading only.")
    }
    do {
      try queue.unsafeReentrantWrite { db in
        try db.beginTransaction(.immediate)
        do {
          try body(db)
        } catch {
          try? db.rollback()
          throw StorageError(writing: error)
        }
        do {
          try db.commit()
        } catch {
          try? db.rollback()
          throw StorageError(committing: error)
        }
      }
    } catch {
      throw StorageError(writing: error)
    }
  }
}

extension Digest {
  var data: Data { Data(bytes) }
}
