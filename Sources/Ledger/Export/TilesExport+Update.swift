internal import Cryptography
internal import Glibc
internal import TransparencyLog

/// Brings an export up to date: only what is new is read, hashed and written.
///
/// Nothing that the old checkpoint covers is touched before the new one stands: new files lie beside
/// the old ones under names of their own, then the checkpoint is replaced in one step, then the
/// narrower tiles go. Whoever reads meanwhile, or after a crash at any moment, finds a checkpoint
/// with everything under it; what lies beside it belongs to no log of that size, which every check
/// of the folder says, and the next run clears it away.
struct ExportUpdate {
  let store: any TruthStore
  let folder: String
  let old: SignedCheckpoint
  let new: SignedCheckpoint

  /// An update of the export in a folder that is not empty.
  ///
  /// - Throws: `LedgerError` of code ``LedgerError/Code/folderExists`` unless the folder holds an
  ///   export of this ledger that is not newer than `new`.
  init(of folder: String, from store: any TruthStore, to new: SignedCheckpoint) throws {
    self.store = store
    self.folder = folder
    self.new = new
    guard let bytes = try Files.contents(of: "\(folder)/checkpoint", atMost: 1 << 20),
      let old = try? SignedCheckpoint(bytes)
    else {
      throw Self.refused("\(folder) exists, is not empty, and holds no export.")
    }
    self.old = old
    guard let leaf = try store.entry(0), let text = try Entry(leaf).submission.openedLogKey,
      let logKey = try? VerifierKey(text), old.isSigned(by: logKey)
    else {
      throw Self.refused("\(folder) holds an export of \(old.checkpoint.origin) under another key.")
    }
    guard old.checkpoint.size <= new.checkpoint.size else {
      throw LedgerError(
        .rolledBack,
        "The export in \(folder) has \(old.checkpoint.size) entries, and this ledger \(new.checkpoint.size): it was rolled back.",
        hint: "Feed what is missing with `onus restore --from \(folder)`.")
    }
  }

  /// Writes what is new, and returns how many entries that is.
  func run() throws -> UInt64 {
    let lock = try Files.Handle(folder, O_RDONLY | O_DIRECTORY)
    guard try lock.tryLock() else {
      throw LedgerError(
        .locked, "Another export is being written into \(folder).",
        hint: "Run it again when that has finished.")
    }
    try TilesExport.check(store, against: new.checkpoint, since: old.checkpoint)
    var output = ExportFolder(root: folder, isUpdate: true)
    let before = old.checkpoint.size
    for tile in Tile.tiles(forSize: new.checkpoint.size, beyond: before) {
      try TilesExport.writeTile(tile, from: store, to: &output)
    }
    try TilesExport.writeEntries(
      from: before / UInt64(Tile.fullWidth), of: new.checkpoint.size, in: store, to: &output)
    Files.syncAll()
    if old != new { try Files.replace("\(folder)/checkpoint", with: new.bytes, mode: 0o644) }
    try clear()
    return new.checkpoint.size - before
  }

  /// Deletes what is narrower than the checkpoint's tiles: of the old one, and of runs that were cut
  /// short.
  private func clear() throws {
    for level in 0..<8 {
      for index in edge(level: level) {
        let tile = Tile(level: level, index: index, inTreeOfSize: new.checkpoint.size)
        try clear(Tile(level: level, index: index, width: 1).path, keeping: tile?.width)
      }
    }
    for index in edge(level: 0) {
      let tile = Tile(level: 0, index: index, inTreeOfSize: new.checkpoint.size)
      try clear(EntryBundle.path(index: index, width: 1), keeping: tile?.width)
    }
  }

  /// Where tiles of a level can have been partial, from the old size to the new.
  private func edge(level: Int) -> ClosedRange<UInt64> {
    let width = UInt64(Tile.fullWidth)
    let shift = UInt64(8 * level)
    return (old.checkpoint.size >> shift) / width...(new.checkpoint.size >> shift) / width
  }

  /// Deletes the partial tiles beside the one of width 1 at `path`, but the one of width `kept`.
  private func clear(_ path: String, keeping kept: Int?) throws {
    let partial = Files.folder(of: "\(folder)/\(path)")
    for name in Files.names(in: partial) where name != kept.map(String.init) {
      unsafe unlink("\(partial)/\(name)")
    }
    // One that still holds a tile stays.
    unsafe rmdir(partial)
  }

  private static func refused(_ message: String) -> LedgerError {
    LedgerError(
      .folderExists, message, hint: "Export to a new folder, or to that of an earlier export.")
  }
}

extension Tile {
  /// The tiles of a tree of `size` leaves that a tree of its first `before` leaves does not have, or
  /// has narrower.
  fileprivate static func tiles(forSize size: UInt64, beyond before: UInt64) -> [Tile] {
    (0..<8).flatMap { level -> [Tile] in
      let first = (before >> UInt64(8 * level)) / UInt64(fullWidth)
      return sequence(first: first) { $0 + 1 }.lazy
        .map { Tile(level: level, index: $0, inTreeOfSize: size) }
        .prefix { $0 != nil }.compactMap { $0 }
        .filter { $0 != Tile(level: level, index: $0.index, inTreeOfSize: before) }
    }
  }
}
