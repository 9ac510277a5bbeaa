public import Cryptography
internal import GRDB
public import Ledger
internal import TransparencyLog

extension SQLiteStore {
  /// The head, or `nil` in a store without entries. One statement, so one state of the file.
  public func head() throws(StorageError) -> StoredHead? {
    try reading { db in
      try db.withFirstRow(of: .head) { row in
        let size = try Self.size(row)
        guard size > 0 else { return nil }
        let (newest, released) = try Self.checkpoints(after: row)
        guard let newest else {
          throw StorageError(.damaged, "The ledger has entries but no checkpoint over them.")
        }
        return StoredHead(size: size, checkpoint: newest, released: released)
      } ?? nil
    }
  }

  /// The checkpoints of a row of ``LedgerStatement/head`` and of those that follow it.
  static func checkpoints(
    after head: LentColumns
  ) throws -> (newest: [UInt8]?, released: [UInt8]?) {
    var notes: [String: [UInt8]] = [:]
    while try head.step() {
      let name = head.text(1)
      if notes[name] == nil { notes[name] = head.bytes(2) }
    }
    return (notes[LedgerStatement.newest], notes[LedgerStatement.released])
  }

  /// The leaf bytes of one entry, or `nil` beyond the last.
  public func entry(_ index: UInt64) throws(StorageError) -> [UInt8]? {
    try reading { db in
      try db.withFirstRow(of: .entry, [Int64(clamping: index)]) { $0.bytes(0) }
    }
  }

  /// Lends the leaf bytes of each entry of `range` in order, from the page they lie on.
  ///
  /// What is appended during the scan is not part of it. `body` may call the store.
  public func scan(
    _ range: Range<UInt64>, _ body: (_ index: UInt64, _ leaf: Span<UInt8>) throws -> Void
  ) throws {
    do {
      try withDatabase { db in
        var next = range.lowerBound
        let bounds: StatementArguments = [
          Int64(clamping: range.lowerBound), Int64(clamping: range.upperBound),
        ]
        try db.forEachRow(of: .scan, bounds) { row in
          guard UInt64(bitPattern: row.integer(0)) == next else { throw Self.missing(next) }
          try row.withBytes(1) { leaf in try body(next, leaf) }
          next += 1
        }
        guard next == range.upperBound || range.isEmpty else { throw Self.missing(next) }
      }
    } catch let error as DatabaseError {
      throw StorageError(reading: error)
    }
  }

  /// The hashes of a tile as stored, or `nil` if there is no such tile.
  public func tile(level: Int, index: UInt64) throws(StorageError) -> [Digest]? {
    guard let place = Self.place(level: level, index: index) else { return nil }
    return try reading { db in
      try db.withFirstRow(of: .tile, [place]) { row throws in
        let bytes = row.bytes(0)
        let width = bytes.count / Digest.byteCount
        guard (1...Tile.fullWidth).contains(width), bytes.count % Digest.byteCount == 0 else {
          throw StorageError(
            .damaged, "Tile \(index) of level \(level) has \(bytes.count) bytes.",
            hint: "A tile is 1 to 256 hashes of 32 bytes.")
        }
        return try Tile(level: level, index: index, width: width).decode(bytes)
      }
    }
  }

  /// The opening of a commitment, or `nil` if it is not here.
  public func opening(_ commitment: Digest) throws(StorageError) -> StoredOpening? {
    try reading { db in
      try db.withFirstRow(of: .opening, [commitment.data]) { try Self.opening($0, commitment) }
    }
  }

  /// Hands over every opening, in order of entry, then commitment. `body` may call the store.
  public func scanOpenings(_ body: (StoredOpening) throws -> Void) throws {
    do {
      try withDatabase { db in
        try db.forEachRow(of: .openings) { row in
          guard let commitment = Digest(row.bytes(4, atMost: Digest.byteCount + 1)) else {
            throw StorageError(.damaged, "An opening is stored under no commitment.")
          }
          try body(try Self.opening(row, commitment))
        }
      }
    } catch let error as DatabaseError {
      throw StorageError(reading: error)
    }
  }

  /// The newest cosignature of each witness, in order of their verifier keys.
  public func cosignatures() throws(StorageError) -> [StoredCosignature] {
    try reading { db in
      guard try LedgerSchema.version(of: db) >= LedgerSchema.cosignaturesSince else { return [] }
      var cosignatures: [StoredCosignature] = []
      try db.forEachRow(of: .cosignatures) { row in
        cosignatures.append(StoredCosignature(vkey: row.text(0), checkpoint: row.bytes(1)))
      }
      return cosignatures
    }
  }

  /// Hands over every timestamp, in order of its hash. `body` may call the store.
  public func scanTimestamps(_ body: (StoredTimestamp) throws -> Void) throws {
    do {
      try withDatabase { db in
        guard try LedgerSchema.version(of: db) >= LedgerSchema.timestampsSince else { return }
        try db.forEachRow(of: .timestamps) { row in
          // One byte more than there can be shows that there are too many.
          try body(
            StoredTimestamp(
              digest: row.bytes(0, atMost: Digest.byteCount + 1),
              checkpoint: row.bytes(1, atMost: StoredTimestamp.maximumCheckpointByteCount + 1),
              response: row.bytes(2, atMost: TimestampResponse.maximumByteCount + 1)))
        }
      }
    } catch let error as DatabaseError {
      throw StorageError(reading: error)
    }
  }

  /// Where a tile is kept; `nil` if no tree has such a tile.
  static func place(level: Int, index: UInt64) -> Int64? {
    guard (0..<8).contains(level), index >> LedgerSchema.levelShift == 0 else { return nil }
    return Int64(level) << Int64(LedgerSchema.levelShift) | Int64(index)
  }

  /// How many entries there are, by a row of ``LedgerStatement/head``.
  static func size(_ head: LentColumns) throws(StorageError) -> UInt64 {
    guard !head.isNull(0) else { return 0 }
    guard let last = UInt64(exactly: head.integer(0)) else {
      throw StorageError(
        .damaged, "The entries of the ledger all stand at places below 0.",
        hint: "Restore it from a backup or an export.")
    }
    return last + 1
  }

  private func reading<R>(_ body: (Database) throws -> R) throws(StorageError) -> R {
    do { return try withDatabase(body) } catch { throw StorageError(reading: error) }
  }

  /// What `type/subtype` has of 64 bytes each.
  private static let maximumMediaByteCount = 129

  private static func opening(
    _ row: LentColumns, _ commitment: Digest
  ) throws(StorageError) -> StoredOpening {
    do {
      return StoredOpening(
        commitment: commitment, entry: UInt64(bitPattern: row.integer(0)),
        opening: try Opening(
          media: String(decoding: row.bytes(1, atMost: maximumMediaByteCount + 1), as: UTF8.self),
          salt: row.bytes(2, atMost: Opening.saltByteCount + 1), content: row.bytes(3)))
    } catch {
      throw StorageError(
        .damaged, "The opening of \(commitment) is not one: \(error.message)",
        hint: "Ask the department that sealed it for its copy.")
    }
  }

  private static func missing(_ index: UInt64) -> StorageError {
    StorageError(
      .damaged, "Entry \(index) is missing from the ledger.",
      hint: "Run `onus audit`, which says what else is wrong.")
  }
}
