internal import GRDB
internal import GRDBSQLite
internal import Ledger

/// A prepared statement whose rows are read where SQLite holds them.
///
/// GRDB's own rows copy each blob into a `Data`; a scan of a whole ledger takes twice as long that
/// way. This steps the statement itself and lends the bytes of a column, which are those of the page
/// cache or of the mapped file, for the length of a call.
@safe struct LentColumns {
  private let statement: Statement
  private let database: Database
  private let bound: LengthBound

  /// Takes over a statement that nobody else uses until ``reset()``.
  init(_ statement: Statement, _ bound: LengthBound, in database: Database) {
    self.statement = statement
    self.database = database
    self.bound = bound
  }

  /// Moves to the next row, and says whether there is one.
  ///
  /// A value that is longer than its kind can be is refused by its stated length, before SQLite
  /// reads it.
  func step() throws -> Bool {
    let before = database.setLengthLimit(bound.byteCount)
    defer { database.setLengthLimit(before) }
    // The statement is alive as long as `self.statement`, and this thread alone uses it.
    switch unsafe sqlite3_step(statement.sqliteStatement) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case SQLITE_TOOBIG: throw bound.error
    case let code:
      throw DatabaseError(
        resultCode: ResultCode(rawValue: code), message: database.lastErrorMessage,
        sql: statement.sql)
    }
  }

  /// Ends the reading; a statement that is not reset keeps its snapshot of the file open.
  func reset() { _ = unsafe sqlite3_reset(statement.sqliteStatement) }

  /// The integer in `column` of the row.
  func integer(_ column: Int32) -> Int64 {
    unsafe sqlite3_column_int64(statement.sqliteStatement, column)
  }

  /// Lends the bytes in `column` of the row; text gives its UTF-8.
  func withBytes<R>(_ column: Int32, _ body: (Span<UInt8>) throws -> R) rethrows -> R {
    // The pointer is asked for first: asking may convert the value, and the count is that of the
    // converted one. It is valid until the next step, which cannot come before `body` returns.
    let start = unsafe sqlite3_column_blob(statement.sqliteStatement, column)
    let count = Int(unsafe sqlite3_column_bytes(statement.sqliteStatement, column))
    let bytes = unsafe UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count)
    return try body(unsafe Span(_unsafeBytes: bytes))
  }

  /// Whether `column` of the row holds nothing.
  func isNull(_ column: Int32) -> Bool {
    unsafe sqlite3_column_type(statement.sqliteStatement, column) == SQLITE_NULL
  }

  /// The text in `column` of the row; what is not UTF-8 is repaired, and so differs.
  func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }

  /// A copy of the bytes in `column` of the row.
  func bytes(_ column: Int32) -> [UInt8] { withBytes(column) { [UInt8](copying: $0) } }

  /// A copy of the first bytes in `column` of the row, at most so many.
  func bytes(_ column: Int32, atMost limit: Int) -> [UInt8] {
    withBytes(column) { [UInt8](copying: $0.extracting(first: min(limit, $0.count))) }
  }
}

extension Database {
  /// Runs `body` over a kept statement of these arguments, at its first row if there is one.
  func withFirstRow<R>(
    of statement: LedgerStatement, _ arguments: StatementArguments = [],
    _ body: (LentColumns) throws -> R
  ) throws -> R? {
    let prepared = try cachedStatement(sql: statement.rawValue)
    try prepared.setArguments(arguments)
    let columns = LentColumns(prepared, statement.bound, in: self)
    defer { columns.reset() }
    return try columns.step() ? try body(columns) : nil
  }

  /// Runs `body` over each row of a fresh statement; it may use the database as it likes.
  func forEachRow(
    of statement: LedgerStatement, _ arguments: StatementArguments = [],
    _ body: (LentColumns) throws -> Void
  ) throws {
    let prepared = try makeStatement(sql: statement.rawValue)
    try prepared.setArguments(arguments)
    let columns = LentColumns(prepared, statement.bound, in: self)
    defer { columns.reset() }
    while try columns.step() { try body(columns) }
  }

  /// Runs a kept statement that gives no rows.
  func run(_ statement: LedgerStatement, _ arguments: StatementArguments) throws {
    try cachedStatement(sql: statement.rawValue).execute(arguments: arguments)
  }
}
