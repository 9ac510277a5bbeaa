public import Cryptography

/// Computes which tiles change as a tree grows.
///
/// It holds the partial tiles of the right edge, at most 255 hashes for each level, and nothing
/// else of the tree: an append costs the same whether the tree has ten leaves or ten million. A
/// store keeps full tiles once and overwrites the partial ones in place.
///
/// ```swift
/// var appender = try TileAppender(size: head.size, edge: edge)
/// for leaf in leaves { appender.append(leaf) }
/// for (tile, hashes) in appender.drain() { store(tile, hashes) }
/// ```
public struct TileAppender: Sendable {
  /// Full tiles since the last drain.
  private var completed: [(tile: Tile, hashes: [Digest])] = []
  /// The partial tile of each level; may be empty.
  private var edgeHashes: [[Digest]] = []
  /// Levels whose partial tile has changed since the last drain.
  private var changed: Set<Int> = []
  private var frontier = Frontier()

  /// The appender of an empty tree.
  public init() {}

  /// Goes on from a tree of `size` leaves, given the hashes of its partial tiles by level.
  ///
  /// `Tile.edgeTiles(ofSize:)` says which they are. Throws `wrongEdge` if a level is missing, or
  /// has a number of hashes that a tree of this size does not have. The first ``root`` shows
  /// whether the hashes are the right ones.
  public init(size: UInt64, edge: [Int: [Digest]]) throws(TileError) {
    var peaks: [[Digest]] = []
    let tiles = Tile.edgeTiles(ofSize: size)
    guard Set(edge.filter { !$0.value.isEmpty }.keys) == Set(tiles.map(\.level)) else {
      throw TileError(
        .wrongEdge, "A tree of size \(size) has partial tiles at levels \(tiles.map(\.level)).")
    }
    for tile in tiles {
      let hashes = edge[tile.level] ?? []
      guard hashes.count == tile.width else {
        throw TileError(.wrongEdge, "\(tile.path) has \(tile.width) hashes, not \(hashes.count).")
      }
      while edgeHashes.count < tile.level { edgeHashes.append([]) }
      edgeHashes.append(hashes)
      var part = Frontier()
      for hash in hashes { part.append(hash) }
      peaks.append(part.nodes)
    }
    guard let frontier = Frontier(size: size, nodes: Array(peaks.reversed().joined())) else {
      throw TileError(.wrongEdge, "The partial tiles are not those of a tree of size \(size).")
    }
    self.frontier = frontier
  }

  /// How many leaves the tree has.
  public var size: UInt64 { frontier.size }

  /// The root of the tree. O(log n) hashes.
  public var root: Digest { frontier.root }

  /// The hashes of the partial tiles, by level; levels without one are absent.
  public var edge: [Int: [Digest]] {
    var edge: [Int: [Digest]] = [:]
    for (level, hashes) in edgeHashes.enumerated() where !hashes.isEmpty { edge[level] = hashes }
    return edge
  }

  /// Adds one leaf hash.
  public mutating func append(_ leaf: Digest) {
    var nodes: [(level: Int, node: Digest)] = []
    frontier.append(leaf) { height, node in
      if height % Tile.height == 0 { nodes.append((height / Tile.height, node)) }
    }
    for (level, node) in nodes { append(node, level: level) }
  }

  /// The tiles that changed since the last call: full ones, each once, and the partial ones as they
  /// are now. By level, then index.
  public mutating func drain() -> [(tile: Tile, hashes: [Digest])] {
    var tiles = completed
    for level in changed where !edgeHashes[level].isEmpty {
      let index = size >> UInt64((level + 1) * Tile.height)
      let hashes = edgeHashes[level]
      tiles.append((Tile(level: level, index: index, width: hashes.count), hashes))
    }
    completed = []
    changed = []
    return tiles.sorted { ($0.tile.level, $0.tile.index) < ($1.tile.level, $1.tile.index) }
  }

  /// Adds a node to the edge of its level, and sends the tile off when that fills it.
  private mutating func append(_ node: Digest, level: Int) {
    while edgeHashes.count <= level { edgeHashes.append([]) }
    edgeHashes[level].append(node)
    changed.insert(level)
    guard edgeHashes[level].count == Tile.fullWidth else { return }
    let index = (size >> UInt64((level + 1) * Tile.height)) - 1
    completed.append((Tile(level: level, index: index), edgeHashes[level]))
    edgeHashes[level] = []
  }
}
