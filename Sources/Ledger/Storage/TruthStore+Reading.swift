internal import Cryptography
public import Encoding
public import TransparencyLog

extension TruthStore {
  /// The newest released checkpoint, parsed; `nil` before the first. Its signature is not verified.
  ///
  /// - Throws: `LedgerError` of code ``LedgerError/Code/damaged`` if what is stored is none.
  public func releasedCheckpoint() throws -> SignedCheckpoint? {
    try head()?.released.map { try StoredHead.parse($0) }
  }

  /// The same with the cosignatures that are kept of it: what is handed to others.
  public func publishedCheckpoint() throws -> SignedCheckpoint? {
    try releasedCheckpoint().map { try cosigned($0) }
  }

  /// A checkpoint with the cosignatures that are kept of just that one.
  public func cosigned(_ checkpoint: SignedCheckpoint) throws -> SignedCheckpoint {
    try cosignatures().reduce(checkpoint) { checkpoint, kept in
      // What cannot be read is for the audit to find; what is on another checkpoint stays there.
      guard let witness = try? CosignerKey(kept.vkey),
        let cosigned = try? SignedCheckpoint(kept.checkpoint)
      else { return checkpoint }
      return checkpoint.adding(cosigned, of: witness)
    }
  }

  /// The header of an entry; `nil` beyond the last. Reads one row, parses four lines.
  public func header(_ index: UInt64) throws -> EntryHeader? {
    guard let leaf = try entry(index) else { return nil }
    return try EntryHeader.parse(leaf[...]).header
  }

  /// The same, with a header that cannot be read taken for none, as who folds a log takes it.
  ///
  /// - Throws: Only what reading the store throws.
  public func readableHeader(_ index: UInt64) throws -> EntryHeader? {
    guard let leaf = try entry(index) else { return nil }
    return try? EntryHeader.parse(leaf[...]).header
  }

  /// How many entries the first `size` had when the ledger's clock stood at `time`: those of that
  /// time or before. Reads O(log n) entries; an unreadable header counts as earlier.
  public func size(at time: Timestamp, of size: UInt64) throws -> UInt64 {
    var (low, high) = (UInt64(0), size)
    while low < high {
      let middle = low + (high - low) / 2
      if let entry = try readableHeader(middle), entry.time > time {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return low
  }
}

extension StoredHead {
  /// The newest checkpoint, released or not. Its signature is not verified.
  ///
  /// - Throws: `LedgerError` of code ``LedgerError/Code/damaged`` if what is stored is none.
  func newest() throws(LedgerError) -> SignedCheckpoint { try Self.parse(checkpoint) }

  fileprivate static func parse(_ bytes: [UInt8]) throws(LedgerError) -> SignedCheckpoint {
    do {
      return try SignedCheckpoint(bytes)
    } catch {
      throw LedgerError(
        .damaged, "The stored checkpoint cannot be read: \(error.message)",
        hint: "Run `onus audit` to see what else is wrong.")
    }
  }
}
