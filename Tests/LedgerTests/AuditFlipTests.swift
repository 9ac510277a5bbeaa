import Accountability
import Cryptography
import Encoding
import Ledger
import Testing
import TransparencyLog

/// SplitMix64: the same flips for the same seed.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}

@Suite struct `An audit after one bit was flipped` {
  /// Flips one bit of one value, in any row and column, and says which.
  private func flip(_ source: inout EditableSource, _ random: inout SeededGenerator) -> String {
    func flip(_ bytes: inout [UInt8]) -> String {
      let bit = Int.random(in: 0..<(bytes.count * 8), using: &random)
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      return "bit \(bit)"
    }
    func flip(_ number: inout UInt64) { number ^= 1 << UInt64.random(in: 0..<63, using: &random) }
    let index = UInt64.random(in: 0..<UInt64(source.entries.count), using: &random)
    let place = source.tiles.keys.sorted()[Int.random(in: 0..<source.tiles.count, using: &random)]
    let number = Int.random(in: 0..<max(1, source.openings.count), using: &random)
    switch Int.random(in: 0..<(source.openings.isEmpty ? 6 : 11), using: &random) {
    case 0:
      var leaf = source.entries[index] ?? []
      let bit = flip(&leaf)
      source.entries[index] = leaf
      return "entry \(index) \(bit)"
    case 1:
      var moved = index
      flip(&moved)
      source.entries[moved] = source.entries.removeValue(forKey: index)
      return "index \(index) to \(moved)"
    case 2:
      var bytes = Tile.encode(source.tiles[place] ?? [])
      let bit = flip(&bytes)
      source.tiles[place] = try? Tile(level: 0, index: 0, width: bytes.count / 32).decode(bytes)
      return "tile \(place) \(bit)"
    case 3:
      var moved = place
      flip(&moved.index)
      source.tiles[moved] = source.tiles.removeValue(forKey: place)
      return "tile \(place) to \(moved)"
    case 4: return "newest \(flip(&source.newest))"
    case 5:
      var bytes = source.released ?? []
      let bit = flip(&bytes)
      source.released = bytes
      return "released \(bit)"
    case 6:
      var bytes = source.openings[number].commitment.bytes
      let bit = flip(&bytes)
      source.openings[number].commitment = Digest(bytes) ?? MerkleTree.emptyRoot
      return "commitment \(number) \(bit)"
    case 7:
      flip(&source.openings[number].entry)
      return "entry of opening \(number)"
    case 8: return "media \(number) \(flip(&source.openings[number].media))"
    case 9: return "salt \(number) \(flip(&source.openings[number].salt))"
    default: return "content \(number) \(flip(&source.openings[number].content))"
    }
  }

  @Test(arguments: [20_261_122]) func `finds each of 300, and what a flip back leaves is sound`(
    _ seed: UInt64
  ) async throws {
    let ledger = try AuditLedger.sealed(40)
    let expected = try ledger.checkpoint().bytes
    let source = try ledger.source()
    let sound = try await source.audit(expecting: expected)
    try #require(sound.findings.map(\.sentence.english) == [])
    var random = SeededGenerator(seed: seed)
    for _ in 0..<300 {
      var changed = source
      let what = flip(&changed, &random)
      let report = try await changed.audit(expecting: expected)
      #expect(report.exitCode != 0 && !report.findings.isEmpty, "\(what), seed \(seed)")
    }
  }
}
