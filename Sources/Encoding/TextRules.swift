/// Which text may enter the ledger (`docs/formats/canonical-json.md`).
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

  /// `text` with everything made visible that a reader, or a terminal, would obey rather than see, or
  /// that nobody would see: controls, line ends, marks of direction and without width. The ledger
  /// lets few of them in; none gets out. Joiners stay: some scripts are written with them.
  public static func visible(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isUnseen) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if isUnseen(scalar) {
        result += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// What a sentence quotes of somebody else's text: ``visible(_:)``, and of a long one its beginning, with
  /// an ellipsis for the rest.
  ///
  /// - Parameter limit: How many scalars are quoted at most.
  public static func excerpt(_ text: String, limit: Int = 80) -> String {
    let scalars = text.unicodeScalars
    guard let end = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex),
      end != scalars.endIndex
    else { return visible(text) }
    return visible(String(scalars[..<end])) + "…"
  }

  /// The same between quotation marks.
  public static func quoted(_ text: String, limit: Int = 80) -> String {
    "\"\(excerpt(text, limit: limit))\""
  }

  /// A sentence that is too long for one, without its middle: what was quoted there is longer than anybody
  /// reads, and what is said of it stands at the end.
  ///
  /// - Parameter limit: How many scalars are left at most.
  public static func shortened(_ sentence: String, limit: Int = 1000) -> String {
    let scalars = sentence.unicodeScalars
    guard scalars.count > limit else { return sentence }
    let ending = limit / 3
    return String(scalars.prefix(limit - ending - 1)) + "…" + String(scalars.suffix(ending))
  }

  /// Whether a reader would obey a scalar, or not see it.
  public static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0xAD, 0x61C, 0x200B, 0x200E...0x200F, 0x2060...0x2064, 0xFEFF, 0xE0000...0xE007F: true
    default: isForbidden(scalar)
    }
  }

  /// Whether nothing of `text` can be seen: spaces, marks without width, fillers.
  ///
  /// The ledger lets such text in; whoever writes a title does not mean it.
  public static func isBlank(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { scalar in
      scalar.properties.isWhitespace || scalar.properties.isDefaultIgnorableCodePoint
        || scalar.value == 0x2800 || isUnseen(scalar)
    }
  }

  /// Whether `text` is a media type as a seal has it: `type/subtype` in lower case, each part of 1 to
  /// 64 bytes that begins with a letter or digit and goes on with those, `.`, `+` or `-`.
  public static func isMediaType(_ text: String) -> Bool {
    let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    return parts.count == 2
      && parts.allSatisfy { part in
        (1...64).contains(part.count) && part.first.map(isLowerAlphanumeric) == true
          && part.allSatisfy { isLowerAlphanumeric($0) || ".+-".utf8.contains($0) }
      }
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

  private static func isLowerAlphanumeric(_ byte: UInt8) -> Bool {
    isDigit(byte) || (0x61...0x7A).contains(byte)
  }

  /// Whether a byte is an ASCII letter or digit.
  public static func isAlphanumeric(_ byte: UInt8) -> Bool {
    isDigit(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }
}
