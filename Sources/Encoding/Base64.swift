/// RFC 4648 §4 with padding and zero unused bits; every other spelling is refused.
public enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  /// The value of each character, 0xFF for what is none.
  private static let values: [UInt8] = {
    var table = [UInt8](repeating: 0xFF, count: 256)
    for (value, character) in alphabet.enumerated() { table[Int(character)] = UInt8(value) }
    return table
  }()

  /// The encoding of `bytes`.
  public static func encode(_ bytes: some Collection<UInt8>) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    var group: UInt32 = 0
    var held = 0
    for byte in bytes {
      group = group << 8 | UInt32(byte)
      held += 1
      if held == 3 {
        for shift in [18, 12, 6, 0] as [UInt32] { text.append(alphabet[Int(group >> shift & 63)]) }
        group = 0
        held = 0
      }
    }
    if held == 1 {
      text += [alphabet[Int(group >> 2)], alphabet[Int(group << 4 & 63)], 0x3D, 0x3D]
    } else if held == 2 {
      text += [
        alphabet[Int(group >> 10)], alphabet[Int(group >> 4 & 63)], alphabet[Int(group << 2 & 63)],
        0x3D,
      ]
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes of a text, or `nil` if it is not exactly what ``encode(_:)`` writes.
  public static func decode(_ text: Span<UInt8>) -> [UInt8]? {
    guard let length = decodedByteCount(text) else { return nil }
    var isValid = true
    let bytes = [UInt8](capacity: length) { isValid = decode(text, into: &$0) }
    return isValid ? bytes : nil
  }

  /// How many bytes a text stands for if it is one; `nil` if no text has that length.
  public static func decodedByteCount(_ text: Span<UInt8>) -> Int? {
    guard text.count % 4 == 0 else { return nil }
    return text.count / 4 * 3 - padding(text)
  }

  /// Appends the bytes of a text, for which there is room.
  ///
  /// - Returns: Whether it is exactly what ``encode(_:)`` writes; what was appended counts only then.
  public static func decode(_ text: Span<UInt8>, into bytes: inout OutputSpan<UInt8>) -> Bool {
    let count = text.count
    guard count % 4 == 0 else { return false }
    guard count > 0 else { return true }
    let padding = padding(text)
    let table = values
    let values = table.span
    // Every value that is none sets a bit that no value has.
    var invalid: UInt32 = 0
    for start in stride(from: 0, to: count - 4, by: 4) {
      let group = group(text, at: start, values, padding: 0, &invalid)
      bytes.append(UInt8(truncatingIfNeeded: group >> 16))
      bytes.append(UInt8(truncatingIfNeeded: group >> 8))
      bytes.append(UInt8(truncatingIfNeeded: group))
    }
    let last = group(text, at: count - 4, values, padding: padding, &invalid)
    bytes.append(UInt8(truncatingIfNeeded: last >> 16))
    if padding < 2 { bytes.append(UInt8(truncatingIfNeeded: last >> 8)) }
    if padding < 1 { bytes.append(UInt8(truncatingIfNeeded: last)) }
    // The bits that no byte takes are zero, so that a value has one spelling.
    invalid |= (last & (1 << UInt32(8 * padding) - 1)) << 8
    return invalid & ~0x3F == 0
  }

  private static func padding(_ text: Span<UInt8>) -> Int {
    let count = text.count
    guard count > 0 else { return 0 }
    return text[count - 1] != pad ? 0 : text[count - 2] != pad ? 1 : 2
  }

  private static let pad = UInt8(ascii: "=")

  /// Four characters as 24 bits, those of the padding as zeros; `invalid` takes up their values.
  @inline(__always)
  private static func group(
    _ text: Span<UInt8>, at start: Int, _ values: Span<UInt8>, padding: Int, _ invalid: inout UInt32
  ) -> UInt32 {
    let a = UInt32(values[Int(text[start])])
    let b = UInt32(values[Int(text[start + 1])])
    let c = padding > 1 ? 0 : UInt32(values[Int(text[start + 2])])
    let d = padding > 0 ? 0 : UInt32(values[Int(text[start + 3])])
    invalid |= a | b | c | d
    return a << 18 | b << 12 | c << 6 | d
  }

  /// The bytes of a text, or `nil` if it is not exactly what ``encode(_:)`` writes.
  public static func decode(_ text: [UInt8]) -> [UInt8]? { decode(text.span) }

  /// The bytes of a text, or `nil` if it is not exactly what ``encode(_:)`` writes.
  public static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? { decode(text.span) }

  /// The bytes of a text, or `nil` if it is not exactly what ``encode(_:)`` writes.
  public static func decode(_ text: String) -> [UInt8]? { decode(text.utf8.span) }
}
