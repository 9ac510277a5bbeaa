internal import Encoding
internal import Glibc

/// What a person sees, and what they must never be sent.
enum Terminal {
  /// Whether standard output is a terminal that takes colour.
  static let hasColour = isTerminal(1) && Files.environment("NO_COLOR") == nil
  /// Whether progress may be drawn on standard error.
  static let showsProgress = isTerminal(2)

  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// Writes all of `text` to standard output.
  static func standardOutput(_ text: String) { write(Array(text.utf8), to: 1) }

  /// Writes all of `bytes` to standard output.
  static func standardOutput(_ bytes: [UInt8]) { write(bytes, to: 1) }

  /// Writes all of `text` to standard error.
  static func standardError(_ text: String) { write(Array(text.utf8), to: 2) }

  /// Text from outside, with everything that a terminal would obey made visible.
  static func safe(_ text: String) -> String {
    guard TextRules.firstForbiddenScalar(in: text, allowingLineFeeds: false) != nil else {
      return text
    }
    var result = ""
    for scalar in text.unicodeScalars {
      if TextRules.firstForbiddenScalar(in: String(scalar), allowingLineFeeds: false) != nil {
        result += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// `text` in a colour, where there is any.
  static func coloured(_ text: String, _ colour: Colour) -> String {
    hasColour ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
  }

  enum Colour: Int {
    case red = 31
    case green = 32
    case yellow = 33
    case blue = 34
    case grey = 90
    case bold = 1
  }

  /// How many columns `text` takes: two for the wide characters of Chinese, Japanese and Korean.
  static func width(of text: String) -> Int {
    text.unicodeScalars.reduce(0) { total, scalar in
      switch scalar.value {
      case 0x0300...0x036F, 0x200B...0x200F, 0xFE00...0xFE0F: total
      case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
        0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
        total + 2
      default: total + 1
      }
    }
  }

  /// Rows in columns, padded by what is seen rather than by characters.
  static func table(_ rows: [[String]]) -> String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? width(of: $0[column]) : 0 }.max() ?? 0
    }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        line += cell
        if column < row.count - 1 {
          line += String(repeating: " ", count: widths[column] - width(of: cell) + 2)
        }
      }
      return line + "\n"
    }.joined()
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0 {
        if errno == EINTR { continue }
        // The reader has gone away; there is nobody left to tell.
        return
      }
      rest = rest.dropFirst(count)
    }
  }
}
