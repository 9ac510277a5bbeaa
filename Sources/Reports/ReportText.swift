internal import Encoding

/// Text from the ledger, made safe for the place where it is shown.
///
/// Whoever issues a plan or registers a unit chooses titles and names, so each form has one door
/// and all such text goes through it: `TextRules.visible` first, then the form's own.
enum ReportText {
  /// Plain text for an element or a quoted attribute.
  ///
  /// Scalar by scalar, so that a combining mark behind it hides nothing from the escaping.
  static func html(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Plain text that a Markdown renderer shows as it stands, in a paragraph or a table's cell.
  ///
  /// A colon is only escaped where it could make an address or a picture of a face.
  static func markdown(_ text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    var result = ""
    for (place, scalar) in scalars.enumerated() {
      let next = place + 1 < scalars.count ? scalars[place + 1] : " "
      let isEscaped =
        switch scalar {
        case ":": next != " "
        case ".": scalars[..<place].suffix(3).elementsEqual("www".unicodeScalars)
        default: "\\`*_[]<>|#&~$".unicodeScalars.contains(scalar)
        }
      if isEscaped { result += "\\" }
      result.unicodeScalars.append(scalar)
    }
    return result
  }

  // MARK: CSV

  /// A quoted cell that no spreadsheet runs (OWASP, *CSV injection*).
  ///
  /// An apostrophe stands before a cell that would begin a formula, blanks or not, and behind a
  /// semicolon unless a word follows: where a semicolon separates cells, another one begins there.
  static func csvCell(_ text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    var result = "\""
    if beginsFormula(scalars[...]) { result += "'" }
    for (place, scalar) in scalars.enumerated() {
      result.unicodeScalars.append(scalar)
      if scalar == "\"" { result += "\"" }
      if scalar == ";", !beginsWord(scalars[(place + 1)...]) { result += "'" }
    }
    return result + "\""
  }

  /// Undoes ``csvCell(_:)`` for what stands between the quotes of a cell that begins no formula.
  static func fromCSVCell(_ text: String) -> String {
    replacing([("\"\"", "\""), (";'", ";")], in: text)
  }

  /// Undoes ``html(_:)``.
  static func fromHTML(_ text: String) -> String {
    replacing(
      [("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">"), ("&#39;", "'"), ("&amp;", "&")], in: text)
  }

  /// By bytes, so that a combining mark hides nothing.
  private static func replacing(_ pairs: [(String, String)], in text: String) -> String {
    let bytes = pairs.reduce(Array(text.utf8)) { bytes, pair in
      bytes.replacing(Array(pair.0.utf8), with: Array(pair.1.utf8))
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func beginsFormula(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
    guard let first = scalars.first(where: { !isBlank($0) }) else { return false }
    return "=+-@\t\r\n＝＋－＠﹦﹢﹣﹫".unicodeScalars.contains(first)
  }

  /// Whether a spreadsheet may pass over a scalar before it looks what a cell begins with.
  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    if "\t\r\n".unicodeScalars.contains(scalar) { return false }
    return scalar.properties.isWhitespace || TextRules.isUnseen(scalar)
  }

  private static func beginsWord(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
    guard let first = scalars.first(where: { $0 != " " }) else { return false }
    return first.properties.isAlphabetic || first.properties.numericType != nil
  }
}
