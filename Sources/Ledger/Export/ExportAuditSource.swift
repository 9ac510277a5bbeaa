public import Cryptography
internal import Synchronization
internal import TransparencyLog

/// An export as an audit reads it: a tiles folder, or a bundle, which holds openings too.
///
/// What is there is answered, file by file under the names that the checkpoint's size gives them; what
/// lies beside those is named as stray. A file that is too long or does not parse is taken for missing.
/// What cannot be read, or is a link, a pipe or a folder in a file's place, ends the audit: of that
/// nothing was checked, so that nothing has failed.
public final class ExportAuditSource: AuditSource {
  let files: any ExportFiles
  private let checkpoint: [UInt8]
  /// The size that the checkpoint states, 0 if it states none that can be read.
  private let stated: UInt64
  /// The edition that the export states; a tiles folder is a public one.
  public let edition: AuditEdition
  let isBundle: Bool
  /// Why the checkpoint is none, after "cannot be read:".
  public let checkpointProblem: String?
  /// Everything that is there, in order of its path.
  let items: [(path: String, kind: FolderTree.Kind)]
  /// The bundle that was read last: single entries are asked for by neighbours.
  private let last = Mutex<(index: UInt64, entries: [[UInt8]])?>(nil)
  /// Where the openings are; of one commitment those of earlier entries first.
  private let openings: [Digest: [(entry: UInt64, path: String)]]

  /// The export at `path`, a folder or a bundle.
  ///
  /// - Throws: `LedgerError` of code ``LedgerError/Code/noLedger`` if there is neither a checkpoint
  ///   nor a tile in it, ``LedgerError/Code/malformedBundle`` if it is a file and no bundle or its
  ///   manifest is none, ``LedgerError/Code/fileFailed`` if something in it cannot be read.
  public init(_ path: String) throws {
    files = Files.isRegular(path) ? try ArchiveFiles(path) : FolderFiles(place: path)
    let bytes = try files.contents("checkpoint", atMost: Self.checkpointByteCount)
    let isThere = try bytes != nil || files.has("checkpoint")
    guard try isThere || files.hasTiles() else {
      throw LedgerError(
        .noLedger, "There is no exported ledger in \(path).",
        hint: "Name a folder that `onus export tiles` wrote, or a file of `onus export bundle`.")
    }
    checkpoint = bytes ?? []
    do {
      stated = try SignedCheckpoint(checkpoint).checkpoint.size
      checkpointProblem = nil
    } catch {
      stated = 0
      checkpointProblem =
        bytes != nil
        ? error.message
        : isThere ? "It has more than \(Self.checkpointByteCount) bytes." : "It is missing."
    }
    let manifest = try files.contents(BundleFormat.manifest, atMost: 1024)
    isBundle = try manifest != nil || files.has(BundleFormat.manifest)
    guard let edition = isBundle ? manifest.flatMap(BundleFormat.edition) : .public else {
      throw LedgerError(
        .malformedBundle, "The file \(BundleFormat.manifest) in \(path) states no edition.",
        hint: "It has two lines: onus/bundle/v1, and `edition full` or `edition public`.")
    }
    self.edition = edition
    items = try files.items()
    var openings: [Digest: [(entry: UInt64, path: String)]] = [:]
    for (path, kind) in items {
      switch kind {
      case .file: break
      case .link, .special:
        if Self.isOfLedger(path) { throw files.unreadable(path, kind) }
      case .folder:
        if ExportLayout.isFile(path, ofSize: stated) { throw files.unreadable(path, kind) }
      }
      guard isBundle, let place = BundleFormat.place(path) else { continue }
      guard kind == .file else { throw files.unreadable(path, kind) }
      openings[place.commitment, default: []].append((place.entry, path))
    }
    self.openings = openings
  }

