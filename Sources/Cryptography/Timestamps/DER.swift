/// One element of DER (X.690 §8.1, §10.1): a tag, a length in its shortest form, and the contents.
struct DERElement {
  /// The identifier octet; tag numbers above 30 stand nowhere in what is read here.
  let tag: UInt8
  /// All its bytes.
  let bytes: ArraySlice<UInt8>
  /// The bytes after the length.
  let content: ArraySlice<UInt8>

  static let integer: UInt8 = 0x02
  static let octetString: UInt8 = 0x04
  static let objectIdentifier: UInt8 = 0x06
  static let sequence: UInt8 = 0x30

  /// Whether it holds further elements.
  var isConstructed: Bool { tag & 0x20 != 0 }
}

/// Walks over DER element by element.
struct DERReader {
  private(set) var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// Whether everything has been read.
  var isAtEnd: Bool { rest.isEmpty }

  /// The next element; `nil`, with nothing read, at the end and before anything that is not DER.
  mutating func next() -> DERElement? {
    guard rest.count >= 2, let tag = rest.first, tag & 0x1F != 0x1F else { return nil }
    let first = rest[rest.startIndex + 1]
    var start = rest.startIndex + 2
    var count = Int(first)
    if first >= 0x80 {
      // Three bytes of length hold more than anything that is read here.
      let width = Int(first & 0x7F)
      guard (1...3).contains(width), rest.endIndex - start >= width else { return nil }
      count = rest[start..<start + width].reduce(0) { $0 << 8 | Int($1) }
      guard count >= 0x80, count >> (8 * (width - 1)) != 0 else { return nil }
      start += width
    }
    guard rest.endIndex - start >= count else { return nil }
    let element = DERElement(
      tag: tag, bytes: rest[rest.startIndex..<start + count], content: rest[start..<start + count])
    rest = rest[(start + count)...]
    return element
  }

  /// The next element if it has that tag; otherwise `nil`, and nothing is read.
  mutating func next(_ tag: UInt8) -> DERElement? {
    guard rest.first == tag else { return nil }
    return next()
  }

  /// The elements inside the next one if that is a sequence; otherwise `nil`.
  mutating func sequence() -> DERReader? {
    next(DERElement.sequence).map { DERReader($0.content) }
  }
}

enum DER {
  /// More than certificates and timestamps nest.
  private static let maximumDepth = 32

  /// Whether the bytes are one element and nothing after it, in definite and shortest lengths
  /// throughout, with no string in pieces.
  ///
  /// Asked before any library sees them: what BER allows beside that has no place in a timestamp,
  /// whose bytes are kept as they came.
  static func isWellFormed(_ bytes: ArraySlice<UInt8>) -> Bool {
    var reader = DERReader(bytes)
    guard let element = reader.next(), reader.isAtEnd else { return false }
    return isWellFormed(element, depth: 0)
  }

  private static func isWellFormed(_ element: DERElement, depth: Int) -> Bool {
    if element.tag & 0xC0 == 0 {
      // Of the universal types, SEQUENCE and SET hold elements, and no other does.
      let holdsElements = [0x10, 0x11].contains(element.tag & 0x1F)
      guard element.tag != 0, holdsElements == element.isConstructed else { return false }
    }
    guard element.isConstructed else { return true }
    guard depth < maximumDepth else { return false }
    var reader = DERReader(element.content)
    while let inner = reader.next() {
      guard isWellFormed(inner, depth: depth + 1) else { return false }
    }
    return reader.isAtEnd
  }
}
