public import Cryptography
internal import FoundationEssentials
internal import GRDB
public import Ledger

extension ViewStore {
  /// The hash over every row of every table in order: what "the same rows" means
  /// (`docs/design.md`, *Storage*).
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
  func tableHashes() throws -> [(name: String, hash: Digest)] {
    try Self.dumped.map { table in
      var hash = TableHash(table.name)
      let rows = try Row.fetchCursor(
        self, sql: "SELECT * FROM \(table.name) ORDER BY \(table.order)")
      while let row = try rows.next() {
        hash.add { hash in for (_, value) in row { Self.append(value, to: &hash) } }
      }
      return (table.name, hash.digest)
    }
  }

  private static func append(_ value: DatabaseValue, to hash: inout TableHash) {
    switch value.storage {
    case .null: hash.null()
    case .int64(let integer): hash.value(integer)
    case .double(let double): hash.value(double)
    case .string(let string): hash.value(string)
    case .blob(let data): hash.value([UInt8](data))
    }
  }
}
