internal import Cryptography
internal import TransparencyLog

extension Receipt {
  /// Makes the receipt of an entry against the newest released checkpoint, at any time.
  ///
  /// Reads the entry, O(log n) tiles, and the openings of its seals; nothing is written. Before it
  /// is returned it has been checked the way its owner will.
  ///
  /// - Throws: `LedgerError` of code ``LedgerError/Code/noEntry`` if the entry is not in the
  ///   released log, of code ``LedgerError/Code/damaged`` if the stored tiles do not prove it.
  public static func make(of index: UInt64, in store: any TruthStore) throws -> Receipt {
    guard let checkpoint = try store.publishedCheckpoint(), index < checkpoint.checkpoint.size,
      let leaf = try store.entry(index)
    else {
      throw LedgerError(.noEntry, "The ledger has no released entry \(index).")
    }
    let entry = try Entry(leaf)
    let size = checkpoint.checkpoint.size
    let tiles = StoreTiles(store)
    let inclusion = try InclusionProof.make(index: index, size: size, from: tiles)
    let seen = entry.submission.seen
    let consistency =
      seen.size == 0
      ? nil : try ConsistencyProof.make(oldSize: seen.size, newSize: size, from: tiles)
    do throws(ProofError) {
      try inclusion.check(leaf: entry.leafHash, root: checkpoint.checkpoint.root)
      try consistency?.check(oldRoot: seen.root, newRoot: checkpoint.checkpoint.root)
    } catch {
      throw LedgerError(
        .damaged, "The stored tiles do not prove entry \(index): \(error.message)",
        hint: "Run `onus audit` to see what else is wrong.")
    }
    var stored: Set<Digest> = []
    for seal in entry.submission.seals where try store.opening(seal.commitment) != nil {
      stored.insert(seal.commitment)
    }
    let proof = TransparencyProof(
      extra: Array(entry.headerBytes), index: index, path: inclusion.path, checkpoint: checkpoint)
    return Receipt(proof: proof, consistency: consistency, stored: stored.sorted())
  }
}
