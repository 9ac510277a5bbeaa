internal import Cryptography
internal import Glibc
internal import TransparencyLog

/// Brings an export up to date: every entry is hashed, and every file that is there compared with what
/// the ledger would write; only what is new or differs is written.
///
/// What the old checkpoint covers is touched only where it is not what it should be, and then replaced
/// in one step: new files lie beside the old ones under names of their own, then the checkpoint is
/// replaced, then the narrower tiles go. Whoever reads meanwhile, or after a crash at any moment,
/// finds a checkpoint with everything under it; what lies beside it belongs to no log of that size,
/// which every check of the folder says, and the next run clears it away.
struct ExportUpdate {
  let store: any TruthStore
  let tree: FolderTree
  let new: SignedCheckpoint

  /// An update of the export in a folder that is not empty.
  init(of folder: String, from store: any TruthStore, to new: SignedCheckpoint) {
    self.store = store
    tree = FolderTree(root: folder)
    self.new = new
  }

  /// Writes what is new, and what is not as it should be.
  ///
  /// - Throws: `LedgerError` of code ``LedgerError/Code/folderExists`` unless the folder holds an
  ///   export of this ledger that is not newer than `new`, ``LedgerError/Code/fileFailed`` if a link,
  ///   or anything else that is no file, lies where one belongs.
  func run() throws -> TilesExport.Written {
    let lock = try Files.Handle(tree.root, O_RDONLY | O_DIRECTORY)
    guard try lock.tryLock() else {
      throw LedgerError(
        .locked, "Another export is being written into \(tree.root).",
        hint: "Run it again when that has finished.")
    }
    let written = try update()
    _ = consume lock
    return written
  }

  private func update() throws -> TilesExport.Written {
    let old = try oldCheckpoint()
    let items = try tree.items()
    try requireFiles(items, beforeSize: old.checkpoint.size)
    try TilesExport.check(store, against: new.checkpoint, since: old.checkpoint)
    let size = new.checkpoint.size
    let leftBehind = items.filter { item in
      item.kind == .file && FreshFile.target(of: item.path).map(ExportLayout.isFile) == true
    }
    for item in leftBehind { try tree.remove(item.path) }
    var output = Mending(tree: tree, oldSize: old.checkpoint.size)
    for tile in Tile.tiles(forSize: size) {
      try TilesExport.writeTile(tile, from: store, to: &output)
    }
    try TilesExport.writeEntries(of: size, in: store, to: &output)
    Files.syncAll()
    if old != new { try Files.replace("\(tree.root)/checkpoint", with: new.bytes, mode: 0o644) }
    try clear(items)
    let strays = items.filter { isStray($0) }.map { Finding.printable($0.path) }
    return TilesExport.Written(
      checkpoint: new, newEntryCount: size - old.checkpoint.size,
      mendedFileCount: output.mendedCount, strays: strays)
  }

  /// The checkpoint of the export that is there.
  private func oldCheckpoint() throws -> SignedCheckpoint {
    let folder = tree.root
    guard let bytes = try tree.contents(of: "checkpoint", atMost: 1_000_000),
      let old = try? SignedCheckpoint(bytes)
    else {
      throw Self.refused("\(folder) exists, is not empty, and holds no export.")
    }
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
    return old
  }

  /// Nothing is written beside a link, nor where something else than a file stands in the way.
  private func requireFiles(
    _ items: [(path: String, kind: FolderTree.Kind)], beforeSize old: UInt64
  ) throws {
    for (path, kind) in items {
      switch kind {
      case .file: continue
      case .link: throw tree.unreadable(path, kind)
      case .special: if ExportLayout.isInTiles(path) { throw tree.unreadable(path, kind) }
      case .folder:
        if ExportLayout.isFile(path, ofSize: new.checkpoint.size)
          || ExportLayout.isFile(path, ofSize: old)
        {
          throw tree.unreadable(path, kind)
        }
      }
    }
  }

  /// Deletes what is narrower than the checkpoint's tiles, of the old one and of runs that were cut
  /// short, and the folders in which nothing is left.
  private func clear(_ items: [(path: String, kind: FolderTree.Kind)]) throws {
    for (path, kind) in items where ExportLayout.isInTiles(path) {
      switch kind {
      case .file where ExportLayout.isNarrower(path, thanAtSize: new.checkpoint.size):
        try tree.remove(path)
        // One that still holds a tile stays.
        try? tree.remove(Files.folder(of: path), isFolder: true)
      case .folder(isEmpty: true): try? tree.remove(path, isFolder: true)
      default: continue
      }
    }
  }

  /// Whether it is left lying there, and is not of the export.
  private func isStray(_ item: (path: String, kind: FolderTree.Kind)) -> Bool {
    let size = new.checkpoint.size
    switch item.kind {
    case .folder(isEmpty: false): return false
    case .folder(isEmpty: true): return !ExportLayout.isInTiles(item.path)
    default:
      return !ExportLayout.isFile(item.path, ofSize: size)
        && !ExportLayout.isNarrower(item.path, thanAtSize: size)
        && FreshFile.target(of: item.path).map(ExportLayout.isFile) != true
    }
  }

  private static func refused(_ message: String) -> LedgerError {
    LedgerError(
      .folderExists, message, hint: "Export to a new folder, or to that of an earlier export.")
  }
}

/// A folder of which only what is not as it should be is written.
private struct Mending: ExportOutput {
  let tree: FolderTree
  /// How many entries the export had.
  let oldSize: UInt64
  /// How many files it should have had, and had not, or otherwise.
  private(set) var mendedCount = 0

  init(tree: FolderTree, oldSize: UInt64) {
    self.tree = tree
    self.oldSize = oldSize
  }

  mutating func write(_ bytes: [UInt8], to path: String) throws(LedgerError) {
    if try tree.contents(of: path, atMost: bytes.count) == bytes { return }
    try tree.replace(path, with: bytes)
    if ExportLayout.isFile(path, ofSize: oldSize) { mendedCount += 1 }
  }
}
