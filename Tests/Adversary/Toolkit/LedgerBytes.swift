import Ledger
import SQLiteStorage
import TransparencyLog

/// A ledger in a file, every byte of which can be changed, and changed back.
final class LedgerBytes {
  let store: SQLiteStore
  let bytes: FileBytes
  private let folder: TemporaryFolder

  init(_ truth: Truth) throws {
    folder = try TemporaryFolder()
    let path = "\(folder.path)/ledger.db"
    try Self.write(truth, to: path)
    bytes = try FileBytes(path)
    store = try SQLiteStore.open(at: path)
  }

  private static func write(_ truth: Truth, to path: String) throws {
    let store = try SQLiteStore.create(at: path)
    try store.append(
      Batch(
        firstIndex: 0, entries: truth.leaves,
        tiles: truth.tiles.map { place, hashes in
          (Tile(level: place.level, index: place.index, width: hashes.count), hashes)
        }, checkpoint: truth.newest, openings: truth.openings.map { try $0.stored() }))
    try store.release(truth.newest)
    for cosignature in truth.cosigned { try store.keepCosignature(cosignature) }
    for timestamp in truth.stamped { try store.keepTimestamp(timestamp.stored) }
    try store.close()
  }
}
