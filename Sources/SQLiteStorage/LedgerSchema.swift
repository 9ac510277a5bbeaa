internal import GRDB
internal import Ledger

/// What `ledger.db` looks like inside (`docs/design.md`, *Storage*).
///
/// | table | a row is | checked by |
/// |---|---|---|
/// | `entry` | the leaf bytes of entry `idx` | their hash, in the tree |
/// | `tile` | the hashes of a tile, 32 bytes each; `place` = level × 2^48 + index | recomputing them |
/// | `checkpoint` | `newest` and `released`, verbatim | the log key's signature |
/// | `opening` | salt and content, by the entry that sealed them | their commitment |
/// | `cosignature` | the checkpoint that a witness cosigned last, verbatim, by its key | both signatures, and the root |
/// | `timestamp` | an authority's answer, verbatim, by its hash, with the checkpoint that it is of | that hash, the imprint in the answer, the root |
///
/// There is no other column: whatever is stored is either hashed into the root or compared by the
/// audit. What can be derived (sizes, times, who wrote what) is not stored here.
enum LedgerSchema {
  /// "Onus": what `PRAGMA application_id` says of a ledger.
  static let applicationID: Int32 = 0x4F6E_7573
  /// The layout below. A change is a new number.
  static let version: Int32 = 3
  /// The first layout, without cosignatures; the second had no timestamps. Both are read as they
  /// are, and become the newest with the first of either that is kept.
  static let firstVersion: Int32 = 1
  /// One entry of usual length is a twentieth of a page, and a row up to 8,157 bytes stays whole.
  static let pageByteCount = 8192
  /// How far the level stands to the left in `tile.place`.
  static let levelShift: UInt64 = 48

  /// The tables. Nothing else may stand in a ledger: what is stored is what the audit reads.
  static let tables = tables(of: version)

  /// The tables of a layout.
  static func tables(of version: Int32) -> [String] {
    firstTables + (version >= cosignaturesSince ? [cosignatures] : [])
      + (version >= timestampsSince ? [timestamps] : [])
  }

  private static let firstTables = [
    "CREATE TABLE entry (idx INTEGER PRIMARY KEY, leaf BLOB NOT NULL) STRICT",
    "CREATE TABLE tile (place INTEGER PRIMARY KEY, hashes BLOB NOT NULL) STRICT",
    """
    CREATE TABLE checkpoint (
      name TEXT PRIMARY KEY CHECK (name IN ('newest', 'released')), note BLOB NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE opening (
      entry INTEGER NOT NULL, commitment BLOB NOT NULL UNIQUE CHECK (length(commitment) = 32),
      media TEXT NOT NULL, salt BLOB NOT NULL, content BLOB NOT NULL,
      PRIMARY KEY (entry, commitment)
    ) STRICT, WITHOUT ROWID
    """,
  ]

  /// Which layout brought the table of that name.
  static let cosignaturesSince: Int32 = 2
  static let timestampsSince: Int32 = 3

  private static let cosignatures =
    "CREATE TABLE cosignature (vkey TEXT PRIMARY KEY, checkpoint BLOB NOT NULL) STRICT, WITHOUT ROWID"

  private static let timestamps = """
    CREATE TABLE timestamp (
      digest BLOB PRIMARY KEY CHECK (length(digest) = 32), checkpoint BLOB NOT NULL,
      response BLOB NOT NULL
    ) STRICT, WITHOUT ROWID
    """

  /// Entries can only be added at the end, and tiles can only grow: a mistake in a program is
  /// stopped here. It is no defence against who edits the file; the audit is.
  static let triggers = [
    """
    CREATE TRIGGER entry_is_added_at_the_end BEFORE INSERT ON entry
    WHEN NEW.idx IS NOT (SELECT coalesce(max(idx) + 1, 0) FROM entry)
    BEGIN SELECT RAISE(ABORT, 'entries are only added at the end'); END
    """,
    """
    CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry
    BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END
    """,
    """
    CREATE TRIGGER entry_is_never_deleted BEFORE DELETE ON entry
    BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END
    """,
    """
    CREATE TRIGGER tile_only_grows BEFORE UPDATE ON tile
    WHEN NEW.place <> OLD.place
      OR substr(NEW.hashes, 1, length(OLD.hashes)) <> OLD.hashes
    BEGIN SELECT RAISE(ABORT, 'tiles only grow'); END
    """,
    """
    CREATE TRIGGER tile_is_never_deleted BEFORE DELETE ON tile
    BEGIN SELECT RAISE(ABORT, 'tiles are never deleted'); END
    """,
  ]

