public import Cryptography

/// The right edge of a growing tree: the roots of its perfect subtrees, from which its root
/// follows.
///
/// A tree of *n* leaves is a row of perfect subtrees, one for every 1 bit of *n*, the largest
/// first. Their roots are all that is needed to append and to know the new root: O(log n) state,
/// O(1) hashes per append on average and O(log n) for a root.
public struct Frontier: Hashable, Sendable {
  /// How many leaves there are.
  public private(set) var size: UInt64
  /// The roots of the perfect subtrees from left to right, as many as `size` has 1 bits.
  public private(set) var nodes: [Digest]

  /// The frontier of the empty tree.
  public init() {
    size = 0
    nodes = []
  }

  /// A frontier kept from before; nil unless there are as many nodes as `size` has 1 bits.
  ///
  /// Whether the nodes are those of the tree one means shows only in the root.
  public init?(size: UInt64, nodes: [Digest]) {
    guard nodes.count == size.nonzeroBitCount else { return nil }
    self.size = size
    self.nodes = nodes
  }

  /// A frontier of nodes known to be as many as `size` has 1 bits.
  init(size: UInt64, perfect nodes: [Digest]) {
    assert(nodes.count == size.nonzeroBitCount)
    self.size = size
    self.nodes = nodes
  }

  /// Adds one leaf hash on the right.
  public mutating func append(_ leaf: Digest) {
    append(leaf) { _, _ in }
  }

  /// The root of the tree.
  public var root: Digest {
    guard var root = nodes.last else { return MerkleTree.emptyRoot }
    for node in nodes.dropLast().reversed() { root = MerkleTree.nodeHash(node, root) }
    return root
  }

  /// Adds one leaf hash and reports every node the append completes, from the leaf upwards, with
  /// its height: the nodes that will never change again.
  mutating func append(_ leaf: Digest, completed: (_ height: Int, _ node: Digest) -> Void) {
    var node = leaf
    var height = 0
    completed(height, node)
    while size & (1 << UInt64(height)) != 0 {
      node = MerkleTree.nodeHash(nodes.removeLast(), node)
      height += 1
      completed(height, node)
    }
    nodes.append(node)
    size += 1
  }
}
