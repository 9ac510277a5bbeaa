internal import GRDB
public import Ledger

/// Rows that no index of the log leads to, for the audit. Each question is a range of a primary key.
extension SQLiteStore: StrayCounting {
  /// How many entries, tiles and checkpoints are stored beside those of a log of `size` entries.
  public func strayCount(beside size: UInt64) throws(StorageError) -> UInt64 {
    do {
      return try withDatabase { db in
        var count = try Self.count(db, "entry WHERE idx < 0")
        count += try Self.count(db, "entry WHERE idx >= \(Int64(clamping: size))")
        count += try Self.count(db, "tile WHERE place < 0")
        // Level by level: what lies after the last tile of one and before the first of the next.
        for level in 0..<UInt64(8) {
          let hashes = size >> (8 * level)
          let first = level << LedgerSchema.levelShift
          let end = first + (hashes + 255) / 256
          let next = (level + 1) << LedgerSchema.levelShift
          let bound = level == 7 ? "" : " AND place < \(next)"
          count += try Self.count(db, "tile WHERE place >= \(end)\(bound)")
        }
        // A checkpoint under another name than the two is read by nobody.
        count += try Self.count(
          db,
          "checkpoint WHERE name NOT IN ('\(LedgerStatement.newest)', '\(LedgerStatement.released)')"
        )
        return count
      }
    } catch {
      throw StorageError(reading: error)
    }
  }

  private static func count(_ db: Database, _ rows: String) throws -> UInt64 {
    UInt64(try Int64.fetchOne(db, sql: "SELECT count(*) FROM \(rows)") ?? 0)
  }
}
