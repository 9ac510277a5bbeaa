import Cryptography
import Encoding
import FoundationEssentials
import Ledger
import TransparencyLog

/// An attacked ledger as an unpacked bundle, so that other verifiers can be held against the audit.
extension Truth {
  /// Where the attacked ledgers are left, if `ADVERSARY` says so.
  static let exports = ProcessInfo.processInfo.environment["ADVERSARY"]

  /// Writes it into a folder, with what the audit says of just that beside it, and the checkpoint that
  /// the auditor brings.
  ///
  /// What no bundle can hold is not written: entries that are missing or too long.
  func export(to folder: String, expecting kept: [UInt8]?) async throws {
    guard (0..<size).allSatisfy({ entries[$0] != nil }), size > 0,
      entries.values.allSatisfy({ (1...EntryBundle.maximumEntryByteCount).contains($0.count) })
    else { return }
    var files: [(path: String, bytes: [UInt8])] = [
      ("bundle", Array("onus/bundle/v1\nedition full\n".utf8)), ("checkpoint", released ?? newest),
    ]
    for tile in Tile.tiles(forSize: size) where tile.level == 0 {
      let first = tile.index * UInt64(Tile.fullWidth)
      let leaves = (first..<first + UInt64(tile.width)).map { entries[$0] ?? [] }
      files.append(
        (EntryBundle.path(index: tile.index, width: tile.width), try EntryBundle.encode(leaves)))
    }
    for (place, hashes) in tiles where (1...Tile.fullWidth).contains(hashes.count) {
      let tile = Tile(level: place.level, index: place.index, width: hashes.count)
      files.append((tile.path, Tile.encode(hashes)))
    }
    for row in openings {
      let zeros = String(repeating: "0", count: max(0, 16 - "\(row.entry)".utf8.count))
      let header =
        Array("onus/opening/v1\nmedia ".utf8) + row.media
        + Array("\nsalt \(Base64.encode(row.salt))\n\n".utf8)
      files.append(
        (
          "openings/\(zeros)\(row.entry)-\(Hex.encode(row.commitment.bytes))", header + row.content
        ))
    }
    for timestamp in stamped {
      let path = "timestamps/\(Hex.encode(timestamp.digest))"
      files.append(("\(path).tsr", timestamp.response))
      files.append(("\(path).checkpoint", timestamp.checkpoint))
    }
    for (path, bytes) in files {
      let url = URL(filePath: "\(folder)/\(path)")
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: url)
    }
    var options = AuditOptions()
    options.remembersHead = false
    if let kept {
      options.anchors.expected = [kept]
      try Data(kept).write(to: URL(filePath: "\(folder).expect"))
    }
    let report = try await Auditor(source: ExportAuditSource(folder), options).run()
    try Data(report.json.utf8).write(to: URL(filePath: "\(folder).json"))
  }
}
