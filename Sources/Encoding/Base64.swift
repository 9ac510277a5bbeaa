/// RFC 4648 §4 with padding and zero unused bits; every other spelling is refused.
public enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
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
    let count = text.count
    guard count % 4 == 0 else { return nil }
    let values = values
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count / 4 * 3)
    var group: UInt32 = 0
    var held = 0
    var padding = 0
    for index in text.indices {
      let character = text[index]
      if character == 0x3D {
        padding += 1
        guard padding <= 2 else { return nil }
        group <<= 6
      } else {
        let value = values[Int(character)]
        guard padding == 0, value != 0xFF else { return nil }
        group = group << 6 | UInt32(value)
      }
      held += 1
      if held == 4 {
        bytes.append(UInt8(truncatingIfNeeded: group >> 16))
        if padding < 2 { bytes.append(UInt8(truncatingIfNeeded: group >> 8)) }
        if padding < 1 { bytes.append(UInt8(truncatingIfNeeded: group)) }
        if padding == 2, group & 0xFFFF != 0 { return nil }
        if padding == 1, group & 0xFF != 0 { return nil }
        group = 0
        held = 0
      }
    }
    return bytes
  }

  /// The bytes of a text, or `nil` if it is not exactly what ``encode(_:)`` writes.
  public static func decode(_ text: [UInt8]) -> [UInt8]? { decode(text.span) }

  /// The bytes of a text, or `nil` if it is not exactly what ``encode(_:)`` writes.
  public static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? { decode(text.span) }

  /// The bytes of a text, or `nil` if it is not exactly what ``encode(_:)`` writes.
  public static func decode(_ text: String) -> [UInt8]? { decode(text.utf8.span) }
}
