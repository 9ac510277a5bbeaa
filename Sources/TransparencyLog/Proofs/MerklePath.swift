internal import Cryptography

/// The one path algorithm under all four kinds of proof.
///
/// A subtree [start, end) is a range of leaves of which the tree hash is an inner node of some
/// tree: start is a multiple of the smallest power of two not below its length. An inclusion proof
/// is the path of the subtree [i, i+1), a consistency proof that of [0, oldSize), and the two
/// subtree proofs are these inside another range. Making follows the recursion of RFC 6962 §2.1.1
/// and §2.1.2, checking the loop of RFC 9162 §2.1.4.2 with a start other than 0.
enum MerklePath {
  /// Whether the range is a subtree. Empty ranges are.
  static func isSubtree(start: UInt64, end: UInt64) -> Bool {
    guard start <= end else { return false }
    let length = end - start
    guard length > 1 else { return true }
    let heightOfPower = UInt64(64 - (length - 1).leadingZeroBitCount)
    // With a length above 2^63 the power is 2^64, of which 0 is the only multiple here.
    guard heightOfPower < 64 else { return start == 0 }
    return start & ((1 << heightOfPower) - 1) == 0
  }

  /// The path from the subtree `inner` to the root of the range `outer`, lowest hash first.
  ///
  /// Where `inner` is not itself a node of the larger tree (its right side would go on growing),
  /// the path begins with the largest node it ends in, from which both roots are rebuilt.
  static func make<Tiles: TileReader>(
    from inner: Range<UInt64>, in outer: Range<UInt64>, nodes: inout NodeReader<Tiles>
  ) throws -> [Digest] {
    var path: [Digest] = []
    var inner = inner
    var outer = outer
    var innerIsKnown = true
    while inner != outer {
      let length = outer.upperBound - outer.lowerBound
      let middle = outer.lowerBound + 1 << UInt64(63 - (length - 1).leadingZeroBitCount)
      if inner.upperBound <= middle {
        path.append(try nodes.root(of: middle..<outer.upperBound))
        outer = outer.lowerBound..<middle
      } else {
        path.append(try nodes.root(of: outer.lowerBound..<middle))
        if inner.lowerBound < middle {
          innerIsKnown = false
          inner = middle..<inner.upperBound
        }
        outer = middle..<outer.upperBound
      }
    }
    if !innerIsKnown { path.append(try nodes.root(of: inner)) }
    return path.reversed()
  }

  /// Checks that `path` leads from `hash`, the tree hash of [start, end), to `root`, that of the
  /// whole tree of `size` leaves. The range must not be empty.
  static func check(
    _ path: [Digest], start: UInt64, end: UInt64, size: UInt64, hash: Digest, root: Digest
  ) throws(ProofError) {
    assert(isSubtree(start: start, end: end))
    guard start < end, end <= size else {
      throw ProofError(
        .outOfRange, "A tree of size \(size) has no subtree from \(start) to \(end).")
    }
    // At the current height: the node of the subtree's first leaf, its last, the tree's last.
    var first = start
    var last = end - 1
    var treeLast = size - 1
    func ascend(_ heights: Int) {
      first >>= UInt64(heights)
      last >>= UInt64(heights)
      treeLast >>= UInt64(heights)
    }
    if last == treeLast {
      while first != last { ascend(1) }
    } else {
      while first != last, last & 1 == 1 { ascend(1) }
    }
    var rest = path[...]
    var lower = hash
    if first != last {
      guard let node = rest.popFirst() else { throw tooShort() }
      lower = node
    }
    var upper = lower
    while let node = rest.popFirst() {
      guard treeLast != 0 else {
        throw ProofError(.wrongLength, "The proof has more hashes than the tree has levels.")
      }
      if last & 1 == 1 || last == treeLast {
        if first < last { lower = MerkleTree.nodeHash(node, lower) }
        upper = MerkleTree.nodeHash(node, upper)
        while last & 1 == 0, last != 0 { ascend(1) }
      } else {
        upper = MerkleTree.nodeHash(upper, node)
      }
      ascend(1)
    }
    guard treeLast == 0 else { throw tooShort() }
    guard lower == hash else {
      throw ProofError(.wrongStart, "The proof starts from another hash than the one given.")
    }
    guard upper == root else {
      throw ProofError(.wrongRoot, "The proof leads to another root than the one given.")
    }
  }

  private static func tooShort() -> ProofError {
    ProofError(.wrongLength, "The proof has fewer hashes than the tree needs.")
  }
}
