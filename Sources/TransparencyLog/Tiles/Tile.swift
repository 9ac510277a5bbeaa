public import Cryptography

/// A row of up to 256 neighbouring hashes of the tree (c2sp.org/tlog-tiles).
///
/// Level 0 holds leaf hashes; every hash of level *l* is the root of a full tile of level *l* − 1,
/// so hash *i* of the tile with index *n* is the node of height 8*l* and index 256*n* + *i*. A tile
/// of width 256 is full and never changes; a narrower one lies at the right edge of a tree.
public struct Tile: Hashable, Sendable {
  /// The width of a full tile.
  public static let fullWidth = 256
  /// How many levels of the tree one level of tiles spans.
  static let height = 8
  /// The highest level a tree of 2^63 leaves has is 7; the specification allows up to 63.
  static let maximumLevel = 63

  /// The level, from 0 for leaf hashes.
  public let level: Int
  /// The place in its level, from 0.
  public let index: UInt64
  /// How many hashes it has, 1 to 256.
  public let width: Int

  /// A tile; traps unless the level is 0 to 63 and the width 1 to 256.
  public init(level: Int, index: UInt64, width: Int = Tile.fullWidth) {
    precondition((0...Self.maximumLevel).contains(level) && (1...Self.fullWidth).contains(width))
    self.level = level
    self.index = index
    self.width = width
  }

  /// Tile `index` of `level` as a tree of `size` leaves has it; nil if it has none there.
  public init?(level: Int, index: UInt64, inTreeOfSize size: UInt64) {
    guard (0...Self.maximumLevel).contains(level), index >> 56 == 0 else { return nil }
    let hashes = size >> UInt64(level * Self.height)
    let before = index * UInt64(Self.fullWidth)
    guard hashes > before else { return nil }
    let width = min(hashes - before, UInt64(Self.fullWidth))
    self.init(level: level, index: index, width: Int(width))
  }

  /// Whether it has all 256 hashes and so never changes.
  public var isFull: Bool { width == Self.fullWidth }

  /// Every tile of a tree of `size` leaves, full and partial, lowest level first.
  ///
  /// There are about `size` / 255 of them, made one by one: a size that somebody made up costs
  /// nothing before the first tile is found missing.
  public static func tiles(forSize size: UInt64) -> some Sequence<Tile> {
    sequence(state: Tile(level: 0, index: 0, inTreeOfSize: size)) { next in
      defer {
        next = next.flatMap {
          Tile(level: $0.level, index: $0.index + 1, inTreeOfSize: size)
            ?? Tile(level: $0.level + 1, index: 0, inTreeOfSize: size)
        }
      }
      return next
    }
  }

  /// The partial tiles of a tree of `size` leaves, at most one for each level, lowest level first.
  public static func edgeTiles(ofSize size: UInt64) -> [Tile] {
    (0..<8).compactMap { level in
      let hashes = size >> UInt64(level * height)
      let width = Int(hashes % UInt64(fullWidth))
      guard width > 0 else { return nil }
      return Tile(level: level, index: hashes / UInt64(fullWidth), width: width)
    }
  }

  /// The bytes of a tile: its hashes, one after another.
  public static func encode(_ hashes: [Digest]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(hashes.count * Digest.byteCount)
    for hash in hashes { hash.append(to: &bytes) }
    return bytes
  }

  /// The hashes of this tile from its bytes, of which there must be exactly 32 × `width`.
  public func decode(_ bytes: [UInt8]) throws(TileError) -> [Digest] {
    guard bytes.count == width * Digest.byteCount else {
      throw TileError(
        .wrongWidth, "\(path) has \(width * Digest.byteCount) bytes, not \(bytes.count).")
    }
    return (0..<width).compactMap { Digest(bytes[$0 * 32..<$0 * 32 + 32]) }
  }
}
