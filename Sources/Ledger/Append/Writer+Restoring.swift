internal import Accountability
public import Cryptography
internal import TransparencyLog

/// What ``Writer/restore(entry:opening:)`` brought back, and what is still missing.
public struct Restored: Hashable, Sendable {
  /// How many entries came back.
  public let entryCount: UInt64
  /// How many sealed contents came back, of those entries or of others.
  public let openingCount: Int
  /// How many sealed contents of the whole ledger are still not here.
  public let missingOpeningCount: Int
}

extension Writer {
  /// Brings a ledger that was rolled back up to the checkpoint its key has signed, and sealed contents
  /// that are not here back to their entries.
  ///
  /// The missing entries come from an export, verbatim, and are taken only if they lead to exactly
  /// the guard's root: so it does not matter who kept them. The checkpoint stored is the guard's
  /// own; nothing is signed. All entries are one transaction; contents follow it, and another run
  /// brings those that did not.
  ///
  /// - Parameters:
  ///   - entry: The leaf bytes at an index; `nil` where the source has none.
  ///   - opening: The opening of a commitment; `nil` where the source has none. One that does not
  ///     match is left out, as if it were not there: the audit counts it as missing.
  /// - Returns: How much was restored, which may be nothing.
  /// - Throws: `LedgerError` of code ``LedgerError/Code/wrongRestore`` if an entry is missing or
  ///   the root is another, ``LedgerError/Code/guardMissing`` without a guard,
  ///   ``LedgerError/Code/damaged`` if an entry cannot be read; what had come back by then stays, and
  ///   another run goes on. Reads every entry.
  @discardableResult
  public func restore(
    entry: (UInt64) throws -> [UInt8]?, opening: (Digest) throws -> Opening? = { _ in nil }
  ) throws -> Restored {
    try withGuard { held in
      guard let target = try held.read() else {
        throw LedgerError(.guardMissing, "There is no guard that says what to restore.")
      }
      let size = try store.head()?.size ?? 0
      if size < target.checkpoint.size {
        let batch = try makeRestoring(from: size, to: target, entry: entry)
        try stoppingOnError {
          try store.append(batch)
          try store.release(batch.checkpoint)
        }
      } else {
        try requireHistory(of: target)
      }
      let restored = try restoreOpenings(before: max(size, target.checkpoint.size), opening)
      return Restored(
        entryCount: max(size, target.checkpoint.size) - size, openingCount: restored.found,
        missingOpeningCount: restored.missing)
    }
  }

  /// Refuses to mend a ledger that is another than the one its key has signed.
  private func requireHistory(of target: SignedCheckpoint) throws {
    let root = try MerkleTree.root(ofSize: target.checkpoint.size, from: StoreTiles(store))
    guard root == target.checkpoint.root else {
      throw LedgerError(
        .wrongRestore,
        "No entry is missing, and the first \(target.checkpoint.size) are not those that the log key has signed.",
        hint:
          "The ledger is forked, and restoring does not mend that: audit it and keep it as it is.")
    }
  }

  /// Goes through the seals of every entry and brings what is not here, some entries at a time.
  private func restoreOpenings(
    before size: UInt64, _ opening: (Digest) throws -> Opening?
  ) throws -> (found: Int, missing: Int) {
    var found: [Digest: StoredOpening] = [:]
    var foundCount = 0
    var byteCount = 0
    var missing: Set<Digest> = []
    func flush() throws {
      try store.addOpenings(found.values.sorted { $0.entry < $1.entry })
      foundCount += found.count
      found = [:]
      byteCount = 0
    }
    for index in 0..<size {
      guard let leaf = try store.entry(index) else {
        throw LedgerError(
          .damaged, "Entry \(index) is missing.",
          hint: "Run `onus audit` to see what else is wrong.")
      }
      let submission = try Entry(leaf).submission
      for seal in submission.seals where found[seal.commitment] == nil {
        guard try store.opening(seal.commitment) == nil else { continue }
        guard let brought = try opening(seal.commitment),
          (try? seal.check(brought, by: submission.author.key)) != nil
        else {
          missing.insert(seal.commitment)
          continue
        }
        missing.remove(seal.commitment)
        found[seal.commitment] = StoredOpening(
          commitment: seal.commitment, entry: index, opening: brought)
        byteCount += brought.content.count
        if byteCount > Self.restoredByteCount { try flush() }
      }
    }
    try flush()
    return (foundCount, missing.count)
  }

  /// How many bytes of contents are held before they are written.
  private static let restoredByteCount = 16 << 20

  private func makeRestoring(
    from size: UInt64, to target: SignedCheckpoint, entry: (UInt64) throws -> [UInt8]?
  ) throws -> Batch {
    var appender = try AppendSession.appender(at: size, of: store)
    var leaves: [[UInt8]] = []
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
    }
    guard appender.root == target.checkpoint.root else {
      throw LedgerError(
        .wrongRestore,
        "The export's entries lead to another root than the guard's at size \(target.checkpoint.size).",
        hint: "The export is of another history; the ledger was left as it is.")
    }
    return Batch(
      firstIndex: size, entries: leaves, tiles: appender.drain(),
      // A guard that was rebuilt may bear cosignatures; what a store keeps is the log's alone.
      checkpoint: try target.signed(onlyBy: logKey).bytes)
  }
}
