import Cryptography
import Testing
import TransparencyLog

@Suite struct `A tile appender` {
  /// The tiles of a tree, each from the definition: the roots of its ranges.
  static func expected(_ leaves: [Digest]) -> [Tile: [Digest]] {
    var tiles: [Tile: [Digest]] = [:]
    for tile in Tile.tiles(forSize: UInt64(leaves.count)) {
      let span = 1 << (8 * tile.level)
      let first = Int(tile.index) * 256
      tiles[tile] = (first..<first + tile.width).map {
        NaiveTree.root(leaves[$0 * span..<($0 + 1) * span])
      }
    }
    return tiles
  }

  static func edge(_ size: Int, _ tiles: MemoryTiles) throws -> [Int: [Digest]] {
    var edge: [Int: [Digest]] = [:]
    for tile in Tile.edgeTiles(ofSize: UInt64(size)) {
      edge[tile.level] = Array(try tiles.tile(tile).prefix(tile.width))
    }
    return edge
  }

  @Test func `makes the tiles that the definition gives`() {
    let leaves = leafHashes(1_000)
    for size in [0, 1, 255, 256, 257, 511, 512, 513, 1_000] {
      var appender = TileAppender()
      for leaf in leaves.prefix(size) { appender.append(leaf) }
      var made: [Tile: [Digest]] = [:]
      for (tile, hashes) in appender.drain() { made[tile] = hashes }
      #expect(made == Self.expected(Array(leaves.prefix(size))))
      #expect(appender.drain().isEmpty)
    }
  }

  @Test func `stopped and resumed at any batch leaves the same tiles`() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SeededGenerator(seed: seed)
    let leaves = leafHashes(1_300)
    var tiles = MemoryTiles()
    var size = 0
    var fullSeen: Set<Tile> = []
    while size < leaves.count {
      let next = min(leaves.count, size + Int.random(in: 1...90, using: &generator))
      var appender = try TileAppender(size: UInt64(size), edge: try Self.edge(size, tiles))
      #expect(appender.root == NaiveTree.root(leaves.prefix(size)), "seed \(seed)")
      for leaf in leaves[size..<next] { appender.append(leaf) }
      let changed = appender.drain()
      for (tile, hashes) in changed {
        #expect(hashes.count == tile.width)
        if tile.isFull { #expect(fullSeen.insert(tile).inserted, "seed \(seed)") }
      }
      tiles.store(changed)
      size = next
      #expect(appender.edge == (try Self.edge(size, tiles)), "seed \(seed)")
    }
    let whole = MemoryTiles(leaves: leaves)
    for tile in Tile.tiles(forSize: UInt64(size)) {
      #expect(try tiles.tile(tile) == whole.tile(tile), "seed \(seed)")
    }
    #expect(fullSeen.count == 5)
  }

  @Test func `changes at most one partial and few full tiles for each append`() throws {
    var appender = TileAppender()
    for leaf in leafHashes(65_535) { appender.append(leaf) }
    _ = appender.drain()
    appender.append(MerkleTree.leafHash([1]))
    #expect(
      appender.drain().map(\.tile) == [
        Tile(level: 0, index: 255), Tile(level: 1, index: 0), Tile(level: 2, index: 0, width: 1),
      ])
    appender.append(MerkleTree.leafHash([2]))
    #expect(appender.drain().map(\.tile) == [Tile(level: 0, index: 256, width: 1)])
    #expect(appender.edge.keys.sorted() == [0, 2])
  }

  @Test func `does not start from an edge of another size`() throws {
    let tiles = MemoryTiles(leaves: leafHashes(300))
    let edge = try Self.edge(300, tiles)
    #expect(try TileAppender(size: 300, edge: edge).size == 300)
    for size: UInt64 in [0, 1, 256, 299, 301, 556, 44] {
      #expect(throws: TileError.self) { try TileAppender(size: size, edge: edge) }
    }
    for level in [0, 1] {
      var cut = edge
      cut[level]?.removeLast()
      #expect(throws: TileError.self) { try TileAppender(size: 300, edge: cut) }
      cut[level] = nil
      #expect(throws: TileError.self) { try TileAppender(size: 300, edge: cut) }
    }
    #expect(throws: TileError.self) { try TileAppender(size: 0, edge: [0: leafHashes(1)]) }
    #expect(try TileAppender(size: 0, edge: [0: []]).root == MerkleTree.emptyRoot)
  }
}
