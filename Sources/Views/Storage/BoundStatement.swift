internal import GRDB
internal import GRDBSQLite

/// A kept statement whose parameters are bound without a box for each.
///
/// A rebuild runs several statements for each event. GRDB's own arguments cost more than the insert
/// does; this binds integers, text and bytes where they are.
@safe struct BoundStatement {
  private let statement: Statement
  private let database: Database

  init(_ kind: ViewsStatement, in database: Database) throws {
    self.statement = try database.cachedStatement(sql: kind.rawValue)
    self.database = database
  }

  /// Binds an integer to parameter `index`, from 1.
  func bind(_ index: Int32, _ value: Int64) {
    // The statement is alive as long as `self.statement`, and this thread alone uses it.
    _ = unsafe sqlite3_bind_int64(statement.sqliteStatement, index, value)
  }

  /// Binds an integer or nothing.
  func bind(_ index: Int32, _ value: Int64?) {
    if let value { bind(index, value) } else { bindNothing(index) }
  }

  /// Binds text or nothing; SQLite takes a copy.
  func bind(_ index: Int32, _ value: String?) {
    guard var value else { return bindNothing(index) }
    value.withUTF8 { text in
      unsafe text.withMemoryRebound(to: CChar.self) { text in
        _ = unsafe sqlite3_bind_text(
          statement.sqliteStatement, index, text.baseAddress, Int32(text.count), Self.copied)
      }
    }
  }

  /// Binds bytes; SQLite takes a copy.
  func bind(_ index: Int32, _ value: [UInt8]) {
    unsafe value.withUnsafeBytes { bytes in
      _ = unsafe sqlite3_bind_blob(
        statement.sqliteStatement, index, bytes.baseAddress, Int32(bytes.count), Self.copied)
    }
  }

  /// Runs it to the end, and makes it ready for the next values.
  func run() throws {
    let code = unsafe sqlite3_step(statement.sqliteStatement)
    // What `step` failed with, `reset` returns again.
    _ = unsafe sqlite3_reset(statement.sqliteStatement)
    guard code == SQLITE_DONE else {
      throw DatabaseError(
        resultCode: ResultCode(rawValue: code), message: database.lastErrorMessage,
        sql: statement.sql)
    }
  }

  private func bindNothing(_ index: Int32) {
    _ = unsafe sqlite3_bind_null(statement.sqliteStatement, index)
  }

  /// SQLITE_TRANSIENT, a cast that C headers spell as a macro and so is not imported.
  private static var copied: sqlite3_destructor_type {
    unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
  }
}

extension Database {
  /// The most bytes of a value of views; the longest record has a fraction of it.
  private static let maximumByteCount: Int32 = 64 << 20

  /// Has SQLite refuse longer values from now on, by the length that a row states.
  func limitLengths() {
    guard let connection = unsafe sqliteConnection else { return }
    _ = unsafe sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, Self.maximumByteCount)
  }
}
