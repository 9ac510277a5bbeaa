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
