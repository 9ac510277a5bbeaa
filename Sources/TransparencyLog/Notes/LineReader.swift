/// Walks over bytes line by line. A line is everything before an LF; the LF is consumed.
///
/// Bytes after the last LF are not a line: `next()` answers nil and `rest` still holds them, so a
/// caller that wants the input to end in LF checks that `rest` is empty.
struct LineReader {
  private(set) var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// The next line without its LF, or nil when no LF is left.
  mutating func next() -> ArraySlice<UInt8>? {
    guard let end = rest.firstIndex(of: ASCII.lineFeed) else { return nil }
    let line = rest[rest.startIndex..<end]
    rest = rest[(end + 1)...]
    return line
  }

  /// The next line if it begins with `prefix`, without that prefix; otherwise nil, and nothing is
  /// read.
  mutating func next(after prefix: String) -> ArraySlice<UInt8>? {
    guard rest.starts(with: prefix.utf8), let line = next() else { return nil }
    return line.dropFirst(prefix.utf8.count)
  }
}

/// The few ASCII bytes these formats are built from.
enum ASCII {
  static let lineFeed: UInt8 = 0x0A
  static let space: UInt8 = 0x20
  static let plus: UInt8 = 0x2B
  static let zero: UInt8 = 0x30
}
