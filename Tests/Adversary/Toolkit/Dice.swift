import Cryptography
import FoundationEssentials
import TransparencyLog

/// SplitMix64: the same attacks for the same seed.
struct Dice: RandomNumberGenerator {
  /// What `SEED` says, or what it usually is.
  static let seed = number("SEED", usually: 20_261_122)
  /// At how many places each attack is tried; `PLACES` says otherwise.
  static let placeCount = Int(number("PLACES", usually: 16))

  private var state: UInt64

  /// A sequence of its own for each attack and place.
  init(_ seed: UInt64, _ salt: String = "", _ place: Int = 0) {
    state = salt.utf8.reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 } &+ UInt64(place)
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  static func number(_ name: String, usually value: UInt64) -> UInt64 {
    ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) } ?? value
  }
}

extension Dice {
  mutating func index(_ range: Range<UInt64>) -> UInt64 { UInt64.random(in: range, using: &self) }

  /// Two different ones, the smaller first.
  mutating func pair(_ range: Range<UInt64>) -> (UInt64, UInt64) {
    let one = index(range.lowerBound..<range.upperBound - 1)
    let other = index(range.lowerBound..<range.upperBound - 1)
    return other >= one ? (one, other + 1) : (other, one)
  }

  /// So many different ones, in no order.
  mutating func several(_ range: Range<UInt64>, _ count: Int) -> [UInt64] {
    Array(Array(range).shuffled(using: &self).prefix(count))
  }

  mutating func place(in bytes: [UInt8]) -> Int { Int(index(0..<UInt64(bytes.count))) }

  /// Flips one bit, and says of which byte.
  @discardableResult
  mutating func flip(_ bytes: inout [UInt8]) -> Int {
    let place = place(in: bytes)
    bytes[place] ^= 1 << UInt8(index(0..<8))
    return place
  }

  mutating func digest() -> Digest { Digest(bytes(32..<33)) ?? MerkleTree.emptyRoot }

  mutating func bytes(_ count: Range<Int>) -> [UInt8] {
    (0..<Int.random(in: count, using: &self)).map { _ in UInt8.random(in: 0...255, using: &self) }
  }
}
