public import Cryptography

/// A range of leaves [start, end) with a tree hash of its own inside a larger tree.
///
/// It is one if `start` is a multiple of the smallest power of two not below `end - start`
/// (draft-ietf-plants-merkle-tree-certs).
public struct Subtree: Hashable, Sendable {
  /// The first leaf.
  public let start: UInt64
  /// One past the last leaf.
  public let end: UInt64

  /// The range, or nil if it is no subtree. An empty range is one.
  public init?(start: UInt64, end: UInt64) {
    guard MerklePath.isSubtree(start: start, end: end) else { return nil }
    self.start = start
    self.end = end
  }
}

/// Proof that a leaf stands at an index of a subtree.
public struct SubtreeInclusionProof: Hashable, Sendable {
  /// The index of the leaf in the whole tree.
  public var index: UInt64
  /// The subtree it is in.
  public var subtree: Subtree
  /// The siblings, lowest first.
  public var path: [Digest]

  /// A proof with these parts; nothing is checked.
  public init(index: UInt64, subtree: Subtree, path: [Digest]) {
    self.index = index
    self.subtree = subtree
    self.path = path
  }

  /// Throws unless the proof leads from this leaf hash to the subtree's hash.
  public func check(leaf: Digest, root: Digest) throws(ProofError) {
    guard index >= subtree.start, index < subtree.end else {
      throw ProofError(
        .outOfRange, "Leaf \(index) is not between \(subtree.start) and \(subtree.end).")
    }
    let place = index - subtree.start
    try InclusionProof(index: place, size: subtree.end - subtree.start, path: path)
      .check(leaf: leaf, root: root)
  }

  /// Makes a proof, reading O(log `size`) tiles of the tree of that size.
  public static func make(
    index: UInt64, subtree: Subtree, size: UInt64, from tiles: some TileReader
  ) throws -> SubtreeInclusionProof {
    guard index >= subtree.start, index < subtree.end, subtree.end <= size else {
      throw ProofError(
        .outOfRange, "Leaf \(index) is not in the subtree, or that not in a tree of \(size).")
    }
    var nodes = NodeReader(size: size, tiles: tiles)
    let path = try MerklePath.make(
      from: index..<index + 1, in: subtree.start..<subtree.end, nodes: &nodes)
    return SubtreeInclusionProof(index: index, subtree: subtree, path: path)
  }
}

/// Proof that a tree contains a subtree with a given hash.
public struct SubtreeConsistencyProof: Hashable, Sendable {
  /// The subtree.
  public var subtree: Subtree
  /// The number of leaves of the whole tree.
  public var size: UInt64
  /// The hashes, lowest first.
  public var path: [Digest]

  /// A proof with these parts; nothing is checked.
  public init(subtree: Subtree, size: UInt64, path: [Digest]) {
    self.subtree = subtree
    self.size = size
    self.path = path
  }

  /// Throws unless the tree with `root` contains the subtree with this hash.
  ///
  /// An empty subtree is in every tree that reaches to its start: its hash is the empty root and
  /// its proof has no hashes, whatever `root` is.
  public func check(subtreeRoot: Digest, root: Digest) throws(ProofError) {
    if subtree.start == subtree.end {
      guard subtree.end <= size, path.isEmpty, subtreeRoot == MerkleTree.emptyRoot else {
        throw ProofError(
          .outOfRange, "An empty subtree lies within the tree and has the empty root and no proof.")
      }
      return
    }
    try MerklePath.check(
      path, start: subtree.start, end: subtree.end, size: size, hash: subtreeRoot, root: root)
  }

  /// Makes a proof, reading O(log `size`) tiles of the tree of that size.
  public static func make(
    subtree: Subtree, size: UInt64, from tiles: some TileReader
  ) throws -> SubtreeConsistencyProof {
    guard subtree.end <= size else {
      throw ProofError(.outOfRange, "A tree of size \(size) does not reach to \(subtree.end).")
    }
    guard subtree.start < subtree.end else {
      return SubtreeConsistencyProof(subtree: subtree, size: size, path: [])
    }
    var nodes = NodeReader(size: size, tiles: tiles)
    let path = try MerklePath.make(
      from: subtree.start..<subtree.end, in: 0..<size, nodes: &nodes)
    return SubtreeConsistencyProof(subtree: subtree, size: size, path: path)
  }
}
