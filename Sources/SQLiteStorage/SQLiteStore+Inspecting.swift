internal import GRDB
public import Ledger

extension SQLiteStore {
  /// Whether a file begins as SQLite's databases do, a ledger or not.
  public static func isDatabase(_ bytes: some Sequence<UInt8>) -> Bool {
    bytes.starts(with: "SQLite format 3\0".utf8)
  }

  /// How the file is kept: what `onus doctor` prints. Names are those of SQLite's pragmas.
  public func settings() throws(StorageError) -> [(name: String, value: String)] {
    var settings: [(name: String, value: String)] = []
    for name in [
      "application_id", "user_version", "page_size", "page_count", "journal_mode", "synchronous",
      "secure_delete", "mmap_size",
    ] {
      settings.append((name, try rows(of: "PRAGMA \(name)").first?.first ?? ""))
    }
    return settings
  }

  /// The values of any statement as text, for looking inside; SQL only of our own making.
  func rows(of sql: String) throws(StorageError) -> [[String]] {
    do {
      return try withDatabase { db in
        try Row.fetchAll(db, sql: sql).map { row in
          row.databaseValues.map { String.fromDatabaseValue($0) ?? $0.description }
        }
      }
    } catch {
      throw StorageError(reading: error)
    }
  }
}
