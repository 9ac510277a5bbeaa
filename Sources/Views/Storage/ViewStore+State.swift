public import Accountability
public import Cryptography
internal import FoundationEssentials
internal import GRDB
public import Ledger

extension ViewStore {
  /// How much of the log has been folded, and the root over it.
  public func position() throws(StorageError) -> StatePosition {
    try asking { db in try db.storedPosition() ?? .start }
  }

  /// The records under these keys, in the same order; `nil` where there is none.
  public func load(_ keys: [StateKey]) throws(StorageError) -> [[UInt8]?] {
    try asking { db in try db.records(keys) }
  }

  /// The entry that holds submission `n` of the author `key`, if it was applied.
  public func entry(ofSubmission n: UInt64, by key: KeyName) throws(StorageError) -> UInt64? {
    try asking { db in
      let statement = try db.cachedStatement(sql: ViewsStatement.entryOfSubmission.rawValue)
      return try Int64.fetchOne(
        statement, arguments: [key.description, Int64(clamping: n)]
      ).map { UInt64(bitPattern: $0) }
    }
  }

  /// Takes in what the writer has just admitted, in one transaction, without judging it again.
  ///
  /// If the views are elsewhere than at the entry before, because another process has folded these
  /// entries already, or fewer, nothing happens: the next catch-up does what is left to do.
  public func record(_ batch: FoldedBatch) throws(StorageError) {
    guard let first = batch.entries.first?.entry.index else { return }
    do {
      try write { db in
        guard try db.storedPosition()?.size == first else { return }
        let writer = try ViewsWriter(db)
        for folded in batch.entries {
          try writer.addEntry(folded.entry.index, folded.entry, folded.outcome)
          if folded.outcome == .applied {
            let author = folded.entry.submission.author
            try writer.putSubmission(
              author.key.description, author.n, entry: folded.entry.index)
          }
          try writer.put(folded.changes)
        }
        try writer.put(batch.position)
      }
    } catch {
      throw StorageError(views: error)
    }
  }

  /// Reads, turning what SQLite throws into an error of ours.
  func asking<R>(_ body: (Database) throws -> R) throws(StorageError) -> R {
    do { return try read(body) } catch { throw StorageError(views: error) }
  }
}

extension Database {
  /// The records under these keys, in the same order.
  func records(_ keys: [StateKey]) throws -> [[UInt8]?] {
    let statement = try cachedStatement(sql: ViewsStatement.record.rawValue)
    return try keys.map { key in
      try Data.fetchOne(statement, arguments: [Int64(key.kind.rawValue), key.name]).map {
        [UInt8]($0)
      }
    }
  }
}
