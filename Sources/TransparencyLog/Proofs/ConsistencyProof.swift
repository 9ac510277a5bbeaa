public import Cryptography

/// Proof that a tree is an earlier one with leaves added on the right (RFC 6962 §2.1.2).
///
/// The earlier tree has at least one leaf: every tree extends the empty one, which needs no proof.
public struct ConsistencyProof: Hashable, Sendable {
  /// The number of leaves of the earlier tree, at least 1.
  public var oldSize: UInt64
  /// The number of leaves of the later tree.
  public var newSize: UInt64
  /// The hashes, lowest first; none when the sizes are equal.
  public var path: [Digest]

  /// A proof with these parts; nothing is checked.
  public init(oldSize: UInt64, newSize: UInt64, path: [Digest]) {
    self.oldSize = oldSize
    self.newSize = newSize
    self.path = path
  }

  /// Throws unless the tree with `newRoot` begins with all of the tree with `oldRoot`.
  public func check(oldRoot: Digest, newRoot: Digest) throws(ProofError) {
    try Self.requireSizes(oldSize, newSize)
    try MerklePath.check(
      path, start: 0, end: oldSize, size: newSize, hash: oldRoot, root: newRoot)
  }

  /// Makes a proof, reading O(log `newSize`) tiles of the tree of that size.
  ///
  /// Throws `ProofError.outOfRange` unless 1 ≤ `oldSize` ≤ `newSize`, and what the reader throws.
  public static func make(
    oldSize: UInt64, newSize: UInt64, from tiles: some TileReader
  ) throws -> ConsistencyProof {
    try requireSizes(oldSize, newSize)
    var nodes = NodeReader(size: newSize, tiles: tiles)
    let path = try MerklePath.make(from: 0..<oldSize, in: 0..<newSize, nodes: &nodes)
    return ConsistencyProof(oldSize: oldSize, newSize: newSize, path: path)
  }

  private static func requireSizes(_ old: UInt64, _ new: UInt64) throws(ProofError) {
    guard old >= 1, old <= new else {
      throw ProofError(
        .outOfRange, "A consistency proof is from a size of at least 1 to one not below it.")
    }
  }
}
