/// Up to 256 entries of a log in one file (c2sp.org/tlog-tiles): each a big-endian 16-bit length
/// and that many bytes.
///
/// Bundle *n* holds the leaves whose hashes are in tile *n* of level 0.
public enum EntryBundle {
  /// The longest entry the length can tell.
  public static let maximumEntryByteCount = 65_535

  /// Where bundle `index` with `width` entries lies below the root of a log.
  public static func path(index: UInt64, width: Int = Tile.fullWidth) -> String {
    "tile/entries/" + TilePath.suffix(index: index, width: width)
  }

  /// Index and width from a path, accepting only what ``path(index:width:)`` would write.
  public static func parsePath(_ path: String) -> (index: UInt64, width: Int)? {
    let prefix = "tile/entries/".utf8
    guard path.utf8.count <= TilePath.maximumByteCount, path.utf8.starts(with: prefix),
      let (index, width) = TilePath.parse(Array(path.utf8)[prefix.count...]),
      self.path(index: index, width: width).utf8.elementsEqual(path.utf8)
    else { return nil }
    return (index, width)
  }

  /// The bytes of a bundle. Throws `entryTooLong` for an entry beyond 65,535 bytes and
  /// `malformedBundle` for more than 256 entries.
  public static func encode(_ entries: [[UInt8]]) throws(TileError) -> [UInt8] {
    guard entries.count <= Tile.fullWidth else {
      throw TileError(.malformedBundle, "A bundle has at most 256 entries.")
    }
    var bytes: [UInt8] = []
    for entry in entries {
      guard entry.count <= maximumEntryByteCount else {
        throw TileError(
          .entryTooLong, "An entry has at most \(maximumEntryByteCount) bytes, not \(entry.count).")
      }
      bytes.append(UInt8(entry.count >> 8))
      bytes.append(UInt8(entry.count & 0xFF))
      bytes += entry
    }
    return bytes
  }

  /// The entries of a bundle, as slices of its bytes: each keeps all of them in memory.
  ///
  /// Throws `malformedBundle` if the bytes end inside an entry or hold more than 256 of them.
  public static func decode(_ bytes: [UInt8]) throws(TileError) -> [ArraySlice<UInt8>] {
    var entries: [ArraySlice<UInt8>] = []
    var rest = bytes[...]
    while let high = rest.popFirst() {
      guard entries.count < Tile.fullWidth else {
        throw TileError(.malformedBundle, "A bundle has at most 256 entries.")
      }
      guard let low = rest.popFirst(), case let count = Int(high) << 8 | Int(low),
        count <= rest.count
      else {
        throw TileError(
          .malformedBundle, "The bundle ends inside entry \(entries.count), counted from 0.")
      }
      entries.append(rest.prefix(count))
      rest = rest.dropFirst(count)
    }
    return entries
  }
}
