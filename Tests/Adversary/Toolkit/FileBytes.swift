import FoundationEssentials
import GRDB
import Ledger

/// A database, every byte of every column of which can be changed, and changed back.
///
/// Triggers are dropped and checks ignored, as who holds the file would. One thread at a time.
final class FileBytes {
  /// A column, and the rows that have a value there.
  private struct Column {
    var table: String
    var name: String
    /// The columns that make up the key of a row.
    var keys: [String]
    /// The key of each row.
    var rows: [[DatabaseValue]]
  }

  /// What was changed, so that it can be changed back.
  struct Change: CustomStringConvertible {
    fileprivate var table: String
    fileprivate var column: String
    fileprivate var keys: [String]
    fileprivate var row: [DatabaseValue]
    fileprivate var old: DatabaseValue
    fileprivate var new: DatabaseValue
    var byte: Int
    /// The key of the row as it is now: its column may be one of those.
    fileprivate var changedRow: [DatabaseValue] {
      zip(keys, row).map { $0 == column ? new : $1 }
    }
    var description: String { "byte \(byte) of \(table).\(column) in row \(row)" }
  }

  private let queue: DatabaseQueue
  private let columns: [Column]

  init(_ path: String) throws {
    var configuration = Configuration()
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA ignore_check_constraints = ON; PRAGMA synchronous = OFF")
    }
    queue = try DatabaseQueue(path: path, configuration: configuration)
    columns = try queue.write { db in
      for name in try String.fetchAll(
        db, sql: "SELECT name FROM sqlite_schema WHERE type = 'trigger'")
      {
        try db.execute(sql: "DROP TRIGGER \(name)")
      }
      return try Self.columns(db)
    }
  }

  /// The tables and columns in which there is anything, as `table.column`.
  var columnNames: [String] { columns.map { "\($0.table).\($0.name)" } }

  private static func columns(_ db: Database) throws -> [Column] {
    var columns: [Column] = []
    for table in try String.fetchAll(
      db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    {
      let info = try Row.fetchAll(db, sql: "SELECT name, pk FROM pragma_table_info('\(table)')")
      let keys: [String] = info.filter { $0["pk"] != 0 }.map { $0["name"] }
      for column in info {
        let name: String = column["name"]
        let rows = try Row.fetchAll(
          db,
          sql:
            "SELECT \(keys.joined(separator: ", ")) FROM \(table) WHERE \(name) IS NOT NULL")
        if rows.isEmpty { continue }
        columns.append(
          Column(
            table: table, name: name, keys: keys, rows: rows.map { Array($0.databaseValues) }))
      }
    }
    return columns
  }

  /// Changes one byte of one value: every column has its turn, row and byte are random.
  func change(_ number: Int, _ dice: inout Dice) throws -> Change {
    let column = columns[number % columns.count]
    while true {
      let row = column.rows[Int(dice.index(0..<UInt64(column.rows.count)))]
      let old = try queue.read { db in
        try DatabaseValue.fetchOne(
          db,
          sql:
            "SELECT \(column.name) FROM \(column.table) WHERE \(Self.condition(column.keys, row))",
          arguments: StatementArguments(row))
      }
      guard let old, let (new, byte) = Self.changed(old, &dice) else { continue }
      let change = Change(
        table: column.table, column: column.name, keys: column.keys, row: row, old: old, new: new,
        byte: byte)
      do {
        try write(new, change, at: row)
        return change
      } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
        continue  // Another row has that key.
      }
    }
  }

  /// Changes it back.
  func undo(_ change: Change) throws { try write(change.old, change, at: change.changedRow) }

  private func write(_ value: DatabaseValue, _ change: Change, at row: [DatabaseValue]) throws {
    try queue.write { db in
      try db.execute(
        sql: """
          UPDATE \(change.table) SET \(change.column) = \(Self.term(change.old))
          WHERE \(Self.condition(change.keys, change.row))
          """, arguments: StatementArguments([value] + row))
      guard db.changesCount == 1 else {
        throw StorageError(.notWritten, "\(change) was not found.")
      }
    }
  }

  // MARK: Values

  /// What stands for a value of the type of this one. Text is written as bytes, whatever they are.
  private static func term(_ value: DatabaseValue) -> String {
    if case .string = value.storage { "CAST(? AS TEXT)" } else { "?" }
  }

  private static func condition(_ keys: [String], _ row: [DatabaseValue]) -> String {
    zip(keys, row).map { "\($0) = \(term($1))" }.joined(separator: " AND ")
  }

  /// The value with one byte changed, of the same type; and which byte.
  private static func changed(
    _ value: DatabaseValue, _ dice: inout Dice
  ) -> (DatabaseValue, Int)? {
    func change(_ bytes: inout [UInt8]) -> Int {
      let place = dice.place(in: bytes)
      bytes[place] ^= UInt8(dice.index(1..<256))
      return place
    }
    switch value.storage {
    case .int64(let number):
      let place = Int(dice.index(0..<8))
      let bits = dice.index(1..<256) << UInt64(8 * place)
      return ((number ^ Int64(bitPattern: bits)).databaseValue, place)
    case .blob(let data):
      var bytes = [UInt8](data)
      let place = change(&bytes)
      return (Data(bytes).databaseValue, place)
    case .string(let text):
      var bytes = Array(text.utf8)
      let place = change(&bytes)
      return (Data(bytes).databaseValue, place)
    case .null, .double: return nil
    }
  }
}
