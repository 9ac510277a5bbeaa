public import Cryptography
internal import Foundation
internal import GRDB
public import Ledger

extension ViewStore {
  /// The hash over every row of every table in order: what "the same rows" means (DESIGN §6).
  ///
  /// Each value goes in with its type and length, each row and table with its name or a mark, so
  /// that no two different contents are the same bytes.
  public func dumpHash() throws(StorageError) -> Digest {
    try asking { db in
      try db.inSnapshot {
        var hash = SHA256()
        for table in Self.dump {
          hash.update(Array("table \(table.name)\n".utf8))
          let rows = try Row.fetchCursor(
            db, sql: "SELECT * FROM \(table.name) ORDER BY \(table.order)")
          while let row = try rows.next() {
            var bytes = [UInt8(ascii: "r")]
            for (_, value) in row { Self.append(value, to: &bytes) }
            hash.update(bytes)
          }
        }
        return hash.finalize()
      }
    }
  }

  private static let dump = [
    (name: "position", order: "id"), (name: "state", order: "kind, name"),
    (name: "submission", order: "key, n"), (name: "event", order: "place"),
    (name: "void", order: "entry"),
  ]

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
