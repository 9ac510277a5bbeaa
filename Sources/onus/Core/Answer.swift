internal import Encoding

extension UInt64 {
  /// So many entries, in words.
  var entries: String { self == 1 ? "1 entry" : "\(self) entries" }
}

/// Answers on standard output.
enum Answer {
  /// A value in canonical JSON, one line.
  static func json(_ value: JSONValue) {
    Terminal.standardOutput(CanonicalJSON.write(value) + [UInt8(ascii: "\n")])
  }

  /// An object in canonical JSON, one line.
  static func json(_ object: JSONObject) { json(.object(object)) }

  /// Rows in columns; every cell is made safe for a terminal.
  static func table(_ rows: [[String]]) {
    Terminal.standardOutput(Terminal.table(rows.map { $0.map { Terminal.safe($0) } }))
  }
}
