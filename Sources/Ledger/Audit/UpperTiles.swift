internal import Cryptography
internal import TransparencyLog

/// Recomputes the tiles above level 0 as the log goes by, and compares each with what is stored.
///
/// It holds at most 255 hashes for each level.
struct UpperTiles {
  private let source: any AuditSource
  /// How many entries the audit covers.
  private let size: UInt64
  /// By level, from level 1: the hashes of the tile that is not full yet.
  private var edges: [[Digest]] = []
  private var counts: [UInt64] = []

  init(source: any AuditSource, size: UInt64) {
    self.source = source
    self.size = size
  }

  /// Takes the root of the next full tile of level 0.
  mutating func append(_ node: Digest, _ log: inout FindingLog) throws {
    try append(node, level: 1, &log)
  }

  /// Compares the partial tiles at the right edge.
  func finish(_ log: inout FindingLog) throws {
    for (offset, edge) in edges.enumerated() where !edge.isEmpty {
      try compare(edge, level: offset + 1, index: counts[offset], &log)
    }
  }

  private mutating func append(_ node: Digest, level: Int, _ log: inout FindingLog) throws {
    if edges.count < level {
      edges.append([])
      counts.append(0)
    }
    edges[level - 1].append(node)
    guard edges[level - 1].count == Tile.fullWidth else { return }
    let full = edges[level - 1]
    edges[level - 1] = []
    try compare(full, level: level, index: counts[level - 1], &log)
    counts[level - 1] += 1
    try append(MerkleTree.root(of: full), level: level + 1, &log)
  }

  private func compare(
    _ hashes: [Digest], level: Int, index: UInt64, _ log: inout FindingLog
  ) throws {
    let span = UInt64(1) << UInt64(8 * level)
    let first = index * UInt64(Tile.fullWidth) * span
    guard let stored = try source.readableTile(level: level, index: index) else {
      log.add(
        Finding(
          .tileMissing, first, affected: UInt64(hashes.count) * span,
          "The stored fingerprints of level \(level) over the entries from \(first) are missing or unreadable.",
          "第 \(first) 条起的第 \(level) 层指纹缺失或无法读取。"))
      return
    }
    guard stored != hashes else { return }
    if stored.starts(with: hashes), hashes.count < Tile.fullWidth,
      try source.hasGrown(beyond: size)
    {
      return
    }
    let offset = zip(stored, hashes).prefix { $0 == $1 }.count
    let place = first + UInt64(offset) * span
    log.add(
      Finding(
        .wrongTile, place, affected: span,
        "The stored fingerprints of level \(level) do not follow from the entries, from entry \(place) on.",
        "第 \(level) 层指纹自第 \(place) 条起与条目不符。"))
  }
}

extension AuditSource {
  /// Whether somebody has appended since the audit began: the edge may then be wider than it was.
  func hasGrown(beyond size: UInt64) throws -> Bool {
    guard let head = try head(), let checkpoint = try? SignedCheckpoint(head.checkpoint) else {
      return false
    }
    return min(head.size, checkpoint.checkpoint.size) > size
  }
}
