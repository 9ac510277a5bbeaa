internal import Cryptography

/// Reads any node of a tree of a fixed size from its tiles, each tile once.
///
/// Nodes whose height is a multiple of 8 stand in a tile; those between are hashed from the tile
/// below.
struct NodeReader<Tiles: TileReader> {
  /// The number of leaves of the tree; what lies beyond is not read.
  let size: UInt64
  private let tiles: Tiles
  private var known: [Tile: [Digest]] = [:]

  init(size: UInt64, tiles: Tiles) {
    self.size = size
    self.tiles = tiles
  }

  /// The root over a range of leaves that begins where a subtree may begin: at a multiple of the
  /// smallest power of two that is not below the range's length.
  mutating func root(of range: Range<UInt64>) throws -> Digest {
    var nodes = try perfectNodes(of: range)
    guard var root = nodes.popLast() else { return MerkleTree.emptyRoot }
    while let node = nodes.popLast() { root = MerkleTree.nodeHash(node, root) }
    return root
  }

  /// The roots of the perfect subtrees the range is made of, largest first.
  mutating func perfectNodes(of range: Range<UInt64>) throws -> [Digest] {
    var nodes: [Digest] = []
    var start = range.lowerBound
    while start < range.upperBound {
      let height = 63 - (range.upperBound - start).leadingZeroBitCount
      nodes.append(try node(height: height, index: start >> UInt64(height)))
      start += 1 << UInt64(height)
    }
    return nodes
  }

  /// The node that covers the 2^height leaves from `index << height`, all within the tree.
  mutating func node(height: Int, index: UInt64) throws -> Digest {
    let (level, above) = height.quotientAndRemainder(dividingBy: Tile.height)
    let first = index << UInt64(above)
    let (tileIndex, offset) = first.quotientAndRemainder(dividingBy: UInt64(Tile.fullWidth))
    let hashes = try self.hashes(level: level, index: tileIndex)
    let end = Int(offset) + 1 << above
    guard end <= hashes.count else {
      throw TileError(.wrongWidth, "A tree of size \(size) has no node \(index) at \(height).")
    }
    return Self.reduce(hashes[Int(offset)..<end])
  }

  private mutating func hashes(level: Int, index: UInt64) throws -> [Digest] {
    guard let tile = Tile(level: level, index: index, inTreeOfSize: size) else {
      throw TileError(.wrongWidth, "A tree of size \(size) has no tile \(index) at \(level).")
    }
    if let hashes = known[tile] { return hashes }
    let hashes = try tiles.tile(tile)
    guard hashes.count >= tile.width else {
      throw TileError(
        .wrongWidth, "\(tile.path) has \(tile.width) hashes, the reader gave \(hashes.count).")
    }
    let used = Array(hashes.prefix(tile.width))
    known[tile] = used
    return used
  }

  /// The root over 2^k hashes.
  private static func reduce(_ hashes: ArraySlice<Digest>) -> Digest {
    var row = Array(hashes)
    while row.count > 1 {
      row = stride(from: 0, to: row.count, by: 2).map { MerkleTree.nodeHash(row[$0], row[$0 + 1]) }
    }
    return row[0]
  }
}
