internal import Cryptography
internal import Glibc
public import TransparencyLog

/// Writes a ledger as a folder of static files that other people's tools read
/// (c2sp.org/tlog-tiles).
///
/// ```
/// DIR/checkpoint
/// DIR/tile/<level>/<index>[.p/<width>]
/// DIR/tile/entries/<index>[.p/<width>]
/// ```
///
/// Exactly the files of the newest released checkpoint's size: entries without a checkpoint over
/// them stay at home.
public enum TilesExport {
  /// What is exported of a ledger that has been changed since it was recorded.
  public enum Damage: Sendable {
    /// Nothing: the export refuses, and names the first entry or tile that is not as recorded.
    case refused
    /// Everything as it stands, for whoever examines it. Every check of the export fails there.
    case exported
  }

  /// Writes the export and returns its checkpoint.
  ///
  /// Everything is written into `DIR.partial`, synced, and renamed in one step, so that `DIR` is
  /// whole or not there. A `DIR.partial` that an earlier run left behind is refused, not
  /// overwritten. All entries are hashed on the way: what is handed on under a checkpoint is what
  /// that checkpoint covers.
  ///
  /// - Throws: `LedgerError` of code ``LedgerError/Code/folderExists`` if `folder` is there and not
  ///   empty, ``LedgerError/Code/noLedger`` before the first release,
  ///   ``LedgerError/Code/damaged`` if something stored does not follow from the entries; no
  ///   folder is left behind then.
  @discardableResult
  public static func write(
    _ store: any TruthStore, to folder: String, damage: Damage = .refused
  ) throws -> SignedCheckpoint {
    guard let checkpoint = try store.releasedCheckpoint() else {
      throw LedgerError(.noLedger, "There is no released checkpoint to export.")
    }
    if Files.exists(folder), try !Files.isEmptyFolder(folder) {
      throw LedgerError(
        .folderExists, "\(folder) exists and is not empty.", hint: "Export to a new folder.")
    }
    let partial = folder + ".partial"
    guard !Files.exists(partial) else {
      throw LedgerError(
        .folderExists, "\(partial) is left from an export that did not finish.",
        hint: "Delete it and export again.")
    }
    if damage == .refused { try check(store, against: checkpoint.checkpoint) }
    try Files.makeFolder(partial, mode: 0o755)
    var output = ExportFolder(root: partial)
    try writeTiles(of: checkpoint.checkpoint.size, from: store, to: &output)
    try writeEntries(of: checkpoint.checkpoint.size, from: store, to: &output)
    try output.write(checkpoint.bytes, to: "checkpoint")
    Files.syncAll()
    // An empty folder of that name is replaced by the rename itself.
    try Files.rename(partial, to: folder)
    try Files.syncFolder(Files.folder(of: folder))
    return checkpoint
  }

  /// Hashes every entry, and holds tiles and checkpoint against that. O(n), a tile in memory.
  private static func check(_ store: any TruthStore, against checkpoint: Checkpoint) throws {
    var tree = TileAppender()
    var stored: [Digest] = []
    try store.scan(0..<checkpoint.size) { index, leaf in
      let width = UInt64(Tile.fullWidth)
      if index % width == 0 { stored = try store.tile(level: 0, index: index / width) ?? [] }
      let hash = MerkleTree.leafHash(Array(copying: leaf))
      let place = Int(index % width)
      guard place < stored.count, stored[place] == hash else {
        throw damaged("Entry \(index) is not the one that was recorded")
      }
      tree.append(hash)
      if tree.size % width == 0 || tree.size == checkpoint.size {
        for (tile, hashes) in tree.drain() where tile.level > 0 {
          // A stored tile may have grown beyond this size; its first hashes are the ones.
          let all = try store.tile(level: tile.level, index: tile.index) ?? []
          guard all.starts(with: hashes) else {
            throw damaged("The stored \(tile.path) does not follow from the entries")
          }
        }
      }
    }
    guard tree.root == checkpoint.root else {
      throw damaged("The checkpoint is of other entries than the \(checkpoint.size) that are here")
    }
  }

  private static func damaged(_ what: String) -> LedgerError {
    LedgerError(
      .damaged, "\(what), so nothing was exported.",
      hint:
        "Run `onus audit` to see all that was changed. `--even-if-damaged` exports it as it stands, as evidence."
    )
  }

  private static func writeTiles(
    of size: UInt64, from store: any TruthStore, to output: inout ExportFolder
  ) throws {
    for tile in Tile.tiles(forSize: size) {
      guard let hashes = try store.tile(level: tile.level, index: tile.index),
        hashes.count >= tile.width
      else {
        throw LedgerError(.damaged, "The store lacks hashes of \(tile.path).")
      }
      try output.write(Tile.encode(Array(hashes.prefix(tile.width))), to: tile.path)
    }
  }

  private static func writeEntries(
    of size: UInt64, from store: any TruthStore, to output: inout ExportFolder
  ) throws {
    let width = UInt64(Tile.fullWidth)
    for index in 0..<((size + width - 1) / width) {
      var entries: [[UInt8]] = []
      try store.scan(index * width..<min(size, (index + 1) * width)) { _, leaf in
        entries.append(Array(copying: leaf))
      }
      try output.write(
        try EntryBundle.encode(entries),
        to: EntryBundle.path(index: index, width: entries.count))
    }
  }
}

/// A folder that is being filled.
private struct ExportFolder {
  let root: String
  /// The folders made so far.
  private var folders: Set<String> = []

  init(root: String) {
    self.root = root
    folders.insert(root)
  }

  mutating func write(_ bytes: [UInt8], to relativePath: String) throws(LedgerError) {
    let path = "\(root)/\(relativePath)"
    try makeFolders(to: Files.folder(of: path))
    let file = try Files.Handle(path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o644)
    try file.write(bytes)
  }

  private mutating func makeFolders(to folder: String) throws(LedgerError) {
    guard !folders.contains(folder) else { return }
    try makeFolders(to: Files.folder(of: folder))
    try Files.makeFolder(folder, mode: 0o755)
    folders.insert(folder)
  }
}
