public import Cryptography
internal import Synchronization
internal import TransparencyLog

/// An export as an audit reads it: a tiles folder, or a bundle, which holds openings too.
///
/// What is there is answered, file by file under the names that the checkpoint's size gives them; what
/// lies beside those is counted as stray. A file that is no file, is too long or does not parse is
/// taken for missing.
public final class ExportAuditSource: AuditSource {
  private let files: any ExportFiles
  private let checkpoint: [UInt8]
  /// The size that the checkpoint states, 0 if it states none that can be read.
  private let stated: UInt64
  /// The edition that the export states; a tiles folder is a public one.
  public let edition: AuditEdition
  private let isBundle: Bool
  /// The bundle that was read last: single entries are asked for by neighbours.
  private let last = Mutex<(index: UInt64, entries: [[UInt8]])?>(nil)
  /// Where the openings are; of one commitment those of earlier entries first.
  private let openings: [Digest: [(entry: UInt64, path: String)]]

  /// The export at `path`, a folder or a bundle.
  ///
  /// - Throws: `LedgerError` of code ``LedgerError/Code/noLedger`` unless there is a file `checkpoint`
  ///   in it, ``LedgerError/Code/malformedBundle`` if it is a file and no bundle or its manifest is
  ///   none, ``LedgerError/Code/fileFailed`` if that cannot be read.
  public init(_ path: String) throws {
    files = Files.isRegular(path) ? try ArchiveFiles(path) : FolderFiles(place: path)
    guard let bytes = try files.contents("checkpoint", atMost: 1 << 20) else {
      throw LedgerError(
        .noLedger, "There is no exported ledger in \(path).",
        hint: "Name a folder that `onus export tiles` wrote, or a file of `onus export bundle`.")
    }
    checkpoint = bytes
    stated = (try? SignedCheckpoint(bytes).checkpoint.size) ?? 0
    let manifest = try files.contents(BundleFormat.manifest, atMost: 1024)
    isBundle = manifest != nil || files.has(BundleFormat.manifest)
    guard let edition = isBundle ? manifest.flatMap(BundleFormat.edition) : .public else {
      throw LedgerError(
        .malformedBundle, "The file \(BundleFormat.manifest) in \(path) states no edition.",
        hint: "It has two lines: onus/bundle/v1, and `edition full` or `edition public`.")
    }
    self.edition = edition
    var openings: [Digest: [(entry: UInt64, path: String)]] = [:]
    for path in isBundle ? files.paths().sorted() : [] {
      guard let place = BundleFormat.place(path) else { continue }
      openings[place.commitment, default: []].append((place.entry, path))
    }
    self.openings = openings
  }

  /// The checkpoint, over as many entries as there are bundles of without a gap.
  public func head() throws -> StoredHead? {
    var size: UInt64 = 0
    while let tile = Tile(level: 0, index: size / Self.width, inTreeOfSize: stated),
      files.has(EntryBundle.path(index: tile.index, width: tile.width))
    {
      size += UInt64(tile.width)
      guard tile.isFull else { break }
    }
    return size == 0 ? nil : StoredHead(size: size, checkpoint: checkpoint, released: checkpoint)
  }

  /// The leaf bytes of one entry, or `nil` if there is none.
  public func entry(_ index: UInt64) throws -> [UInt8]? {
    let entries = try bundle(index / Self.width)
    let place = Int(index % Self.width)
    return entries.indices.contains(place) ? entries[place] : nil
  }

  /// Lends the leaf bytes of each entry of `range` in order.
  ///
  /// - Throws: `StorageError` of code ``StorageError/Code/damaged`` if one is missing.
  public func scan(
    _ range: Range<UInt64>, _ body: (_ index: UInt64, _ leaf: Span<UInt8>) throws -> Void
  ) throws {
    var index = range.lowerBound
    while index < range.upperBound {
      let entries = try bundle(index / Self.width)
      let first = index / Self.width * Self.width
      guard first + UInt64(entries.count) > index else {
        throw StorageError(.damaged, "The export has no entry \(index).")
      }
      for place in Int(index - first)..<entries.count where index < range.upperBound {
        let leaf = entries[place]
        try body(index, leaf.span)
        index += 1
      }
    }
  }

