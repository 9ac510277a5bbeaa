internal import Cryptography
internal import Encoding
public import TransparencyLog

/// Packs a ledger into one archive that an auditor takes away (docs/formats/bundle.md).
///
/// The tiles folder of the newest released checkpoint with its cosignatures, the openings or not,
/// and whatever helps to check it. The same ledger, edition and further files give the same bytes.
public enum BundleExport {
  /// Whether a file looks like a bundle; one that is broken may.
  public static func begins(_ bytes: [UInt8]) -> Bool { BundleFormat.begins(bytes) }

  /// Writes a bundle.
  ///
  /// Every entry is hashed on the way, as for a tiles folder. It is written under another name,
  /// synced, and given its own in one step, so that nobody takes a part for the whole.
  ///
  /// - Parameters:
  ///   - edition: Full with the openings of the entries under the checkpoint, public without any.
  ///   - further: Files that go in as they are, by name.
  /// - Throws: `LedgerError` of code ``LedgerError/Code/folderExists`` if there is such a file,
  ///   ``LedgerError/Code/noLedger`` before the first release, ``LedgerError/Code/damaged`` if
  ///   something stored does not follow from the entries.
  public static func write(
    _ store: any TruthStore, to path: String, edition: AuditEdition,
    further: [(name: String, bytes: [UInt8])] = []
  ) throws -> SignedCheckpoint {
    guard !Files.exists(path) else {
      throw LedgerError(
        .folderExists, "\(path) is there already.", hint: "Name another file, or delete that one.")
    }
    guard let checkpoint = try store.publishedCheckpoint() else {
      throw LedgerError(.noLedger, "There is no released checkpoint to export.")
    }
    let size = checkpoint.checkpoint.size
    try TilesExport.check(store, against: checkpoint.checkpoint, since: nil)
    let time = size == 0 ? nil : try store.header(size - 1)?.time
    // What is sealed is for whoever may read the ledger.
    var archive = TarOutput(
      try FreshFile(for: path, mode: edition == .full ? 0o600 : 0o644),
      time: UInt64(clamping: (time?.milliseconds ?? 0) / 1000))
    try archive.write(BundleFormat.manifest(edition), to: BundleFormat.manifest)
    try archive.write(checkpoint.bytes, to: "checkpoint")
    for file in further { try archive.write(file.bytes, to: file.name) }
    for tile in Tile.tiles(forSize: size) {
      try TilesExport.writeTile(tile, from: store, to: &archive)
    }
    try TilesExport.writeEntries(of: size, in: store, to: &archive)
    if edition == .full {
      try store.scanOpenings { stored in
        guard stored.entry < size else { return }
        try archive.write(BundleFormat.file(of: stored.opening), to: BundleFormat.path(of: stored))
      }
    }
    try store.scanTimestamps { stored in
      // What was changed is evidence in the ledger, and not to be handed on as if it were whole.
      guard SHA256.hash(stored.response).bytes == stored.digest,
        (try? TimestampResponse(stored.response).check(of: stored.checkpoint)) != nil
      else {
        throw LedgerError(
          .damaged, "A timestamp that is kept is not as it was, so nothing was exported.",
          hint: "Run `onus audit` to see all that was changed.")
      }
      let path = BundleFormat.path(of: stored)
      try archive.write(stored.response, to: path + BundleFormat.timestampEnds.response)
      try archive.write(stored.checkpoint, to: path + BundleFormat.timestampEnds.checkpoint)
    }
    try archive.finish()
    return checkpoint
  }
}

/// An archive that is being filled.
private final class TarOutput: ExportOutput {
  private var fresh: FreshFile
  private let time: UInt64

  init(_ file: consuming FreshFile, time: UInt64) {
    fresh = file
    self.time = time
  }

  func write(_ bytes: [UInt8], to name: String) throws(LedgerError) {
    guard TarFormat.isName(name) else {
      throw LedgerError(.malformedBundle, "\(name) cannot be the name of a file in a bundle.")
    }
    try fresh.file.write(TarFormat.header(name: name, byteCount: bytes.count, time: time))
    try fresh.file.write(bytes + [UInt8](repeating: 0, count: TarFormat.padding(bytes.count)))
  }

  func finish() throws(LedgerError) {
    try fresh.file.write(TarFormat.end)
    try fresh.finishNew()
  }
}
