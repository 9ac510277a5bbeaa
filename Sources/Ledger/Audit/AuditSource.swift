public import Cryptography
public import TransparencyLog

/// What an audit reads: entries, tiles, checkpoint and openings, from wherever they are kept.
///
/// Everything may be missing or wrong; that is what is looked for. A source answers with what is
/// there and mends nothing. Calls come from several threads at once.
public protocol AuditSource: Sendable {
  /// The head as the source has it, or `nil` if there is no entry.
  func head() throws -> StoredHead?

  /// The leaf bytes of one entry, or `nil` if there is none.
  func entry(_ index: UInt64) throws -> [UInt8]?

  /// Lends the leaf bytes of each entry of `range` in order; throws if one is missing.
  func scan(
    _ range: Range<UInt64>, _ body: (_ index: UInt64, _ leaf: Span<UInt8>) throws -> Void) throws

  /// The hashes of a tile as stored, or `nil` if there is no such tile.
  func tile(level: Int, index: UInt64) throws -> [Digest]?

  /// The opening of a commitment, or `nil` if it is not here.
  func opening(_ commitment: Digest) throws -> StoredOpening?

  /// The opening of a commitment that an entry seals; where several are stored, the one of that entry.
  func opening(_ commitment: Digest, of entry: UInt64) throws -> StoredOpening?

  /// Hands over every opening.
  func scanOpenings(_ body: (StoredOpening) throws -> Void) throws

  /// The cosignatures that are kept beside the checkpoint; none where it bears them itself.
  func cosignatures() throws -> [StoredCosignature]

  /// Hands over every timestamp that is kept, in order of its hash.
  func scanTimestamps(_ body: (StoredTimestamp) throws -> Void) throws

  /// Whether cosignatures are kept beside the checkpoint, so that it bears the log's signature alone.
  var keepsCosignaturesApart: Bool { get }

  /// How many entries and tiles are stored beside those of a log of `size` entries; `nil` if the
  /// source cannot tell, and the places right after the last are looked at instead.
  func strayCount(beside size: UInt64) throws -> UInt64?

  /// The same where what is stored has names; `nil` if it has none.
  func strayNames(beside size: UInt64) throws -> [String]?

  /// Why the checkpoint of a source without a head is none, if there is one that cannot be read.
  var checkpointProblem: String? { get }
}

/// A truth store that can say whether it holds rows that belong to no log of a given size.
public protocol StrayCounting: TruthStore {
  /// How many entries and tiles are stored beside those of a log of `size` entries.
  ///
  /// An entry belongs if its index is below `size`, a tile if a tree of that size has one in its
  /// place; how wide it is does not count.
  func strayCount(beside size: UInt64) throws(StorageError) -> UInt64
}

/// A truth store as an audit reads it.
public struct StoreAuditSource: AuditSource {
  private let store: any TruthStore

  /// The store to audit; nothing is written to it.
  public init(_ store: any TruthStore) { self.store = store }

  /// The head of the store.
  public func head() throws -> StoredHead? { try store.head() }
  /// The leaf bytes of one entry.
  public func entry(_ index: UInt64) throws -> [UInt8]? { try store.entry(index) }
  /// Lends the leaf bytes of a range of entries.
  public func scan(
    _ range: Range<UInt64>, _ body: (_ index: UInt64, _ leaf: Span<UInt8>) throws -> Void
  ) throws { try store.scan(range, body) }
  /// The hashes of a tile.
  public func tile(level: Int, index: UInt64) throws -> [Digest]? {
    try store.tile(level: level, index: index)
  }
  /// The opening of a commitment.
  public func opening(_ commitment: Digest) throws -> StoredOpening? {
    try store.opening(commitment)
  }
  /// Hands over every opening.
  public func scanOpenings(_ body: (StoredOpening) throws -> Void) throws {
    try store.scanOpenings(body)
  }
  /// The cosignatures that the store keeps.
  public func cosignatures() throws -> [StoredCosignature] { try store.cosignatures() }
  /// Hands over the timestamps that the store keeps.
  public func scanTimestamps(_ body: (StoredTimestamp) throws -> Void) throws {
    try store.scanTimestamps(body)
  }
  /// A store keeps them apart.
  public var keepsCosignaturesApart: Bool { true }
  /// What the store counts, if it can count.
  public func strayCount(beside size: UInt64) throws -> UInt64? {
    try (store as? any StrayCounting)?.strayCount(beside: size)
  }
}

extension AuditSource {
  /// None that has a name.
  public func strayNames(beside size: UInt64) throws -> [String]? { nil }

  /// They are counted by their names.
  public func strayCount(beside size: UInt64) throws -> UInt64? { nil }

  /// There is none.
  public var checkpointProblem: String? { nil }

  /// The checkpoint bears them itself.
  public var keepsCosignaturesApart: Bool { false }

  /// The one that there is.
  public func opening(_ commitment: Digest, of entry: UInt64) throws -> StoredOpening? {
    try opening(commitment)
  }

  /// A tile, with what the store calls damaged taken for missing: the audit says so itself.
  func readableTile(level: Int, index: UInt64) throws -> [Digest]? {
    do {
      return try tile(level: level, index: index)
    } catch let error as StorageError where error.code == .damaged {
      return nil
    }
  }

  /// An entry's header, or `nil` if there is none that can be read.
  func header(_ index: UInt64) throws -> EntryHeader? {
    guard let leaf = try entry(index) else { return nil }
    return try? EntryHeader.parse(leaf[...]).header
  }
}

/// The tiles of a source, for roots and proofs.
public struct SourceTiles: TileReader {
  private let source: any AuditSource

  /// The tiles of `source`.
  public init(source: any AuditSource) { self.source = source }

  /// The hashes of a tile; more than its width if the log has grown since.
  public func tile(_ tile: Tile) throws -> [Digest] {
    guard let hashes = try source.readableTile(level: tile.level, index: tile.index) else {
      throw StorageError(.damaged, "There is no tile \(tile.path).")
    }
    return hashes
  }
}