  /// The hashes of a tile, or `nil` if there is no such file of the right length.
  public func tile(level: Int, index: UInt64) throws -> [Digest]? {
    guard let tile = Tile(level: level, index: index, inTreeOfSize: stated),
      let bytes = contents(tile.path, atMost: Tile.fullWidth * Digest.byteCount)
    else { return nil }
    return try? tile.decode(bytes)
  }

  /// The opening of a commitment; `nil` if it is not here.
  ///
  /// - Throws: `StorageError` of code ``StorageError/Code/damaged`` if its file holds none.
  public func opening(_ commitment: Digest) throws -> StoredOpening? {
    try openings[commitment]?.first.flatMap { try stored(at: $0.path) }
  }

  /// The one in the file that bears the entry's number; else that of the first entry.
  ///
  /// - Throws: `StorageError` of code ``StorageError/Code/damaged`` if its file holds none.
  public func opening(_ commitment: Digest, of entry: UInt64) throws -> StoredOpening? {
    guard let stored = openings[commitment]?.first(where: { $0.entry == entry }) else {
      return try opening(commitment)
    }
    return try self.stored(at: stored.path)
  }

  /// Hands over every opening, in order of entry, then commitment.
  public func scanOpenings(_ body: (StoredOpening) throws -> Void) throws {
    guard isBundle else { return }
    for path in files.paths().sorted() {
      if let stored = try stored(at: path) { try body(stored) }
    }
  }

  private func stored(at path: String) throws -> StoredOpening? {
    guard let place = BundleFormat.place(path) else { return nil }
    guard
      let bytes = try files.contents(path, atMost: BundleFormat.maximumByteCount),
      let opening = BundleFormat.opening(bytes)
    else { throw StorageError(.damaged, "\(path) holds no opening.") }
    return StoredOpening(commitment: place.commitment, entry: place.entry, opening: opening)
  }

  /// None: the checkpoint of an export bears its cosignatures itself.
  public func cosignatures() throws -> [StoredCosignature] { [] }

  /// Hands over every timestamp of a bundle, in order of its hash; a file that is missing or too long
  /// counts as empty. A tiles folder has none.
  public func scanTimestamps(_ body: (StoredTimestamp) throws -> Void) throws {
    guard isBundle else { return }
    let digests = Set(files.paths().compactMap { BundleFormat.timestamp($0) })
    for digest in digests.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      let path = BundleFormat.path(ofTimestamp: digest)
      let ends = BundleFormat.timestampEnds
      try body(
        StoredTimestamp(
          digest: digest,
          checkpoint: contents(
            path + ends.checkpoint, atMost: StoredTimestamp.maximumCheckpointByteCount) ?? [],
          response: contents(
            path + ends.response, atMost: TimestampResponse.maximumByteCount) ?? []))
    }
  }

  /// How many files are there that belong to no log of that size.
  public func strayCount(beside size: UInt64) throws -> UInt64? {
    UInt64(files.paths().count { !belongs($0, to: size) })
  }

  // MARK: Files

  private static let width = UInt64(Tile.fullWidth)
  /// The longest bundle: every entry with its length before it.
  private static let bundleByteCount = Tile.fullWidth * (2 + EntryBundle.maximumEntryByteCount)

  private func belongs(_ path: String, to size: UInt64) -> Bool {
    if path == "checkpoint" { return true }
    // What else is in a bundle is for people, or checked as content.
    if isBundle, !path.utf8.starts(with: "tile/".utf8) { return true }
    if let (index, width) = EntryBundle.parsePath(path) {
      return Tile(level: 0, index: index, inTreeOfSize: size)?.width == width
    }
    guard let tile = Tile(path: path) else { return false }
    return tile == Tile(level: tile.level, index: tile.index, inTreeOfSize: size)
  }

  /// The entries of a bundle; none if it is not there, or not as many as it should have.
  private func bundle(_ index: UInt64) throws -> [[UInt8]] {
    if let entries = last.withLock({ $0?.index == index ? $0?.entries : nil }) { return entries }
    guard let tile = Tile(level: 0, index: index, inTreeOfSize: stated),
      let bytes = contents(
        EntryBundle.path(index: index, width: tile.width), atMost: Self.bundleByteCount),
      let slices = try? EntryBundle.decode(bytes), slices.count == tile.width
    else { return [] }
    let entries = slices.map { Array($0) }
    last.withLock { $0 = (index, entries) }
    return entries
  }

  private func contents(_ path: String, atMost limit: Int) -> [UInt8]? {
    try? files.contents(path, atMost: limit)
  }
}
