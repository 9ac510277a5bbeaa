import Accountability
import Cryptography
import Encoding
import FoundationEssentials
import Ledger
import SQLiteStorage
import Testing
import TransparencyLog

@Suite struct `An audit of a ledger file` {
  private let folder = TemporaryFolder()

  /// Writes a ledger into a file, closed and whole.
  private func write(_ ledger: AuditLedger, to name: String) throws {
    let store = try SQLiteStore.create(at: "\(folder.path)/\(name)")
    var appender = TileAppender()
    for leaf in ledger.entries { appender.append(MerkleTree.leafHash(leaf)) }
    let checkpoint = try ledger.checkpoint().bytes
    try store.append(
      Batch(
        firstIndex: 0, entries: ledger.entries, tiles: appender.drain(), checkpoint: checkpoint,
        openings: ledger.openings))
    try store.release(checkpoint)
    try store.close()
  }

  private func audit(_ name: String, expecting checkpoint: [UInt8]) async throws -> AuditReport {
    let store = try SQLiteStore.open(at: "\(folder.path)/\(name)", access: .readOnly)
    var options = AuditOptions()
    options.anchors.expected = [checkpoint]
    let report = try await Auditor(store, options).run()
    try store.close()
    return report
  }

  @Test func `finds nothing in a sound one, whatever its size`() async throws {
    for size in [1, 40, 300] {
      let ledger = try AuditLedger.sound(size)
      try write(ledger, to: "\(size).db")
      let report = try await audit("\(size).db", expecting: ledger.checkpoint().bytes)
      #expect(report.findings.map(\.sentence.english) == [])
      #expect(report.size == UInt64(size))
      #expect(report.exitCode == 0)
    }
  }

  @Test func `finds a flipped bit of any value where it lies on the disk`() async throws {
    let ledger = try AuditLedger.sealed(24)
    try write(ledger, to: "sound.db")
    let expected = try ledger.checkpoint().bytes
    #expect(try await audit("sound.db", expecting: expected).findings == [])
    let sound = try folder.bytes(of: "sound.db")
    var values = ledger.entries.map { ("an entry", $0) }
    let tile = Tile.encode(ledger.entries.map { MerkleTree.leafHash($0) })
    values.append(("a tile", tile))
    values.append(("a checkpoint", expected))
    for opening in ledger.openings {
      values.append(("a salt", opening.opening.salt))
      values.append(("a content", opening.opening.content))
    }
    var random = SeededGenerator(seed: 7)
    for number in 0..<100 {
      let (name, value) = values[Int.random(in: 0..<values.count, using: &random)]
      let start = try #require(Self.place(of: value, in: sound), "\(name)")
      let bit = Int.random(in: 0..<(value.count * 8), using: &random)
      var changed = sound
      changed[start + bit / 8] ^= 1 << UInt8(bit % 8)
      try folder.write(changed, to: "changed.db")
      let report = try await audit("changed.db", expecting: expected)
      #expect(report.exitCode != 0, "flip \(number): bit \(bit) of \(name)")
      #expect(!report.findings.isEmpty, "flip \(number): bit \(bit) of \(name)")
    }
  }

  /// Where the bytes of a value begin in a file.
  private static func place(of value: [UInt8], in file: [UInt8]) -> Int? {
    Data(file).firstRange(of: Data(value))?.lowerBound
  }
}
