public import Cryptography
internal import Foundation
internal import GRDB
public import Ledger

extension ViewStore {
  /// The hash over every row of every table in order: what "the same rows" means (DESIGN §6).
  public func dumpHash() throws(StorageError) -> Digest {
    try asking { db in
      var hash = SHA256()
      for table in try db.inSnapshot({ try db.tableHashes() }) { hash.update(table.hash.bytes) }
      return hash.finalize()
    }
  }

  /// The values of any statement as text, for looking inside; SQL only of our own making.
  func rows(of sql: String) throws(StorageError) -> [[String]] {
    try asking { db in
      try Row.fetchAll(db, sql: sql).map { row in
        row.databaseValues.map { String.fromDatabaseValue($0) ?? $0.description }
      }
    }
  }
}

extension Database {
  private static let dumped = [
    (name: "position", order: "id"), (name: "state", order: "kind, name"),
    (name: "submission", order: "key, n"), (name: "event", order: "place"),
    (name: "void", order: "entry"),
  ]

  /// A hash over the rows of each table, in order.
  ///
  /// Each value goes in with its type and length, each row with a mark, so that no two different
  /// contents are the same bytes.
  func tableHashes() throws -> [(name: String, hash: Digest)] {
    try Self.dumped.map { table in
      var hash = SHA256()
      hash.update(Array("table \(table.name)\n".utf8))
      let rows = try Row.fetchCursor(
        self, sql: "SELECT * FROM \(table.name) ORDER BY \(table.order)")
      while let row = try rows.next() {
        var bytes = [UInt8(ascii: "r")]
        for (_, value) in row { Self.append(value, to: &bytes) }
        hash.update(bytes)
      }
      return (table.name, hash.finalize())
    }
  }

  private static func append(_ value: DatabaseValue, to bytes: inout [UInt8]) {
    let (tag, content): (Character, [UInt8]) =
      switch value.storage {
      case .null: ("n", [])
      case .int64(let integer): ("i", Array("\(integer)".utf8))
      case .double(let double): ("d", Array("\(double)".utf8))
      case .string(let string): ("s", Array(string.utf8))
      case .blob(let data): ("b", [UInt8](data))
      }
    bytes += Array("\(tag)\(content.count):".utf8) + content
  }
}
