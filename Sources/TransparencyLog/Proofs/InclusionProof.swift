public import Cryptography

/// Proof that a leaf stands at an index of a tree of a given size (RFC 6962 §2.1.1).
///
/// The path holds the siblings on the way from the leaf to the root, the lowest first: at most 63.
public struct InclusionProof: Hashable, Sendable {
  /// The index of the leaf, from 0.
  public var index: UInt64
  /// The number of leaves of the tree.
  public var size: UInt64
  /// The siblings, lowest first.
  public var path: [Digest]

  /// A proof with these parts; nothing is checked.
  public init(index: UInt64, size: UInt64, path: [Digest]) {
    self.index = index
    self.size = size
    self.path = path
  }

  /// Throws unless the proof leads from this leaf hash to this root, with no hash too many.
  public func check(leaf: Digest, root: Digest) throws(ProofError) {
    guard index < size else {
      throw ProofError(.outOfRange, "A tree of size \(size) has no leaf \(index).")
    }
    try MerklePath.check(
      path, start: index, end: index + 1, size: size, hash: leaf, root: root)
  }

  /// The root over the leaves before this one, which the path implies: its siblings to the left are the
  /// perfect subtrees that those leaves make up. It is theirs if ``check(leaf:root:)`` passes.
  public var rootBefore: Digest {
    var root: Digest?
    var (index, last) = (index, size - min(size, 1))
    for sibling in path {
      if index & 1 == 1 || index == last {
        root = root.map { MerkleTree.nodeHash(sibling, $0) } ?? sibling
        // At the right edge the node moves up unpaired until it is a right child.
        while index & 1 == 0, index != 0 { (index, last) = (index >> 1, last >> 1) }
      }
      (index, last) = (index >> 1, last >> 1)
    }
    return root ?? MerkleTree.emptyRoot
  }

  /// Makes a proof, reading O(log `size`) tiles of the tree of that size.
  ///
  /// Throws `ProofError.outOfRange` unless `index` < `size`, and what the reader throws.
  public static func make(
    index: UInt64, size: UInt64, from tiles: some TileReader
  ) throws -> InclusionProof {
    guard index < size else {
      throw ProofError(.outOfRange, "A tree of size \(size) has no leaf \(index).")
    }
    var nodes = NodeReader(size: size, tiles: tiles)
    let path = try MerklePath.make(from: index..<index + 1, in: 0..<size, nodes: &nodes)
    return InclusionProof(index: index, size: size, path: path)
  }
}
