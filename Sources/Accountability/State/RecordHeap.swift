/// Encoded records end to end, each found by where it lies.
///
/// A list of arrays would take 48 bytes more for each than what it holds. What is put in the place of a
/// record lies at the end, and the old one stays until nobody can ask for it again.
struct RecordHeap: Sendable {
  /// Where a record lies: its block, its first byte there, and how many it has.
  struct Place: Sendable, Equatable {
    fileprivate let block: UInt32
    fileprivate let offset: UInt32
    fileprivate let byteCount: UInt32

    /// Where nothing lies: a record was looked for and there is none.
    static let nothing = Place(block: .max, offset: 0, byteCount: 0)
    var isNothing: Bool { block == .max }
  }

  /// As many bytes as a block is made for; a longer record has one of its own.
  private static let blockByteCount = 1 << 16

  private var blocks: [[UInt8]] = []

  /// Takes a record in.
  mutating func add(_ bytes: [UInt8]) -> Place {
    if blocks.last.map({ $0.count + bytes.count > Self.blockByteCount }) ?? true {
      var block: [UInt8] = []
      block.reserveCapacity(max(Self.blockByteCount, bytes.count))
      blocks.append(block)
    }
    let last = blocks.count - 1
    let place = Place(
      block: UInt32(last), offset: UInt32(blocks[last].count), byteCount: UInt32(bytes.count))
    blocks[last].append(contentsOf: bytes)
    return place
  }

  /// The record that lies there; `nil` where nothing does.
  subscript(place: Place) -> [UInt8]? {
    guard !place.isNothing else { return nil }
    let start = Int(place.offset)
    return Array(blocks[Int(place.block)][start..<(start + Int(place.byteCount))])
  }
}
