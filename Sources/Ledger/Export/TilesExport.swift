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

  /// What an export wrote.
  public struct Written: Hashable, Sendable {
    /// The checkpoint that everything in the folder is under.
    public let checkpoint: SignedCheckpoint
    /// How many of its entries were not there before.
    public let newEntryCount: UInt64
    /// How many files of the earlier export were not as they should be, and are now.
    public let mendedFileCount: Int
    /// What lies in the folder and is not of the export; left as it is, and found by every check.
    public let strays: [String]
  }

  /// Writes the export, or what is new since the one that the folder holds.
  ///
  /// A first export is written into `DIR.partial`, synced, and renamed in one step, so that `DIR` is
  /// whole or not there. A `DIR.partial` that another run writes into or left behind is refused, not
  /// overwritten. A later one adds to the folder, in an order in which no reader can take a part for
  /// the whole, and mends what is not as the ledger would write it: it reads everything and writes
  /// what differs. All entries are hashed on the way: what is handed on under a checkpoint is what
  /// that checkpoint covers. No symbolic link in the folder is followed.
  ///
  /// - Throws: `LedgerError` of code ``LedgerError/Code/folderExists`` if `folder` is there, not empty
  ///   and no export of this ledger, ``LedgerError/Code/rolledBack`` if it is a newer one,
  ///   ``LedgerError/Code/fileFailed`` if there is a link in it,
  ///   ``LedgerError/Code/noLedger`` before the first release,
  ///   ``LedgerError/Code/damaged`` if something stored does not follow from the entries; no
  ///   folder is left behind then, and an older export stays as it was.
  @discardableResult
  public static func write(
    _ store: any TruthStore, to folder: String, damage: Damage = .refused
  ) throws -> Written {
    guard let checkpoint = try store.publishedCheckpoint() else {
      throw LedgerError(.noLedger, "There is no released checkpoint to export.")
    }
    if Files.exists(folder), try !Files.isEmptyFolder(folder) {
      guard damage == .refused else {
        throw LedgerError(
          .folderExists, "\(folder) exists and is not empty.",
          hint: "Evidence goes into a folder of its own.")
      }
      return try ExportUpdate(of: folder, from: store, to: checkpoint).run()
    }
    let partial = try UnfinishedFolder(at: folder + ".partial")
    // Another first export may have finished since the look at `folder`.
    guard try !Files.exists(folder) || Files.isEmptyFolder(folder) else {
      partial.discard()
      return try write(store, to: folder, damage: damage)
    }
    do {
      if damage == .refused { try check(store, against: checkpoint.checkpoint, since: nil) }
    } catch {
      partial.discard()
      throw error
    }
    var output = ExportFolder(root: partial.path)
    let size = checkpoint.checkpoint.size
    for tile in Tile.tiles(forSize: size) { try writeTile(tile, from: store, to: &output) }
    try writeEntries(of: size, in: store, to: &output)
    try output.write(checkpoint.bytes, to: "checkpoint")
    Files.syncAll()
    try partial.finish(as: folder)
    return Written(
      checkpoint: checkpoint, newEntryCount: size, mendedFileCount: 0, strays: [])
  }

  /// Hashes the entries, and holds tiles and checkpoint against that. O(n), a tile in memory.
  ///
  /// - Parameter old: A checkpoint that was exported before: its entries must lead to its root.
  static func check(
    _ store: any TruthStore, against checkpoint: Checkpoint, since old: Checkpoint?
  ) throws {
    var tree = TileAppender()
    func requireOld() throws {
      guard let old, tree.size == old.size else { return }
      guard tree.root == old.root else {
        throw LedgerError(
          .forked, "The export's \(old.size) entries are not the first of this ledger.",
          hint: "Keep both, append nothing, and audit the ledger with --expect and its checkpoint.")
      }
    }
    try requireOld()
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
      try requireOld()
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

  static func writeTile(
    _ tile: Tile, from store: any TruthStore, to output: inout some ExportOutput
  ) throws {
    guard let hashes = try store.tile(level: tile.level, index: tile.index),
      hashes.count >= tile.width
    else {
      throw LedgerError(.damaged, "The store lacks hashes of \(tile.path).")
    }
    try output.write(Tile.encode(Array(hashes.prefix(tile.width))), to: tile.path)
  }

  /// Writes the bundles of the first `size` entries.
  static func writeEntries(
    of size: UInt64, in store: any TruthStore, to output: inout some ExportOutput
  ) throws {
    let width = UInt64(Tile.fullWidth)
    for index in 0..<(size + width - 1) / width {
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
