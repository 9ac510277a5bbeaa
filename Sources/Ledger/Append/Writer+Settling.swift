internal import Cryptography
public import TransparencyLog

extension Writer {
  /// Compares the head with the guard and finishes what an earlier append left unfinished.
  ///
  /// Happens at the start of every append; call it to have it happen sooner.
  ///
  /// - Returns: The checkpoint at the head; `nil` if there is no ledger and the key has signed
  ///   nothing.
  /// - Throws: `LedgerError` as the table of `docs/formats/guard.md` says.
  @discardableResult
  public func settle() throws -> Checkpoint? {
    try withGuard { held in try settle(held) }
  }

  func settle(_ held: borrowing HeldGuard) throws -> Checkpoint? {
    let guarded = try held.read()
    guard let stored = try store.head() else {
      _ = try GuardVerdict(head: nil, guard: guarded?.checkpoint) { _ in MerkleTree.emptyRoot }
      return nil
    }
    let head = try stored.newest()
    guard head.isSigned(by: logKey) else {
      throw LedgerError(
        .wrongLogKey, "The newest checkpoint is not signed by \(logKey.keyName).",
        hint: "Use the log key that belongs to this ledger.")
    }
    guard head.checkpoint.size == stored.size else {
      throw LedgerError(
        .damaged,
        "The newest checkpoint is of \(head.checkpoint.size) entries, and \(stored.size) are stored.",
        hint: "Run `onus audit` to see what else is wrong.")
    }
    let tiles = StoreTiles(store)
    let verdict = try GuardVerdict(head: head.checkpoint, guard: guarded?.checkpoint) { size in
      try MerkleTree.root(ofSize: size, from: tiles)
    }
    if case .ahead(let size) = verdict {
      try rehash(from: size, to: head.checkpoint)
      try stoppingOnError { try held.advance(to: head) }
    }
    if stored.released != stored.checkpoint {
      try stoppingOnError { try store.release(stored.checkpoint) }
    }
    return head.checkpoint
  }

  /// Hashes the tail that nobody has seen yet from its stored bytes, and compares the root.
  private func rehash(from size: UInt64, to head: Checkpoint) throws {
    var frontier = try MerkleTree.frontier(ofSize: size, from: StoreTiles(store))
    try store.scan(size..<head.size) { index, leaf in
      let bytes = Array(copying: leaf)
      guard try EntryHeader.parse(bytes[...]).header.root == frontier.root else {
        throw LedgerError(
          .damaged, "Entry \(index) does not bear the root before it.",
          hint: "Run `onus audit` to see what else is wrong.")
      }
      frontier.append(MerkleTree.leafHash(bytes))
    }
    guard frontier.root == head.root else {
      throw LedgerError(
        .damaged, "The entries from \(size) on do not add up to the newest checkpoint.",
        hint: "Run `onus audit` to see what else is wrong.")
    }
  }
}
