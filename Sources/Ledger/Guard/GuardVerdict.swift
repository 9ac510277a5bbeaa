public import Cryptography
public import TransparencyLog

/// What a ledger's head and the guard beside its key say together (the table of
/// `docs/formats/guard.md`).
public enum GuardVerdict: Hashable, Sendable {
  /// Neither has an entry: a ledger may be opened. The guard may hold the checkpoint of the empty
  /// log, which an opening that did not get to its commit leaves behind.
  case fresh
  /// Both have the same head: go on.
  case same
  /// The ledger has more, and it extends the guard: the tail was committed but not released.
  case ahead(from: UInt64)

  /// Compares head and guard.
  ///
  /// - Parameter root: The root of the ledger's tree at a size of at most its own.
  /// - Throws: `LedgerError` of code ``LedgerError/Code/rolledBack``, ``LedgerError/Code/forked``
  ///   or ``LedgerError/Code/guardMissing``, with what can be done; and what `root` throws.
  public init(
    head: Checkpoint?, guard guarded: Checkpoint?, root: (_ size: UInt64) throws -> Digest
  ) throws {
    switch (head, guarded) {
    case (nil, nil):
      self = .fresh
    case (.some, nil):
      throw LedgerError(
        .guardMissing, "The ledger has entries, and beside the log key there is no guard.",
        hint:
          "Rebuild it with `onus guard rebuild --from FILE --newest SIZE`, from the newest checkpoint that a witness or a receipt holds."
      )
    case (let head, .some(let guarded)) where (head?.size ?? 0) < guarded.size:
      throw LedgerError(
        .rolledBack,
        "The ledger was rolled back: it has \(head?.size ?? 0) entries, and its key has signed \(guarded.size).",
        hint: "Feed the missing entries from an export with `onus restore --from EXPORT`.")
    case (.some(let head), .some(let guarded)):
      let rootThere = head.size == guarded.size ? head.root : try root(guarded.size)
      guard rootThere == guarded.root else {
        throw LedgerError(
          .forked,
          "The ledger was forked: at size \(guarded.size) its root is \(rootThere), and its key has signed \(guarded.root).",
          hint: "Go back to the ledger that the key has signed; audit both to see where they part.")
      }
      self = head.size == guarded.size ? .same : .ahead(from: guarded.size)
    case (nil, .some):
      // Of size 0: every other guard without entries was answered above.
      self = .fresh
    }
  }
}
