internal import Cryptography

/// A hash over the rows of a table in order: what "the same rows" means (`docs/design.md`,
/// *Storage*).
///
/// It starts as the hash of the table's name; every row makes it the hash of what it was and of the
/// row's values, each with its type and length, so that no two different contents are the same
/// bytes.
struct TableHash: Sendable {
  /// The hash so far.
  private(set) var digest: Digest
  private var row: [UInt8] = []

  init(_ table: String) { digest = SHA256.hash(Array(table.utf8)) }

  /// Takes in one row, whose values `body` adds in the order of their columns.
  mutating func add<E>(_ body: (inout TableHash) throws(E) -> Void) throws(E) {
    row.removeAll(keepingCapacity: true)
    digest.append(to: &row)
    try body(&self)
    digest = SHA256.hash(row)
  }

  mutating func value(_ integer: Int64) { value(UInt8(ascii: "i"), "\(integer)".utf8) }

  mutating func value(_ text: String?) {
    guard let text else { return null() }
    value(UInt8(ascii: "s"), text.utf8)
  }

  mutating func null() { value(UInt8(ascii: "n"), EmptyCollection()) }

  mutating func value(_ bytes: [UInt8]) { value(UInt8(ascii: "b"), bytes) }

  mutating func value(_ number: Double) { value(UInt8(ascii: "d"), "\(number)".utf8) }

  private mutating func value(_ tag: UInt8, _ content: some Collection<UInt8>) {
    row.append(tag)
    row.append(contentsOf: String(content.count).utf8)
    row.append(UInt8(ascii: ":"))
    row.append(contentsOf: content)
  }
}
