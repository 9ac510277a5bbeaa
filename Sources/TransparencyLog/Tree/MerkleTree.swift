public import Cryptography

/// The Merkle tree of RFC 6962 §2.1 over SHA-256: how leaves and nodes are hashed.
///
/// A node at height *h* and index *i* covers the 2^h leaves from `i << h`; leaves have height 0.
public enum MerkleTree {
  /// The root of the tree without leaves: SHA-256 of nothing.
  public static let emptyRoot = SHA256.hash([])

  /// The hash of a leaf: SHA-256 of 0x00 and the bytes.
  public static func leafHash(_ bytes: [UInt8]) -> Digest { SHA256.hash(prefix: 0, bytes) }

  /// The hash of a leaf: SHA-256 of 0x00 and the bytes.
  public static func leafHash(_ bytes: ArraySlice<UInt8>) -> Digest {
    SHA256.hash(prefix: 0, bytes)
  }

  /// The hash of an inner node: SHA-256 of 0x01 and its two children.
  public static func nodeHash(_ left: Digest, _ right: Digest) -> Digest {
    SHA256.hash(prefix: 1, left, right)
  }

  /// The root over all of these leaf hashes. O(n) hashes, O(log n) memory beside them.
  public static func root(of leaves: some Sequence<Digest>) -> Digest {
    var frontier = Frontier()
    for leaf in leaves { frontier.append(leaf) }
    return frontier.root
  }
}
