import Cryptography
import Testing
import TransparencyLog

/// A tree in which all leaves are equal: a node depends on its height alone, so that trees of any
/// size can be read without being stored.
struct UniformTiles: TileReader {
  /// The perfect node of each height.
  let perfect: [Digest]

  init(leaf: Digest) {
    var perfect = [leaf]
    for height in 0..<63 {
      perfect.append(MerkleTree.nodeHash(perfect[height], perfect[height]))
    }
    self.perfect = perfect
  }

  func tile(_ tile: Tile) throws -> [Digest] {
    Array(repeating: perfect[8 * tile.level], count: tile.width)
  }

  func frontier(_ size: UInt64) throws -> Frontier {
    let heights = (0...63).reversed().filter { size >> UInt64($0) & 1 == 1 }
    return try #require(Frontier(size: size, nodes: heights.map { perfect[$0] }))
  }
}

@Suite struct `A tree of up to 2^63 leaves` {
  static let leaf = MerkleTree.leafHash([])
  static let tiles = UniformTiles(leaf: leaf)

  static func sizes(_ generator: inout SeededGenerator) -> [UInt64] {
    let edges: [UInt64] = [
      1 << 40, (1 << 40) - 1, (1 << 40) + 1, 1 << 56, (1 << 56) + 255, 1 << 62, (1 << 63) - 1,
    ]
    return edges + (0..<40).map { _ in UInt64.random(in: 1..<1 << 63, using: &generator) >> 3 }
      + (0..<20).map { _ in UInt64.random(in: 1..<1 << 63, using: &generator) }
  }

  @Test func `has the root its frontier says, and proofs that hold`() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SeededGenerator(seed: seed)
    for size in Self.sizes(&generator) {
      let root = try Self.tiles.frontier(size).root
      #expect(try MerkleTree.root(ofSize: size, from: Self.tiles) == root, "seed \(seed)")
      for index in [0, size / 3, size - 1, UInt64.random(in: 0..<size, using: &generator)] {
        let proof = try InclusionProof.make(index: index, size: size, from: Self.tiles)
        try proof.check(leaf: Self.leaf, root: root)
        #expect(proof.path.count <= 63)
        let old = max(index, 1)
        let consistency = try ConsistencyProof.make(oldSize: old, newSize: size, from: Self.tiles)
        try consistency.check(oldRoot: try Self.tiles.frontier(old).root, newRoot: root)
        #expect(try ConsistencyProof(consistency.bytes) == consistency)
      }
    }
  }

  @Test func `grows from its edge alone`() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SeededGenerator(seed: seed)
    for size in Self.sizes(&generator) {
      var edge: [Int: [Digest]] = [:]
      for tile in Tile.edgeTiles(ofSize: size) {
        edge[tile.level] = try Self.tiles.tile(tile)
      }
      var appender = try TileAppender(size: size, edge: edge)
      #expect(appender.root == (try Self.tiles.frontier(size).root), "seed \(seed)")
      for _ in 0..<300 { appender.append(Self.leaf) }
      let newSize = size + 300
      #expect(appender.root == (try Self.tiles.frontier(newSize).root), "seed \(seed)")
      let changed = appender.drain()
      #expect(changed.count <= 12)
      for (tile, hashes) in changed {
        #expect(Tile(level: tile.level, index: tile.index, inTreeOfSize: newSize) == tile)
        #expect(try Self.tiles.tile(tile) == hashes)
      }
    }
  }
}

@Suite struct `A reader of tiles` {
  /// Answers with one hash too few.
  struct ShortTiles: TileReader {
    let tiles: MemoryTiles
    func tile(_ tile: Tile) throws -> [Digest] {
      Array(try tiles.tile(tile).prefix(tile.width - 1))
    }
  }

  struct Offline: Error {}

  struct OfflineTiles: TileReader {
    func tile(_ tile: Tile) throws -> [Digest] { throw Offline() }
  }

  @Test func `that answers with too few hashes is found out`() {
    let tiles = ShortTiles(tiles: MemoryTiles(leaves: leafHashes(300)))
    let error = #expect(throws: TileError.self) {
      try InclusionProof.make(index: 3, size: 300, from: tiles)
    }
    #expect(error?.code == .wrongWidth)
  }

  @Test func `that answers with more is cut to the size asked for`() throws {
    let leaves = leafHashes(300)
    let tiles = MemoryTiles(leaves: leaves)
    #expect(try tiles.tile(Tile(level: 0, index: 0, width: 7)).count == 256)
    #expect(try MerkleTree.root(ofSize: 7, from: tiles) == NaiveTree.root(leaves.prefix(7)))
  }

  @Test func `that fails passes its own error on`() {
    #expect(throws: Offline.self) { try MerkleTree.root(ofSize: 3, from: OfflineTiles()) }
    #expect(throws: Offline.self) {
      try ConsistencyProof.make(oldSize: 1, newSize: 3, from: OfflineTiles())
    }
  }

  @Test func `is not asked for anything in an empty tree`() throws {
    #expect(try MerkleTree.root(ofSize: 0, from: OfflineTiles()) == MerkleTree.emptyRoot)
    #expect(try MerkleTree.frontier(ofSize: 0, from: OfflineTiles()) == Frontier())
  }
}