  /// The checkpoint, over as many entries as there are bundles of without a gap.
  public func head() throws -> StoredHead? {
    var size: UInt64 = 0
    while let tile = Tile(level: 0, index: size / Self.width, inTreeOfSize: stated),
      try files.has(EntryBundle.path(index: tile.index, width: tile.width))
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
      let bytes = try files.contents(tile.path, atMost: Tile.fullWidth * Digest.byteCount)
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
    for (path, _) in items {
      if let stored = try stored(at: path) { try body(stored) }
    }
  }

  private func stored(at path: String) throws -> StoredOpening? {
    guard let place = BundleFormat.place(path) else { return nil }
    guard let bytes = try files.contents(path, atMost: BundleFormat.maximumByteCount) else {
      throw StorageError(
        .damaged,
        "\(path) has more bytes than the \(Limits.openingByteCount) of any content, and was not read."
      )
    }
    guard let opening = BundleFormat.opening(bytes) else {
      throw StorageError(.damaged, "\(path) holds no opening.")
    }
    return StoredOpening(commitment: place.commitment, entry: place.entry, opening: opening)
  }

  /// None: the checkpoint of an export bears its cosignatures itself.
  public func cosignatures() throws -> [StoredCosignature] { [] }

  /// Hands over every timestamp of a bundle, in order of its hash; a file that is missing or too long
  /// counts as empty. A tiles folder has none.
  public func scanTimestamps(_ body: (StoredTimestamp) throws -> Void) throws {
    guard isBundle else { return }
    let digests = Set(items.compactMap { BundleFormat.timestamp($0.path) })
    for digest in digests.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      let path = BundleFormat.path(ofTimestamp: digest)
      let ends = BundleFormat.timestampEnds
      try body(
        StoredTimestamp(
          digest: digest,
          checkpoint: try files.contents(
            path + ends.checkpoint, atMost: StoredTimestamp.maximumCheckpointByteCount) ?? [],
          response: try files.contents(
            path + ends.response, atMost: TimestampResponse.maximumByteCount) ?? []))
    }
  }

  /// What is there that belongs to no log of that size.
  public func strayNames(beside size: UInt64) throws -> [String]? {
    items.compactMap { path, kind in
      switch kind {
      case .file: belongs(path, to: size) ? nil : path
      case .folder(isEmpty: true): isBundle && !ExportLayout.isInTiles(path) ? nil : "\(path)/"
      case .folder(isEmpty: false): nil
      case .link, .special: isBundle && !ExportLayout.isInTiles(path) ? nil : path
      }
    }
  }

  // MARK: Files

  private static let width = UInt64(Tile.fullWidth)
  private static let checkpointByteCount = 1_000_000
  /// The longest bundle: every entry with its length before it.
  private static let bundleByteCount = Tile.fullWidth * (2 + EntryBundle.maximumEntryByteCount)

  private func belongs(_ path: String, to size: UInt64) -> Bool {
    // What else is in a bundle is for people, or checked as content.
    isBundle && !ExportLayout.isInTiles(path) || ExportLayout.isFile(path, ofSize: size)
  }

  /// Whether what is audited lies there, or below it.
  static func isOfLedger(_ path: String) -> Bool {
    let first = path.utf8.prefix { $0 != UInt8(ascii: "/") }
    return [
      "checkpoint", "tile", BundleFormat.manifest, BundleFormat.openings, BundleFormat.timestamps,
    ].contains { first.elementsEqual($0.utf8) }
  }

  /// The entries of a bundle; none if it is not there, or not as many as it should have.
  private func bundle(_ index: UInt64) throws -> [[UInt8]] {
    if let entries = last.withLock({ $0?.index == index ? $0?.entries : nil }) { return entries }
    guard let tile = Tile(level: 0, index: index, inTreeOfSize: stated),
      let bytes = try files.contents(
        EntryBundle.path(index: index, width: tile.width), atMost: Self.bundleByteCount),
      let slices = try? EntryBundle.decode(bytes), slices.count == tile.width
    else { return [] }
    let entries = slices.map { Array($0) }
    last.withLock { $0 = (index, entries) }
    return entries
  }
}
