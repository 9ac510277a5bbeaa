internal import Encoding

/// A SHA-256 digest: 32 bytes, kept without a heap allocation.
public struct Digest: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// How many bytes a digest has.
  public static let byteCount = 32

  // Big-endian words, so that comparing words compares bytes.
  private var a: UInt64 = 0
  private var b: UInt64 = 0
  private var c: UInt64 = 0
  private var d: UInt64 = 0

  /// The digest of these bytes; `nil` unless there are exactly 32.
  public init?(_ bytes: Span<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    self.init(
      word: Self.word(bytes, at: 0), Self.word(bytes, at: 8), Self.word(bytes, at: 16),
      Self.word(bytes, at: 24))
  }

  /// The digest of these bytes; `nil` unless there are exactly 32.
  public init?(_ bytes: [UInt8]) { self.init(bytes.span) }

  /// The digest of these bytes; `nil` unless there are exactly 32.
  public init?(_ bytes: ArraySlice<UInt8>) { self.init(bytes.span) }

  init(word a: UInt64, _ b: UInt64, _ c: UInt64, _ d: UInt64) {
    (self.a, self.b, self.c, self.d) = (a, b, c, d)
  }

  /// Reads base64 as checkpoints and proofs write it; `nil` for any other spelling.
  public init?(base64: String) { self.init(base64: base64.utf8.span) }

  /// Reads base64 as checkpoints and proofs write it; `nil` for any other spelling.
  public init?(base64: Span<UInt8>) {
    guard base64.count == 44, Base64.decodedByteCount(base64) == Self.byteCount else { return nil }
    var isValid = true
    let bytes = [32 of UInt8] { isValid = Base64.decode(base64, into: &$0) }
    guard isValid else { return nil }
    self.init(bytes.span)
  }

  /// The 32 bytes.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.byteCount)
    append(to: &bytes)
    return bytes
  }

  /// Appends the 32 bytes.
  public func append(to bytes: inout [UInt8]) {
    for word in [a, b, c, d] {
      for shift in stride(from: UInt64(56), through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: word >> shift))
      }
    }
  }

  /// Writes the 32 bytes into a node of the tree.
  func write(to node: inout [65 of UInt8], at start: Int) {
    for index in 0..<8 {
      let shift = UInt64(56 - 8 * index)
      node[start + index] = UInt8(truncatingIfNeeded: a >> shift)
      node[start + 8 + index] = UInt8(truncatingIfNeeded: b >> shift)
      node[start + 16 + index] = UInt8(truncatingIfNeeded: c >> shift)
      node[start + 24 + index] = UInt8(truncatingIfNeeded: d >> shift)
    }
  }

  /// Lends the 32 bytes.
  public func withBytes<R>(_ body: (Span<UInt8>) -> R) -> R {
    let words: [4 of UInt64] = [a.bigEndian, b.bigEndian, c.bigEndian, d.bigEndian]
    return unsafe withUnsafeBytes(of: words) { raw in
      // The words are initialised, and every byte of a word is a byte.
      unsafe body(raw.bindMemory(to: UInt8.self).span)
    }
  }

  /// Base64 with padding.
  public var base64: String { Base64.encode(bytes) }

  /// Base64 with padding.
  public var description: String { base64 }

  /// Orders by bytes.
  public static func < (left: Digest, right: Digest) -> Bool {
    (left.a, left.b, left.c, left.d) < (right.a, right.b, right.c, right.d)
  }

  private static func word(_ bytes: Span<UInt8>, at start: Int) -> UInt64 {
    var word: UInt64 = 0
    for index in start..<start + 8 { word = word << 8 | UInt64(bytes[index]) }
    return word
  }
}
