public import Cryptography

/// Where the hashes of a tree are read from.
///
/// Asked for a full tile, or for the partial tile that the right edge of a tree of the size in
/// question has: never for anything else.
public protocol TileReader {
  /// The hashes of `tile`, at least `tile.width` of them.
  ///
  /// A reader whose tree has grown since may hold the tile wider than it is asked for; it may
  /// answer with all it has, the first `tile.width` are used.
  func tile(_ tile: Tile) throws -> [Digest]
}

/// The tiles of a tree in memory, for tests and small logs.
public struct MemoryTiles: TileReader, Sendable {
  private struct Place: Hashable {
    var level: Int
    var index: UInt64
  }

  private var hashes: [Place: [Digest]] = [:]

  /// No tiles.
  public init() {}

  /// All tiles of the tree with these leaf hashes.
  public init(leaves: some Sequence<Digest>) {
    var appender = TileAppender()
    for leaf in leaves { appender.append(leaf) }
    store(appender.drain())
  }

  /// Keeps tiles, each in the place of an earlier one with the same level and index.
  public mutating func store(_ tiles: [(tile: Tile, hashes: [Digest])]) {
    for (tile, hashes) in tiles {
      self.hashes[Place(level: tile.level, index: tile.index)] = hashes
    }
  }

  /// The tile as it was last stored; throws `missingTile` if there is none.
  public func tile(_ tile: Tile) throws -> [Digest] {
    guard let hashes = hashes[Place(level: tile.level, index: tile.index)] else {
      throw TileError(.missingTile, "There is no tile \(tile.path).")
    }
    return hashes
  }
}

extension MerkleTree {
  /// The root over the first `size` leaves of the tree that `tiles` holds.
  ///
  /// Reads at most one tile for each 8 levels. Throws what the reader throws, and `wrongWidth` if
  /// it answers with too few hashes.
  public static func root(ofSize size: UInt64, from tiles: some TileReader) throws -> Digest {
    var nodes = NodeReader(size: size, tiles: tiles)
    return try nodes.root(of: 0..<size)
  }

  /// The frontier of the first `size` leaves of the tree that `tiles` holds.
  public static func frontier(
    ofSize size: UInt64, from tiles: some TileReader
  ) throws -> Frontier {
    var nodes = NodeReader(size: size, tiles: tiles)
    return Frontier(size: size, perfect: try nodes.perfectNodes(of: 0..<size))
  }
}
