internal import Cryptography
internal import Encoding
internal import TransparencyLog

/// The Merkle tree recomputed from the entries, in order: hashes, tiles, `root` lines, indexes,
/// times.
///
/// A chunk that its reader found whole costs one comparison here. Any other is gone through entry
/// by entry, so that one break is one finding, laid where it is (`docs/design.md`, *Auditing*): an
/// entry is compared with its stored hash first; where they differ, the next `root` line that
/// follows from one of them says which was changed, and the chain goes on with the other.
struct Chain {
  /// A chunk in its place.
  struct Placed {
    /// The computed root before each entry.
    var roots: [Digest]
    /// Entries whose bytes are not those that were recorded, or that are missing, each with the
    /// number of the finding on it.
    var broken: [UInt64: Int] = [:]
  }

  private let source: any AuditSource
  private let size: UInt64
  /// From where on signatures are verified; `nil` if nowhere.
  private let verifiedFrom: UInt64?
  private(set) var frontier = Frontier()
  private(set) var upper: UpperTiles
  private var lastTime: Timestamp?
  private var divergence = Divergence()

  init(source: any AuditSource, size: UInt64, verifiedFrom: UInt64? = nil) {
    self.source = source
    self.size = size
    self.verifiedFrom = verifiedFrom
    upper = UpperTiles(source: source, size: size)
  }

  /// The time of the last entry that can be believed.
  var time: Timestamp? { lastTime }

  /// Goes through the next chunk.
  ///
  /// - Parameter confirming: The root that is stated after the chunk: by the next entry, or by the
  ///   checkpoint; only asked for if something differs.
  mutating func take(
    _ chunk: ReadChunk, confirming: () throws -> Digest?, _ log: inout FindingLog
  ) throws -> Placed {
    if let end = chunk.end, chunk.start == frontier, !divergence.isOpen,
      let first = chunk.entries.first?.entry, lastTime.map({ first.time >= $0 }) ?? true
    {
      frontier = end.frontier
      lastTime = chunk.entries.last?.entry?.time
      try closeTile(chunk, end.subtree, &log)
      return Placed(roots: chunk.entries.compactMap(\.entry?.root))
    }
    var leaves = LeafChoice(chunk, from: frontier)
    leaves.settle(confirming: try confirming())
    var placed = Placed(roots: [])
    try report(leaves, chunk, &placed, &log)
    for (read, leaf) in zip(chunk.entries, leaves.leaves) {
      let root = frontier.root
      placed.roots.append(root)
      if placed.broken[read.index] == nil, let entry = read.entry {
        check(entry, read, root, &log)
      } else if placed.broken[read.index] == nil, let problem = read.problem {
        log.add(
          Finding(
            .entryUnreadable, read.index,
            "Entry \(read.index) was recorded in a form that no entry has: \(problem)",
            "第 \(read.index) 条记录时即不符合条目格式。"))
        divergence.pass(over: read.index)
      }
      frontier.append(leaf)
    }
    try closeTile(chunk, MerkleTree.root(of: leaves.leaves), &log)
    return placed
  }

  /// What is left to compare when all chunks have gone by.
  mutating func finish(_ log: inout FindingLog) throws {
    divergence.close(&log)
    try upper.finish(&log)
  }

  private mutating func closeTile(
    _ chunk: ReadChunk, _ subtree: Digest, _ log: inout FindingLog
  ) throws {
    if chunk.entries.count == Tile.fullWidth { try upper.append(subtree, &log) }
  }

  // MARK: One entry

