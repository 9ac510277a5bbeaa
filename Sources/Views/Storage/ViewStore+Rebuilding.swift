internal import GRDB
public import Ledger

extension ViewStore {
  /// Builds the views anew from entry 0, beside the old ones, and swaps them by rename.
  ///
  /// Whatever happens before the swap leaves the old views as they were. The whole state is held in
  /// memory while it is built.
  ///
  /// - Parameters:
  ///   - policy: Whose signatures are verified; that of the views unless given.
  ///   - progress: Told now and then how many entries of how many are folded.
  /// - Throws: `StorageError` of code `busy` if another process is using the old ones.
  public func rebuild(
    from store: any TruthStore, verifying policy: VerificationPolicy? = nil,
    progress: (_ done: UInt64, _ all: UInt64) -> Void = { _, _ in }
  ) throws {
    file.removeAbandoned()
    let new = file.beside
    do {
      try new.create()
      let queue = try ViewsBuilder(store: store, policy: policy ?? self.policy)
        .build(at: new.path, size: store.end().size, progress)
      try queue.unsafeReentrantWrite { db in
        try db.execute(sql: "PRAGMA locking_mode = NORMAL; PRAGMA journal_mode = WAL")
      }
      try queue.close()
      try replace(with: new)
    } catch {
      new.remove()
      throw (error as? DatabaseError).map { StorageError(views: $0) } ?? error
    }
  }
}
