public import Cryptography
public import TransparencyLog

/// Where the truth of one ledger is kept: entries, hash tiles, the newest checkpoint, openings.
///
/// A store judges nothing and derives nothing. It keeps what it is given, in one transaction or not
/// at all, and gives back the same bytes. Entries are its exact leaf bytes, indexed from 0 without
/// a gap. A store is opened empty; the first batch makes it a ledger.
///
/// Appending has two steps, so that no checkpoint is seen by anyone before the guard beside the log
/// key holds it: ``append(_:)`` makes entries and checkpoint durable but *unreleased*, and
/// ``release(_:)`` shows them. Readers and exports use ``StoredHead/released`` only. Tiles are
/// stored at the size of the newest entry, which can be beyond the released size; a tile may
/// therefore be wider than a reader of the released tree needs, and its first hashes are the ones.
///
/// Calls may come from any thread. One writer at a time: a store refuses a batch that does not
/// begin at its head, and takes its own lock across processes for the length of an append.
public protocol TruthStore: AnyObject, Sendable {
  /// The head, or `nil` in a store without entries.
  func head() throws(StorageError) -> StoredHead?

  /// The leaf bytes of one entry, or `nil` beyond the last.
  func entry(_ index: UInt64) throws(StorageError) -> [UInt8]?

  /// Lends the leaf bytes of each entry of `range` in order, without copying them where it can.
  ///
  /// - Throws: What `body` throws, and `StorageError`: ``StorageError/Code/damaged`` if an entry of
  ///   the range is missing.
  func scan(
    _ range: Range<UInt64>, _ body: (_ index: UInt64, _ leaf: Span<UInt8>) throws -> Void) throws

  /// The hashes of a tile as stored, 1 to 256 of them, or `nil` if there is no such tile.
  ///
  /// Level 0 holds leaf hashes; a hash of level *l* covers 256^l leaves.
  func tile(level: Int, index: UInt64) throws(StorageError) -> [Digest]?

  /// The opening of a commitment, or `nil` if it is not here.
  func opening(_ commitment: Digest) throws(StorageError) -> StoredOpening?

  /// Hands over every opening, in order of entry, then commitment.
  func scanOpenings(_ body: (StoredOpening) throws -> Void) throws

  /// The newest cosignature of each witness, in order of their verifier keys.
  func cosignatures() throws(StorageError) -> [StoredCosignature]

  /// Hands over every timestamp, in order of its hash; what is longer than one can be is cut short.
  func scanTimestamps(_ body: (StoredTimestamp) throws -> Void) throws

  /// Makes a batch durable in one transaction, unreleased. On return it has reached the disk.
  ///
  /// - Throws: ``StorageError/Code/headMoved`` if the batch does not begin at the head,
  ///   ``StorageError/Code/notWritten`` if nothing was kept, ``StorageError/Code/unknownOutcome``
  ///   if that cannot be told.
  func append(_ batch: Batch) throws(StorageError)

  /// Shows the newest checkpoint to readers. Doing so again changes nothing.
  ///
  /// - Parameter checkpoint: The newest checkpoint, byte for byte as it was appended.
  /// - Throws: ``StorageError/Code/headMoved`` if it is not the newest.
  func release(_ checkpoint: [UInt8]) throws(StorageError)

  /// Adds openings of entries that are here, in one transaction; one that is stored already is left
  /// as it is.
  ///
  /// KNOWN GAP: nothing here knows which contents were erased by order. Until `content.erased` is an
  /// event, and both callers ask for it, a copy from before brings them back.
  func addOpenings(_ openings: [StoredOpening]) throws(StorageError)

  /// Keeps a cosignature in the place of the one of the same witness.
  ///
  /// That it verifies, and that its checkpoint is one of this log, is the caller's to know.
  func keepCosignature(_ cosignature: StoredCosignature) throws(StorageError)

  /// Keeps a timestamp; one that is stored already is left as it is.
  ///
  /// That it is of its checkpoint, and that this is one of the log, is the caller's to know.
  func keepTimestamp(_ timestamp: StoredTimestamp) throws(StorageError)

  /// Deletes the openings of these commitments for good; those that are not here do not count.
  ///
  /// The rule that this needs an entry of type `content.erased` is the caller's.
  ///
  /// - Returns: How many there were.
  func eraseOpenings(_ commitments: [Digest]) throws(StorageError) -> Int
}

/// The end of a stored log.
public struct StoredHead: Hashable, Sendable {
  /// How many entries there are.
  public let size: UInt64
  /// The newest signed checkpoint, over all `size` entries; perhaps not released yet.
  public let checkpoint: [UInt8]
  /// The newest checkpoint that was released, if any was. Readers use this one.
  public let released: [UInt8]?

  /// A head of these parts.
  public init(size: UInt64, checkpoint: [UInt8], released: [UInt8]?) {
    self.size = size
    self.checkpoint = checkpoint
    self.released = released
  }
}

/// What one transaction adds.
public struct Batch: Sendable {
  /// The index of the first entry, which is the size of the log before.
  public let firstIndex: UInt64
  /// The leaf bytes of the entries, at least one.
  public let entries: [[UInt8]]
  /// Every tile that changes, in its new state: `tile.width` hashes each.
  public let tiles: [(tile: Tile, hashes: [Digest])]
  /// The signed checkpoint over everything to the end of the batch.
  public let checkpoint: [UInt8]
  /// The openings that came with the entries. One that is stored already is left as it is.
  public let openings: [StoredOpening]

  /// A batch of these parts.
  public init(
    firstIndex: UInt64, entries: [[UInt8]], tiles: [(tile: Tile, hashes: [Digest])],
    checkpoint: [UInt8], openings: [StoredOpening] = []
  ) {
    self.firstIndex = firstIndex
    self.entries = entries
    self.tiles = tiles
    self.checkpoint = checkpoint
    self.openings = openings
  }

  /// The size of the log after the batch.
  public var size: UInt64 { firstIndex + UInt64(entries.count) }
}

/// A cosignature as a store keeps it: one for each witness, with the checkpoint that it is on.
public struct StoredCosignature: Hashable, Sendable {
  /// The witness's verifier key, as text; nothing is checked.
  public let vkey: String
  /// The checkpoint, verbatim, with the log's signature line and the witness's.
  public let checkpoint: [UInt8]

  /// A cosignature of these parts.
  public init(vkey: String, checkpoint: [UInt8]) {
    self.vkey = vkey
    self.checkpoint = checkpoint
  }
}

/// An opening as a store keeps it: by commitment, with the entry that first sealed it.
public struct StoredOpening: Hashable, Sendable {
  /// The commitment it opens.
  public let commitment: Digest
  /// The first entry that holds the commitment.
  public let entry: UInt64
  /// Salt and content.
  public let opening: Opening

  /// An opening and its place.
  public init(commitment: Digest, entry: UInt64, opening: Opening) {
    self.commitment = commitment
    self.entry = entry
    self.opening = opening
  }
}
