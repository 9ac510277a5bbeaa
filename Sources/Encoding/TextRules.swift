/// Which text may enter the ledger (DESIGN §3.1).
public enum TextRules {
  /// The first scalar that is refused, if there is one: controls, line and paragraph separators,
  /// bidirectional marks and noncharacters. No normalisation is applied to the rest.
  public static func firstForbiddenScalar(
    in text: String, allowingLineFeeds: Bool = false
  ) -> Unicode.Scalar? {
    text.unicodeScalars.first { isForbidden($0) && !(allowingLineFeeds && $0 == "\n") }
  }

  /// Whether a scalar is refused.
  public static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x00...0x1F, 0x7F...0x9F, 0x2028...0x2029, 0x202A...0x202E, 0x2066...0x2069,
      0xFDD0...0xFDEF:
      true
    default: scalar.value & 0xFFFE == 0xFFFE
    }
  }

  /// How a scalar that cannot be shown is called: `U+202E`.
  public static func name(of scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
  }

  /// Whether `text` is `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`.
  public static func isIdentifier(_ text: String) -> Bool {
    let bytes = text.utf8
    guard let first = bytes.first, bytes.count <= 64, isAlphanumeric(first) else { return false }
    return bytes.allSatisfy { isAlphanumeric($0) || $0 == 0x2E || $0 == 0x5F || $0 == 0x2D }
  }

  /// Whether `text` is `-?(0|[1-9][0-9]{0,14})(\.[0-9]{0,5}[1-9])?` and not `-0`.
  public static func isDecimal(_ text: String) -> Bool {
    var rest = text.utf8[...]
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative { rest.removeFirst() }
    let whole = rest.prefix { isDigit($0) }
    guard let first = whole.first, whole.count <= 15, first != UInt8(ascii: "0") || whole.count == 1
    else { return false }
    rest = rest.dropFirst(whole.count)
    if rest.isEmpty { return !(isNegative && first == UInt8(ascii: "0")) }
    guard rest.removeFirst() == UInt8(ascii: "."), (1...6).contains(rest.count),
      rest.last != UInt8(ascii: "0")
    else { return false }
    return rest.allSatisfy { isDigit($0) }
  }

  /// Whether a byte may stand in an object's key.
  static func isKeyByte(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || byte == 0x2E || byte == 0x5F || byte == 0x2B || byte == 0x2F
      || byte == 0x2D
  }

  static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  /// Whether a byte is an ASCII letter or digit.
  public static func isAlphanumeric(_ byte: UInt8) -> Bool {
    isDigit(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }
}
