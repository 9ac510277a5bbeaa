internal import Cryptography
internal import TransparencyLog

/// The computed roots at the sizes that somebody has said something of.
struct RootsAtSizes {
  /// The sizes.
  let sizes: Set<UInt64>
  private var roots: [UInt64: Digest] = [0: MerkleTree.emptyRoot]

  init(_ sizes: some Sequence<UInt64>) { self.sizes = Set(sizes) }

  /// Takes in the computed roots before the entries from `first` on.
  mutating func take(_ newRoots: [Digest], from first: UInt64) {
    for size in sizes where size >= first && size - first < UInt64(newRoots.count) {
      roots[size] = newRoots[Int(size - first)]
    }
  }

  /// Takes in the root over all of it.
  mutating func take(_ ledger: AuditedLedger) { roots[ledger.size] = ledger.root }

  /// The root over the first `size` entries; `nil` where nobody was going to ask, or beyond the end.
  subscript(size: UInt64) -> Digest? { roots[size] }
}
