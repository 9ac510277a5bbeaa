internal import Cryptography
internal import TransparencyLog

/// The tree over the entries up to somewhere in one chunk, without hashing anything twice.
///
/// A chunk begins at a multiple of 256, so everything before it is a row of perfect subtrees at least
/// as large as the chunk: the root is theirs, folded over the root of the chunk's own entries.
struct ChunkTree {
  private let start: Frontier
  private var local = Frontier()

  /// The tree before the first entry of a chunk.
  init(start: Frontier) { self.start = start }

  /// Adds an entry of the chunk.
  mutating func append(_ leaf: Digest) { local.append(leaf) }

  /// The root over everything before the chunk and the entries added.
  var root: Digest {
    guard local.size > 0 else { return start.root }
    var root = local.root
    for node in start.nodes.reversed() { root = MerkleTree.nodeHash(node, root) }
    return root
  }

  /// The root over the entries added alone.
  var subtree: Digest { local.root }

  /// The frontier after them.
  var frontier: Frontier? {
    var nodes = start.nodes + local.nodes
    if local.size == UInt64(Tile.fullWidth) {
      // A full chunk is one node, and joins its left neighbours as a carry does.
      for _ in 0..<(~(start.size >> 8)).trailingZeroBitCount {
        let right = nodes.removeLast()
        nodes.append(MerkleTree.nodeHash(nodes.removeLast(), right))
      }
    }
    return Frontier(size: start.size + local.size, nodes: nodes)
  }
}
