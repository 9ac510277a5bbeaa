internal import Accountability
public import Cryptography
internal import TransparencyLog

/// How much ``Writer/restore(entry:opening:)`` brought back.
public struct Restored: Hashable, Sendable {
  /// Entries.
  public let entryCount: UInt64
  /// Sealed contents in them.
  public let sealCount: Int
  /// Of those, the ones whose openings came back too.
  public let openingCount: Int
}

extension Writer {
  /// Brings a ledger that was rolled back up to the checkpoint its key has signed.
  ///
  /// The missing entries come from an export, verbatim, and are taken only if they lead to exactly
  /// the guard's root: so it does not matter who kept them. The checkpoint stored is the guard's
  /// own; nothing is signed. All of it is one transaction.
  ///
  /// - Parameters:
  ///   - entry: The leaf bytes at an index; `nil` where the source has none.
  ///   - opening: The opening of a commitment; `nil` where the source has none. One that does not
  ///     match is left out, as if it were not there: the audit counts it as missing.
  /// - Returns: How much was restored.
  /// - Throws: `LedgerError` of code ``LedgerError/Code/wrongRestore`` if an entry is missing or
  ///   the root is another; nothing was written then.
  @discardableResult
  public func restore(
    entry: (UInt64) throws -> [UInt8]?, opening: (Digest) throws -> Opening? = { _ in nil }
  ) throws -> Restored {
    try withGuard { held in
      guard let target = try held.read() else {
        throw LedgerError(.guardMissing, "There is no guard that says what to restore.")
      }
      let size = try store.head()?.size ?? 0
      guard size < target.checkpoint.size else {
        throw LedgerError(
          .wrongRestore, "Nothing is missing: the ledger has \(size) entries.",
          hint: "If its root is another, it is forked, and restoring does not mend that.")
      }
      let (batch, seals) = try makeRestoring(
        from: size, to: target, entry: entry, opening: opening)
      try stoppingOnError {
        try store.append(batch)
        try store.release(batch.checkpoint)
      }
      return Restored(
        entryCount: target.checkpoint.size - size, sealCount: seals,
        openingCount: batch.openings.count)
    }
  }

  private func makeRestoring(
    from size: UInt64, to target: SignedCheckpoint, entry: (UInt64) throws -> [UInt8]?,
    opening: (Digest) throws -> Opening?
  ) throws -> (batch: Batch, seals: Int) {
    var appender = try AppendSession.appender(at: size, of: store)
    var leaves: [[UInt8]] = []
    var openings: [StoredOpening] = []
    var seals = 0
    for index in size..<target.checkpoint.size {
      guard let leaf = try entry(index) else {
        throw LedgerError(
          .wrongRestore, "The export lacks entry \(index) of \(target.checkpoint.size).",
          hint: "Use an export that reaches to the guard's checkpoint.")
      }
      let parsed = try Entry(leaf)
      guard parsed.index == index, parsed.root == appender.root else {
        throw LedgerError(
          .wrongRestore, "Entry \(index) of the export does not follow on what is stored.",
          hint: "The export is of another history; the ledger was left as it is.")
      }
      appender.append(MerkleTree.leafHash(leaf))
      leaves.append(leaf)
      for seal in parsed.submission.seals {
        seals += 1
        guard let found = try opening(seal.commitment),
          (try? seal.check(found, by: parsed.submission.author.key)) != nil
        else { continue }
        openings.append(
          StoredOpening(commitment: seal.commitment, entry: index, opening: found))
      }
    }
    guard appender.root == target.checkpoint.root else {
      throw LedgerError(
        .wrongRestore,
        "The export's entries lead to another root than the guard's at size \(target.checkpoint.size).",
        hint: "The export is of another history; the ledger was left as it is.")
    }
    let batch = Batch(
      firstIndex: size, entries: leaves, tiles: appender.drain(), checkpoint: target.bytes,
      openings: openings)
    return (batch, seals)
  }
}
