internal import Accountability
internal import Cryptography
internal import Encoding
internal import TransparencyLog

/// Reads chunks, on any thread and in any order: hashes, parses, verifies signatures, opens seals.
struct ChunkReader: Sendable {
  /// Entries of one chunk: those of one tile.
  static let entryCount = UInt64(Tile.fullWidth)

  let source: any AuditSource
  let keys: KeyCandidates
  let checksSignatures: Bool
  /// Of how many entries the signatures were verified before.
  let verifiedCount: UInt64

  func read(_ range: Range<UInt64>) throws -> ReadChunk {
    let leaves = try self.leaves(range)
    let tile = try source.readableTile(level: 0, index: range.lowerBound / Self.entryCount)
    let start = try? MerkleTree.frontier(
      ofSize: range.lowerBound, from: SourceTiles(source: source))
    let parsed = leaves.map { $0.map(Self.parse) }
    for case .success(let entry)? in parsed { keys.learn(from: entry.submission) }
    var entries: [ReadEntry] = []
    entries.reserveCapacity(leaves.count)
    for (offset, bytes) in leaves.enumerated() {
      entries.append(try read(range.lowerBound + UInt64(offset), bytes, parsed[offset]))
    }
    return ReadChunk(
      range: range, entries: entries, tile: tile, start: start,
      end: start.flatMap { end(of: entries, tile, from: $0) })
  }

  // MARK: Bytes

  private func leaves(_ range: Range<UInt64>) throws -> [ArraySlice<UInt8>?] {
    do {
      var leaves = LeafBuffer(leafCount: range.count)
      try source.scan(range) { _, leaf in leaves.append(leaf) }
      return leaves.takeLeaves()
    } catch let error as StorageError where error.code == .damaged {
      // One by one, to see which are missing.
      return try range.map { index in
        do {
          return try source.entry(index)?[...]
        } catch let error as StorageError where error.code == .damaged {
          return nil
        }
      }
    }
  }

  private static func parse(_ bytes: ArraySlice<UInt8>) -> Result<Entry, LedgerError> {
    Result { () throws(LedgerError) in try Entry(bytes) }
  }

  private func read(
    _ index: UInt64, _ bytes: ArraySlice<UInt8>?, _ parsed: Result<Entry, LedgerError>?
  ) throws -> ReadEntry {
    let leaf = bytes.map { MerkleTree.leafHash($0) }
    switch parsed {
    case nil: return ReadEntry(index: index, leaf: nil, entry: nil)
    case .failure(let error)?:
      return ReadEntry(index: index, leaf: leaf, entry: nil, problem: error.description)
    case .success(let entry)?:
      let submission = entry.submission
      return ReadEntry(
        index: index, leaf: leaf, entry: entry,
        verdicts: checksSignatures && index >= verifiedCount ? verdicts(submission) : [],
        seals: try seals(submission, index))
    }
  }

  // MARK: The chain, if all is well

  private func end(
    of entries: [ReadEntry], _ tile: [Digest]?, from start: Frontier
  ) -> ReadChunk.End? {
    guard let tile, tile.count == entries.count else { return nil }
    var tree = ChunkTree(start: start)
    var time: Int64?
    for (read, stored) in zip(entries, tile) {
      guard let entry = read.entry, let leaf = read.leaf, leaf == stored,
        entry.index == read.index, entry.time.milliseconds >= time ?? .min,
        entry.root == tree.root
      else { return nil }
      time = entry.time.milliseconds
      tree.append(leaf)
    }
    return tree.frontier.map { ReadChunk.End(frontier: $0, subtree: tree.subtree) }
  }

  // MARK: Signatures and seals

  private func verdicts(_ submission: Submission) -> [SignatureVerdict] {
    var verdicts: [SignatureVerdict] = []
    for (line, signer) in submission.by.enumerated() {
      for key in keys.keys(named: signer.key) {
        let isValid = submission.isSigned(line, by: key)
        verdicts.append(SignatureVerdict(line: line, key: key, isValid: isValid))
        if isValid { break }
      }
    }
    return verdicts
  }

  private func seals(_ submission: Submission, _ index: UInt64) throws -> [SealReading] {
    let seals = submission.seals
    guard !seals.isEmpty else { return [] }
    var met: Set<Seal> = []
    var opened: Set<Digest> = []
    var readings: [SealReading] = []
    for seal in seals where met.insert(seal).inserted {
      var result = try reading(of: seal, by: submission.author.key, index)
      if !opened.insert(seal.commitment).inserted {
        // The content has been counted; what a further seal says of it must hold all the same.
        switch result {
        case .wrong(let message), .contradicted(let message): result = .contradicted(message)
        default: continue
        }
      }
      readings.append(SealReading(commitment: seal.commitment, result: result))
    }
    return readings
  }

  private func reading(
    of seal: Seal, by key: KeyName, _ index: UInt64
  ) throws -> SealReading.Result {
    let stored: StoredOpening
    do {
      guard let found = try source.opening(seal.commitment, of: index) else { return .missing }
      stored = found
    } catch let error as StorageError where error.code == .damaged {
      return .unreadable(error.message)
    }
    do {
      try seal.check(stored.opening, by: key)
      return stored.entry == index ? .opened : .openedElsewhere
    } catch {
      if stored.entry == index { return .wrong(error.message) }
      return stored.opening.commitment(by: key) == seal.commitment
        ? .contradicted(error.message) : .adopted(from: stored.entry)
    }
  }
}
