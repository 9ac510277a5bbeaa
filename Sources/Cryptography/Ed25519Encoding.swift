/// Which encodings are accepted, checked by us before any library sees them
/// (`docs/formats/keys.md`).
///
/// A point is 32 bytes: y little-endian in 255 bits and the sign of x in the last. It is canonical
/// if y < p = 2^255 − 19. A scalar is canonical if S < L.
enum Ed25519Encoding {
  /// p, little-endian.
  private static let prime: [UInt8] = [0xED] + [UInt8](repeating: 0xFF, count: 30) + [0x7F]

  /// L = 2^252 + 27742317777372353535851937790883648493, little-endian.
  private static let order: [UInt8] = [
    0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7, 0xA2, 0xDE, 0xF9, 0xDE, 0x14,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
  ]

  /// The y of the points whose order divides 8, little-endian and canonical: 1, −1, 0, and the two
  /// of order 8. Either sign of x is such a point or no point at all.
  private static let smallOrder: [[UInt8]] = [
    [1] + [UInt8](repeating: 0, count: 31),
    [0xEC] + [UInt8](repeating: 0xFF, count: 30) + [0x7F],
    [UInt8](repeating: 0, count: 32),
    [
      0x26, 0xE8, 0x95, 0x8F, 0xC2, 0xB2, 0x27, 0xB0, 0x45, 0xC3, 0xF4, 0x89, 0xF2, 0xEF, 0x98,
      0xF0, 0xD5, 0xDF, 0xAC, 0x05, 0xD3, 0xC6, 0x33, 0x39, 0xB1, 0x38, 0x02, 0x88, 0x6D, 0x53,
      0xFC, 0x05,
    ],
    [
      0xC7, 0x17, 0x6A, 0x70, 0x3D, 0x4D, 0xD8, 0x4F, 0xBA, 0x3C, 0x0B, 0x76, 0x0D, 0x10, 0x67,
      0x0F, 0x2A, 0x20, 0x53, 0xFA, 0x2C, 0x39, 0xCC, 0xC6, 0x4E, 0xC7, 0xFD, 0x77, 0x92, 0xAC,
      0x03, 0x7A,
    ],
  ]

  /// Whether 32 bytes are a canonical encoding of y and not of a point of small order.
  static func isAcceptablePoint(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count == 32, isLess(bytes, than: prime, lastByteMask: 0x7F) else { return false }
    return !smallOrder.contains { isEqual(bytes, $0) }
  }

  /// Whether 32 bytes are a scalar below L.
  static func isCanonicalScalar(_ bytes: Span<UInt8>) -> Bool {
    bytes.count == 32 && isLess(bytes, than: order, lastByteMask: 0xFF)
  }

  private static func isLess(
    _ left: Span<UInt8>, than right: [UInt8], lastByteMask mask: UInt8
  ) -> Bool {
    var index = 31
    while index >= 0 {
      let byte = index == 31 ? left[index] & mask : left[index]
      if byte != right[index] { return byte < right[index] }
      index -= 1
    }
    return false
  }

  /// Whether the y of a point is this one; the sign of x does not count.
  private static func isEqual(_ point: Span<UInt8>, _ y: [UInt8]) -> Bool {
    guard point[31] & 0x7F == y[31] else { return false }
    for index in 0..<31 where point[index] != y[index] { return false }
    return true
  }
}
