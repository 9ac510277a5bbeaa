public import Cryptography
public import TransparencyLog

/// What can be found out about the newest checkpoint of a log whose guard was lost
/// (`docs/formats/guard.md`).
///
/// Every checkpoint that the log key has signed is evidence, whoever kept it: the ledger's own, a
/// witness's, a receipt's. None of them can prove that no newer one was signed. So this only says
/// which is the newest *known*; that it is the newest of all is for a person to say.
public struct GuardEvidence: Sendable {
  /// A checkpoint, and where it was found.
  public struct Item: Hashable, Sendable {
    /// Where it was found, such as the name of a file.
    public let source: String
    /// The checkpoint.
    public let checkpoint: SignedCheckpoint

    /// A checkpoint found in `source`.
    public init(source: String, checkpoint: SignedCheckpoint) {
      self.source = source
      self.checkpoint = checkpoint
    }

    /// How many entries it is of.
    public var size: UInt64 { checkpoint.checkpoint.size }
  }

  /// The newest checkpoint that is known; the first of those that are the same.
  public let newest: Item
  /// How many entries the ledger holds.
  public let ledgerSize: UInt64

  /// Whether the key has signed more than the ledger holds.
  public var isRolledBack: Bool { ledgerSize < newest.size }

  /// Weighs everything that is known.
  ///
  /// - Parameters:
  ///   - head: The newest checkpoint in the ledger.
  ///   - others: Checkpoints found elsewhere.
  ///   - root: The root of the ledger's tree at a size of at most its own.
  /// - Throws: `LedgerError` of code ``LedgerError/Code/wrongLogKey`` if the log key has not signed
  ///   one of them, ``LedgerError/Code/forked`` if two cannot both be of one history; and what
  ///   `root` throws.
  public init(
    head: SignedCheckpoint, others: [Item], logKey: VerifierKey,
    root: (_ size: UInt64) throws -> Digest
  ) throws {
    let items = others + [Item(source: "the ledger", checkpoint: head)]
    ledgerSize = head.checkpoint.size
    var beyond: [UInt64: Item] = [:]
    for item in items {
      guard item.checkpoint.isSigned(by: logKey) else {
        throw LedgerError(
          .wrongLogKey, "\(item.source) holds no checkpoint signed by \(logKey.keyName).",
          hint: "Leave it out; only what this log key has signed says how far it came.")
      }
      let claimed = item.checkpoint.checkpoint.root
      if item.size <= ledgerSize {
        let here = item.size == ledgerSize ? head.checkpoint.root : try root(item.size)
        guard here == claimed else { throw Self.forked(item, here, "the ledger") }
      } else if let other = beyond[item.size] {
        let there = other.checkpoint.checkpoint.root
        guard there == claimed else { throw Self.forked(item, there, other.source) }
      } else {
        beyond[item.size] = item
      }
    }
    let largest = items.map(\.size).max() ?? ledgerSize
    newest =
      items.first { $0.size == largest } ?? Item(source: "the ledger", checkpoint: head)
  }

  private static func forked(_ item: Item, _ root: Digest, _ source: String) -> LedgerError {
    LedgerError(
      .forked,
      "The log key has signed two histories: at size \(item.size) the root of \(item.source) is \(item.checkpoint.checkpoint.root), and that of \(source) is \(root).",
      hint:
        "Keep both, append nothing, and hold the ledger against each of them with `onus audit --expect FILE`."
    )
  }
}