  private mutating func check(
    _ entry: Entry, _ read: ReadEntry, _ root: Digest, _ log: inout FindingLog
  ) {
    let index = read.index
    if entry.index != index {
      log.add(
        Finding(
          .wrongIndex, index,
          "Entry \(index) calls itself number \(entry.index).",
          "第 \(index) 条自称为第 \(entry.index) 条。"))
    }
    if let lastTime, entry.time < lastTime {
      log.add(
        Finding(
          .timeWentBack, index,
          "Entry \(index) is dated \(entry.time), before the entry that precedes it (\(lastTime)).",
          "第 \(index) 条的时间 \(entry.time) 早于前一条（\(lastTime)）。"))
    }
    lastTime = max(lastTime ?? entry.time, entry.time)
    let isVerified = verifiedFrom.map { $0 <= index } ?? false
    divergence.take(
      entry, at: index, root, isVerified ? Divergence.Authorship(read.verdicts) : .unchecked, &log)
  }

  // MARK: What the choice of leaves found

  private func report(
    _ leaves: LeafChoice, _ chunk: ReadChunk, _ placed: inout Placed, _ log: inout FindingLog
  ) throws {
    try reportTile(chunk, leaves, &log)
    var missing: Range<UInt64>?
    func flush() {
      guard let run = missing else { return }
      let last = run.upperBound - 1
      let number = log.add(
        Finding(
          .entryMissing, run.lowerBound, affected: UInt64(run.count),
          run.count == 1
            ? "Entry \(run.lowerBound) is missing."
            : "The entries \(run.lowerBound) to \(last) are missing.",
          run.count == 1
            ? "第 \(run.lowerBound) 条缺失。" : "第 \(run.lowerBound) 至 \(last) 条缺失。"))
      for index in run { placed.broken[index] = number }
      missing = nil
    }
    for (read, verdict) in zip(chunk.entries, leaves.verdicts) {
      if read.leaf == nil {
        missing = (missing?.lowerBound ?? read.index)..<(read.index + 1)
        continue
      }
      flush()
      guard verdict == .entryAltered || verdict == .undecided else { continue }
      placed.broken[read.index] = log.add(Self.altered(read, verdict))
    }
    flush()
  }

  private func reportTile(
    _ chunk: ReadChunk, _ leaves: LeafChoice, _ log: inout FindingLog
  ) throws {
    let first = chunk.range.lowerBound
    let count = chunk.entries.count
    guard let tile = chunk.tile else {
      log.add(
        Finding(
          .tileMissing, first, affected: UInt64(count),
          "The stored fingerprints of the entries from \(first) are missing or unreadable.",
          "第 \(first) 条起的指纹缺失或无法读取。"))
      return
    }
    let isGrown = try tile.count > count && source.hasGrown(beyond: size)
    if tile.count != count, !isGrown {
      log.add(
        Finding(
          .wrongTile, first, affected: UInt64(count),
          "\(tile.count) fingerprints are stored for the \(count) entries from \(first).",
          "第 \(first) 条起共 \(count) 条，却保存了 \(tile.count) 个指纹。"))
    }
    let altered = zip(chunk.entries, leaves.verdicts).filter { $0.1 == .tileAltered }
    guard let place = altered.first?.0.index else { return }
    log.add(
      Finding(
        .tileAltered, place, affected: UInt64(altered.count),
        "The stored fingerprint of entry \(place) was changed; the entry itself is as it was recorded.",
        "第 \(place) 条的指纹被改动；条目本身与记录时一致。"))
  }

  private static func altered(_ read: ReadEntry, _ verdict: LeafChoice.Verdict) -> Finding {
    let index = read.index
    guard verdict == .entryAltered else {
      return Finding(
        .entryOrTileAltered, index,
        "Entry \(index) and its stored fingerprint disagree, and nothing shows which was changed.",
        "第 \(index) 条与其指纹不符，且无法判断改动的是哪一个。")
    }
    if let entry = read.entry, entry.index != index {
      return Finding(
        .entryAltered, index,
        "In the place of entry \(index) stands the one that calls itself number \(entry.index).",
        "第 \(index) 条的位置上是自称第 \(entry.index) 条的条目。")
    }
    return Finding(
      .entryAltered, index,
      "The bytes of entry \(index) are not those that were recorded: it was changed afterwards.",
      "第 \(index) 条的内容与记录时不同：事后被改动。")
  }
}