  /// Makes the tables of an empty file.
  static let sql = (tables + triggers).map { "\($0);\n" }.joined()

  /// Refuses a file that holds other tables, views or triggers than a ledger's.
  ///
  /// A view in the place of a table can answer each question differently, and a verdict on it would
  /// say nothing of the bytes. A trigger that is missing is no reason: none is needed to read.
  static func require(in db: Database) throws {
    var missing = Set(tables(of: try version(of: db)))
    let rows = try Row.fetchCursor(db, sql: "SELECT type, name, sql FROM sqlite_schema")
    while let row = try rows.next() {
      let type: String = try row.decode(atIndex: 0)
      let name: String = try row.decode(atIndex: 1)
      let sql: String? = try row.decode(atIndex: 2)
      // What SQLite makes by itself for a key has no text.
      if sql == nil, type == "index", name.hasPrefix("sqlite_autoindex_") { continue }
      guard let sql, missing.remove(sql) != nil || triggers.contains(sql) else {
        throw StorageError(
          .altered,
          "The file of the ledger holds the \(type) \(name), which is not a ledger's, so nothing that it shows can be relied on.",
          hint: "Keep the file as it is, as evidence, and audit another copy or an export.")
      }
    }
    guard missing.isEmpty else {
      throw StorageError(
        .altered, "The file of the ledger lacks \(missing.count) of its tables.",
        hint: "Keep the file as it is, as evidence, and audit another copy or an export.")
    }
  }

  /// The layout of a file.
  static func version(of db: Database) throws -> Int32 {
    try Int32.fetchOne(db, sql: "PRAGMA user_version") ?? 0
  }

  /// Gives a file of an older layout what the newest has, inside the transaction under way.
  static func bringUpToDate(_ db: Database) throws {
    let had = tables(of: try version(of: db))
    let new = tables.filter { !had.contains($0) }
    guard !new.isEmpty else { return }
    try db.execute(
      sql: new.map { "\($0);\n" }.joined() + "PRAGMA user_version = \(version)")
  }
}

/// Every statement that runs on `ledger.db`, so that a test can look at the plan of each.
enum LedgerStatement: String, CaseIterable {
  /// The last index, then a row for each checkpoint. The sign keeps SQLite from looking for the names
  /// in the tree, for which it would read whole rows, however long somebody made them.
  case head = """
    SELECT max(idx), NULL, NULL FROM entry
    UNION ALL
    SELECT NULL, name, note FROM checkpoint WHERE +name IN ('newest', 'released')
    """
  case entry = "SELECT leaf FROM entry WHERE idx = ?"
  case scan = "SELECT idx, leaf FROM entry WHERE idx >= ? AND idx < ? ORDER BY idx"
  case tile = "SELECT hashes FROM tile WHERE place = ?"
  case opening = "SELECT entry, media, salt, content FROM opening WHERE commitment = ?"
  case openings = """
    SELECT entry, media, salt, content, commitment FROM opening ORDER BY entry, commitment
    """
  case addEntry = "INSERT INTO entry (idx, leaf) VALUES (?, ?)"
  case putTile = """
    INSERT INTO tile (place, hashes) VALUES (?, ?)
    ON CONFLICT (place) DO UPDATE SET hashes = excluded.hashes
    """
  case putCheckpoint = """
    INSERT INTO checkpoint (name, note) VALUES (?, ?)
    ON CONFLICT (name) DO UPDATE SET note = excluded.note
    """
  case addOpening = """
    INSERT INTO opening (entry, commitment, media, salt, content) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (commitment) DO NOTHING
    """
  case cosignatures = "SELECT vkey, checkpoint FROM cosignature ORDER BY vkey"
  case keepCosignature = """
    INSERT INTO cosignature (vkey, checkpoint) VALUES (?, ?)
    ON CONFLICT (vkey) DO UPDATE SET checkpoint = excluded.checkpoint
    """
  case timestamps = "SELECT digest, checkpoint, response FROM timestamp ORDER BY digest"
  case keepTimestamp = """
    INSERT INTO timestamp (digest, checkpoint, response) VALUES (?, ?, ?)
    ON CONFLICT (digest) DO NOTHING
    """
  case eraseOpening = "DELETE FROM opening WHERE commitment = ?"

  /// The names of the two rows of `checkpoint`.
  static let newest = "newest"
  static let released = "released"
}
