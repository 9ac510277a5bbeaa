public import Cryptography
internal import TransparencyLog

/// A log as somebody hands it over today, against which old receipts are held: is everything that
/// was ever acknowledged still there?
///
/// It is believed no further than its checkpoint goes: every answer is a proof under it.
public struct HeldLog {
  /// What became of an entry that there is a receipt for.
  public enum Verdict: Hashable, Sendable {
    /// It stands where the receipt says.
    case there
    /// The log ends before it.
    case missing
    /// Another stands in its place.
    case replaced
    /// It stands there, and the receipt's checkpoint is of another history: the log key signed two.
    case forked
  }

  /// How many entries the log has.
  public let size: UInt64
  private let root: Digest
  private let source: any AuditSource
  private let logKey: VerifierKey

  /// A log as a ledger or an export holds it.
  ///
  /// - Throws: `LedgerError` of code ``LedgerError/Code/wrongLogKey`` unless its checkpoint is signed
  ///   by the log's key, ``LedgerError/Code/noLedger`` if it has none.
  public init(_ source: any AuditSource, logKey: VerifierKey) throws {
    guard let bytes = try source.head()?.released else {
      throw LedgerError(.noLedger, "There is no checkpoint to hold the receipts against.")
    }
    guard let head = try? SignedCheckpoint(bytes), head.isSigned(by: logKey) else {
      throw LedgerError(
        .wrongLogKey, "The checkpoint there is not signed by \(logKey.keyName).",
        hint: "Check that the receipts are of this log.")
    }
    self.source = source
    self.logKey = logKey
    size = head.checkpoint.size
    root = head.checkpoint.root
  }

  /// Holds a receipt against the log.
  ///
  /// - Parameter note: The submission that the receipt is for.
  /// - Throws: `LedgerError` if the receipt does not hold by itself, or of code
  ///   ``LedgerError/Code/damaged`` if the log does not prove what it holds.
  public func verdict(on receipt: Receipt, note: [UInt8]) throws -> Verdict {
    let entry = try receipt.check(note: note, logKey: logKey)
    let acknowledged = receipt.checkpoint.checkpoint
    guard entry.index < size else { return .missing }
    let tiles = SourceTiles(source: source)
    do {
      guard let leaf = try source.entry(entry.index) else {
        throw LedgerError(.damaged, "Entry \(entry.index) is not there.")
      }
      try InclusionProof.make(index: entry.index, size: size, from: tiles)
        .check(leaf: MerkleTree.leafHash(leaf), root: root)
      guard leaf == entry.bytes else { return .replaced }
      guard acknowledged.size <= size else { return .there }
      let old = try MerkleTree.root(ofSize: acknowledged.size, from: tiles)
      if acknowledged.size < size {
        try ConsistencyProof.make(oldSize: acknowledged.size, newSize: size, from: tiles)
          .check(oldRoot: old, newRoot: root)
      } else if old != root {
        throw LedgerError(.damaged, "The hashes there do not add up to the checkpoint.")
      }
      return old == acknowledged.root ? .there : .forked
    } catch let error as LedgerError {
      throw error
    } catch {
      throw LedgerError(
        .damaged, "What is there does not prove entry \(entry.index): \(Self.reason(error))",
        hint: "Audit it.")
    }
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case let error as ProofError: error.message
    case let error as StorageError: error.message
    default: "its hashes cannot be read."
    }
  }
}
