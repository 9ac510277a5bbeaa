internal import Cryptography

/// One of the files that a log of some size consists of beside its checkpoint
/// (c2sp.org/tlog-tiles), and how long it can be.
public struct TreeFile: Hashable, Sendable {
  /// Where it lies below the root of the log.
  public let path: String
  /// The most bytes it can have; of a tile exactly as many.
  public let maximumByteCount: Int
  /// Whether it never changes, whatever is appended.
  public let isFull: Bool

  /// The tile itself.
  init(_ tile: Tile) {
    path = tile.path
    maximumByteCount = tile.width * Digest.byteCount
    isFull = tile.isFull
  }

  /// The bundle of the entries under a tile of level 0.
  init(entriesOf tile: Tile) {
    path = EntryBundle.path(index: tile.index, width: tile.width)
    maximumByteCount = tile.width * (2 + EntryBundle.maximumEntryByteCount)
    isFull = tile.isFull
  }

  /// Every file of a log of `size` entries: tiles, lowest level first, then bundles. Made one by one,
  /// so a size that somebody made up costs nothing before the first file is found missing.
  public static func files(ofSize size: UInt64) -> some Sequence<TreeFile> {
    let tiles = Tile.tiles(forSize: size).lazy.map { TreeFile($0) }
    let bundles = Tile.tiles(forSize: size).lazy.prefix { $0.level == 0 }
      .map { TreeFile(entriesOf: $0) }
    return [AnySequence(tiles), AnySequence(bundles)].lazy.joined()
  }

  /// The files that a larger log need not have.
  public static func edges(ofSize size: UInt64) -> [TreeFile] {
    Tile.edgeTiles(ofSize: size).flatMap { tile in
      tile.level == 0 ? [TreeFile(tile), TreeFile(entriesOf: tile)] : [TreeFile(tile)]
    }
  }
}
