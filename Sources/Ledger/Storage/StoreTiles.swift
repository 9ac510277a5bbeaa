public import Cryptography
public import TransparencyLog

/// Reads the hash tiles of a store, for proofs and roots.
public struct StoreTiles: TileReader {
  private let store: any TruthStore

  /// The tiles of `store`.
  public init(_ store: any TruthStore) { self.store = store }

  /// The hashes of a tile; more than its width if the log has grown since.
  public func tile(_ tile: Tile) throws -> [Digest] {
    guard let hashes = try store.tile(level: tile.level, index: tile.index) else {
      throw TileError(.missingTile, "The store holds no tile \(tile.path).")
    }
    return hashes
  }
}

extension TruthStore {
  /// The newest released checkpoint, parsed; `nil` before the first. Its signature is not verified.
  ///
  /// - Throws: `LedgerError` of code ``LedgerError/Code/damaged`` if what is stored is none.
  public func releasedCheckpoint() throws -> SignedCheckpoint? {
    try head()?.released.map { try StoredHead.parse($0) }
  }

  /// The header of an entry; `nil` beyond the last. Reads one row, parses four lines.
  public func header(_ index: UInt64) throws -> EntryHeader? {
    guard let leaf = try entry(index) else { return nil }
    return try EntryHeader.parse(leaf[...]).header
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
        hint: "Audit the ledger.")
    }
  }
}
