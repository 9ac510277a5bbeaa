internal import Encoding

/// The paths of c2sp.org/tlog-tiles: `tile/<L>/<N>[.p/<W>]` and `tile/entries/<N>[.p/<W>]`.
///
/// `<N>` is the index in groups of three digits, every group but the last with an `x` before it:
/// 1234067 is `x001/x234/067`. `.p/<W>` is there for a partial tile only.
extension Tile {
  /// Where the tile lies below the root of a log: `tile/0/x001/x234/067.p/12`.
  public var path: String { "tile/\(level)/" + TilePath.suffix(index: index, width: width) }

  /// Parses a path, accepting only what ``path`` would write.
  public init?(path: String) {
    guard path.utf8.count <= TilePath.maximumByteCount, path.utf8.starts(with: "tile/".utf8) else {
      return nil
    }
    let rest = Array(path.utf8.dropFirst(5))
    guard let slash = rest.firstIndex(of: TilePath.slash),
      let level = Digits.number(rest[..<slash], atMost: UInt64(Tile.maximumLevel)),
      let (index, width) = TilePath.parse(rest[(slash + 1)...])
    else { return nil }
    self.init(level: Int(level), index: index, width: width)
    guard self.path.utf8.elementsEqual(path.utf8) else { return nil }
  }
}

/// The part of a path after `tile/<L>/` or `tile/entries/`.
enum TilePath {
  /// Longer than any path of a 63-bit index.
  static let maximumByteCount = 64
  static let slash: UInt8 = 0x2F

  static func suffix(index: UInt64, width: Int) -> String {
    var path = group(index % 1000)
    var rest = index / 1000
    while rest > 0 {
      path = "x" + group(rest % 1000) + "/" + path
      rest /= 1000
    }
    return width == Tile.fullWidth ? path : path + ".p/\(width)"
  }

  /// Index and width of a suffix. Lenient about superfluous leading groups; the caller writes the
  /// path again and compares.
  static func parse(_ bytes: ArraySlice<UInt8>) -> (index: UInt64, width: Int)? {
    var groups = bytes.split(separator: slash, omittingEmptySubsequences: false)
    var width = Tile.fullWidth
    if groups.count >= 2, groups[groups.count - 2].suffix(2).elementsEqual(".p".utf8) {
      guard let parsed = Digits.number(groups.removeLast(), atMost: 255), parsed > 0 else {
        return nil
      }
      width = Int(parsed)
      groups.append(groups.removeLast().dropLast(2))
    }
    var index: UInt64 = 0
    for (position, var group) in groups.enumerated() {
      if position < groups.count - 1 {
        guard group.popFirst() == UInt8(ascii: "x") else { return nil }
      }
      guard group.count == 3, index < UInt64.max / 1000 - 1 else { return nil }
      for byte in group {
        guard byte >= ASCII.zero, byte <= ASCII.zero + 9 else { return nil }
        index = index * 10 + UInt64(byte - ASCII.zero)
      }
    }
    return (index, width)
  }

  /// Three digits, zeros in front.
  private static func group(_ value: UInt64) -> String {
    let digits = String(value)
    return String(repeating: "0", count: 3 - digits.utf8.count) + digits
  }
}
