import Cryptography
import Ledger
import TransparencyLog

/// The truth of a ledger as it lies on a disk: every value can be changed, and an audit reads it.
struct Truth: AuditSource, Equatable {
  /// Where a tile is kept.
  struct Place: Hashable, Comparable {
    var level = 0
    var index: UInt64 = 0
    static func < (left: Self, right: Self) -> Bool {
      (left.level, left.index) < (right.level, right.index)
    }
  }

  /// A row of openings, whatever its columns hold.
  struct Row: Hashable {
    var commitment: Digest
    var entry: UInt64
    var media: [UInt8]
    var salt: [UInt8]
    var content: [UInt8]

    init(_ stored: StoredOpening) {
      commitment = stored.commitment
      entry = stored.entry
      media = Array(stored.opening.media.utf8)
      salt = stored.opening.salt
      content = stored.opening.content
    }

    func stored() throws -> StoredOpening {
      guard
        let opening = try? Opening(
          media: String(decoding: media, as: UTF8.self), salt: salt, content: content)
      else { throw StorageError(.damaged, "The opening \(commitment) cannot be read.") }
      return StoredOpening(commitment: commitment, entry: entry, opening: opening)
    }
  }

  /// A row of timestamps.
  struct Stamp: Hashable {
    var digest: [UInt8]
    var checkpoint: [UInt8]
    var response: [UInt8]

    var stored: StoredTimestamp {
      StoredTimestamp(digest: digest, checkpoint: checkpoint, response: response)
    }
  }

  var entries: [UInt64: [UInt8]] = [:]
  var tiles: [Place: [Digest]] = [:]
  var newest: [UInt8] = []
  var released: [UInt8]?
  var openings: [Row] = []
  var cosigned: [StoredCosignature] = []
  var stamped: [Stamp] = []

  init() {}

  /// What a store holds.
  init(_ store: any TruthStore) throws {
    guard let head = try store.head() else { return }
    newest = head.checkpoint
    released = head.released
    for index in 0..<head.size { entries[index] = try store.entry(index) }
    for tile in Tile.tiles(forSize: head.size) {
      let place = Place(level: tile.level, index: tile.index)
      tiles[place] = try store.tile(level: tile.level, index: tile.index)
    }
    try store.scanOpenings { openings.append(Row($0)) }
    cosigned = try store.cosignatures()
    try store.scanTimestamps {
      stamped.append(Stamp(digest: $0.digest, checkpoint: $0.checkpoint, response: $0.response))
    }
  }

  var size: UInt64 { UInt64(entries.count) }

  /// The leaves in their order; setting them gives each its place.
  var leaves: [[UInt8]] {
    get { entries.sorted { $0.key < $1.key }.map(\.value) }
    set { entries = Dictionary(uniqueKeysWithValues: zip(0..., newValue)) }
  }

  // MARK: What an audit reads

  func head() -> StoredHead? {
    entries.keys.max().map { StoredHead(size: $0 &+ 1, checkpoint: newest, released: released) }
  }
  func entry(_ index: UInt64) -> [UInt8]? { entries[index] }
  func scan(
    _ range: Range<UInt64>, _ body: (_ index: UInt64, _ leaf: Span<UInt8>) throws -> Void
  ) throws {
    for index in range {
      guard let leaf = entries[index] else {
        throw StorageError(.damaged, "Entry \(index) is missing.")
      }
      try body(index, leaf.span)
    }
  }
  func tile(level: Int, index: UInt64) -> [Digest]? { tiles[Place(level: level, index: index)] }
  func opening(_ commitment: Digest) throws -> StoredOpening? {
    try openings.first { $0.commitment == commitment }?.stored()
  }
  func scanOpenings(_ body: (StoredOpening) throws -> Void) throws {
    for opening in openings.sorted(by: { ($0.entry, $0.commitment) < ($1.entry, $1.commitment) }) {
      try body(opening.stored())
    }
  }

  func cosignatures() -> [StoredCosignature] { cosigned }
  var keepsCosignaturesApart: Bool { true }
  func scanTimestamps(_ body: (StoredTimestamp) throws -> Void) throws {
    for stamp in stamped { try body(stamp.stored) }
  }
  func strayCount(beside size: UInt64) -> UInt64? {
    let strayTiles = tiles.keys.count {
      Tile(level: $0.level, index: $0.index, inTreeOfSize: size) == nil
    }
    return UInt64(entries.keys.count { $0 >= size } + strayTiles)
  }

  /// Audits it with the checkpoint that it had before anything was changed, kept elsewhere.
  func audit(
    expecting checkpoint: [UInt8]? = nil, _ change: (inout AuditOptions) -> Void = { _ in }
  ) async throws -> AuditReport {
    var options = AuditOptions()
    options.remembersHead = false
    if let checkpoint { options.anchors.expected = [checkpoint] }
    change(&options)
    return try await Auditor(source: self, options).run()
  }
}
