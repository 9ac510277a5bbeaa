internal import Cryptography
internal import GRDB
internal import GRDBSQLite
internal import Ledger
internal import TransparencyLog

/// How long a value of some kind can be in a ledger.
///
/// Whoever hands over a file can put a value of a gigabyte into any column. SQLite is told the bound
/// before it reads a row, and refuses by the length that the row states.
struct LengthBound {
  /// What is too long, with its article, as a sentence begins.
  let kind: String
  let byteCount: Int

  /// The bound of whatever is no statement of ours: nothing is longer than the longest opening, with
  /// room for what stands beside it in its row.
  static let any = LengthBound(kind: "A value", byteCount: Limits.openingByteCount + (1 << 20))

  var error: StorageError {
    StorageError(
      .damaged, "\(kind) in the ledger is longer than the \(byteCount) bytes that it can have.",
      hint: "Restore it from a backup or an export.")
  }
}

extension LedgerStatement {
  /// How long what it reads can be.
  var bound: LengthBound {
    switch self {
    case .head: LengthBound(kind: "A checkpoint", byteCount: 1_000_000)
    case .entry, .scan: LengthBound(kind: "An entry", byteCount: Limits.leafByteCount)
    case .tile:
      LengthBound(kind: "A tile", byteCount: Tile.fullWidth * Digest.byteCount)
    case .opening, .openings:
      LengthBound(kind: "An opening", byteCount: Limits.openingByteCount)
    case .cosignatures: LengthBound(kind: "A cosignature", byteCount: 1_000_000)
    case .timestamps: LengthBound(kind: "A timestamp", byteCount: 1_000_000)
    case .addEntry, .putTile, .putCheckpoint, .addOpening, .keepCosignature, .keepTimestamp,
      .eraseOpening:
      .any
    }
  }
}

extension Database {
  /// The most bytes of a value that SQLite reads or writes from now on.
  ///
  /// - Returns: What it was before.
  @discardableResult
  func setLengthLimit(_ byteCount: Int) -> Int {
    guard let connection = unsafe sqliteConnection else { return byteCount }
    return Int(unsafe sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, Int32(clamping: byteCount)))
  }
}

/// How much memory SQLite may take in this process.
public enum SQLiteMemory {
  /// Several times what the longest opening needs with all caches full.
  static let maximumByteCount: Int64 = 384 << 20

  /// Bounds it from now on, in a process that opens few files at a time.
  ///
  /// To find a row of `opening` by its key, SQLite reads those it compares with whole, whatever
  /// bound their values have. Without this, a row of a gigabyte would take that much.
  public static func bound() { _ = sqlite3_hard_heap_limit64(maximumByteCount) }

  /// Whether SQLite was ever asked for more at once than any row of a ledger can need.
  static var wasAskedForTooMuch: Bool {
    var current: sqlite3_int64 = 0
    var largest: sqlite3_int64 = 0
    // Two pointers to variables that outlive the call.
    guard unsafe sqlite3_status64(SQLITE_STATUS_MALLOC_SIZE, &current, &largest, 0) == SQLITE_OK
    else { return false }
    return largest > 2 * LengthBound.any.byteCount
  }
}
