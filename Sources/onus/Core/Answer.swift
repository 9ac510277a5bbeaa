internal import Encoding

extension UInt64 {
  /// So many entries, in words.
  var entries: String { self == 1 ? "1 entry" : "\(self) entries" }
}

/// Answers on standard output.
enum Answer {
  /// A value in canonical JSON, one line.
  static func json(_ value: JSONValue) {
    Terminal.standardOutput(escaped(CanonicalJSON.write(value)) + [UInt8(ascii: "\n")])
  }

  /// The same JSON with what no canonical text holds, such as the name of a stranger's file may, escaped:
  /// controls, marks of direction. They stand in strings only.
  static func escaped(_ json: [UInt8]) -> [UInt8] {
    let text = String(decoding: json, as: UTF8.self)
    guard text.unicodeScalars.contains(where: TextRules.isForbidden) else { return json }
    var result = ""
    for scalar in text.unicodeScalars {
      guard TextRules.isForbidden(scalar) else {
        result.unicodeScalars.append(scalar)
        continue
      }
      for unit in String(scalar).utf16 {
        let digits = String(unit, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      }
    }
    return Array(result.utf8)
  }

  /// An object in canonical JSON, one line.
  static func json(_ object: JSONObject) { json(.object(object)) }

  /// Rows under the names of their columns, as ``table(_:in:)``.
  static func table(_ columns: [TableColumn], _ language: Language, _ rows: [[String]]) {
    table([TableColumn.head(columns, language)] + rows, in: columns)
  }

  /// Rows in columns; every cell is made safe for a terminal, and those that may be are wrapped where
  /// a line would be too long.
  static func table(_ rows: [[String]], in columns: [TableColumn] = []) {
    let safe = rows.map { $0.map { Terminal.safe($0) } }
    let columns = Columns(safe, wrapping: TableColumn.wrapping(columns))
    Terminal.standardOutput(safe.flatMap { columns.lines($0) }.map { $0 + "\n" }.joined())
  }
}
