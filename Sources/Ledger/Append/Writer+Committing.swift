internal import Cryptography
internal import Synchronization
internal import TransparencyLog

/// What makes an append durable, and what stops a writer.
extension Writer {
  /// Commit, guard, release: in this order, so that no checkpoint is seen that the guard does not
  /// know. From the commit on, whatever fails leaves a tail that the next writer settles.
  func commit(_ session: inout AppendSession, _ held: borrowing HeldGuard) throws {
    guard !session.folded.isEmpty else {
      // Contents of submissions that were here already, and came without them then.
      if !session.openings.isEmpty { try store.addOpenings(session.openings) }
      return
    }
    let (batch, checkpoint) = try session.makeBatch(signedWith: signingKey, as: logKey)
    if batch.firstIndex == 0 { try guardEmptyLog(held) }
    do {
      try store.append(batch)
    } catch {
      if error.code != .notWritten && error.code != .headMoved && error.code != .busy { stop() }
      throw error
    }
    do {
      try stoppingOnError {
        try held.advance(to: checkpoint)
        try store.release(checkpoint.bytes)
      }
    } catch let error as LedgerError {
      throw LedgerError(error.code, Self.unpublished(batch, error.message), hint: Self.publishing)
    } catch let error as StorageError {
      throw StorageError(
        error.code, Self.unpublished(batch, error.message), hint: Self.publishing,
        nativeCode: error.nativeCode)
    }
    let position = StatePosition(
      size: checkpoint.checkpoint.size, root: checkpoint.checkpoint.root)
    // The state is derived: should this fail, the next append's catch-up folds the entries again.
    try? state.record(FoldedBatch(entries: session.folded, position: position))
  }

  /// What failed after the commit must not look as if nothing had been appended.
  static func unpublished(_ batch: Batch, _ reason: String) -> String {
    "From entry \(batch.firstIndex) on \(batch.entries.count) were recorded, but not published: \(reason)"
  }

  static let publishing =
    "Mend that, then run `onus doctor`, which publishes them; do not sign them again."

  /// Before entry 0 is committed the guard holds the checkpoint of the empty log, so that a crash
  /// between that commit and its guard is a tail to settle and not a ledger without a guard.
  func guardEmptyLog(_ held: borrowing HeldGuard) throws {
    guard try held.read() == nil else { return }
    let empty = Checkpoint(origin: logKey.name, size: 0, root: MerkleTree.emptyRoot)
    try held.advance(to: SignedCheckpoint.sign(empty, with: signingKey))
  }

  func stoppingOnError<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch {
      stop()
      throw error
    }
  }

  func stop() { isStopped.withLock { $0 = true } }

  func requireRunning() throws(LedgerError) {
    guard !isStopped.withLock({ $0 }) else {
      throw LedgerError(
        .stopped, "An earlier append ended in an unknown state.",
        hint: "Open the ledger again; what was stored will be found.")
    }
  }

  func withGuard<Result>(_ body: (borrowing HeldGuard) throws -> Result) throws -> Result {
    try requireRunning()
    return try guardFile.withLock(patience: patience, body)
  }
}
