internal import TransparencyLog

/// Which files an export of so many entries has (docs/formats/tiles.md).
enum ExportLayout {
  /// Whether a log of that size has such a file.
  static func isFile(_ path: String, ofSize size: UInt64) -> Bool {
    if path.utf8.elementsEqual("checkpoint".utf8) { return true }
    guard let place = place(path) else { return false }
    return tile(place, size)?.width == place.width
  }

  /// Whether it is a partial tile, or the entries of one, that is wider in a log of that size.
  static func isNarrower(_ path: String, thanAtSize size: UInt64) -> Bool {
    guard let place = place(path), let tile = tile(place, size) else { return false }
    return place.width < tile.width
  }

  /// Whether a path is that of some file of some log.
  static func isFile(_ path: String) -> Bool {
    path.utf8.elementsEqual("checkpoint".utf8) || place(path) != nil
  }

  /// Whether it is the folder of the tiles, or lies in it.
  static func isInTiles(_ path: String) -> Bool {
    path.utf8.prefix { $0 != UInt8(ascii: "/") }.elementsEqual("tile".utf8)
  }

  private static func place(_ path: String) -> (level: Int, index: UInt64, width: Int)? {
    if let (index, width) = EntryBundle.parsePath(path) { return (0, index, width) }
    return Tile(path: path).map { ($0.level, $0.index, $0.width) }
  }

  private static func tile(
    _ place: (level: Int, index: UInt64, width: Int), _ size: UInt64
  ) -> Tile? {
    // No tree has so many levels; a shift by them would be one by none.
    place.level < 8 ? Tile(level: place.level, index: place.index, inTreeOfSize: size) : nil
  }
}
