import Testing

@testable import Ledger

@Suite("A buffer of leaves")
struct LeafBufferTests {
  @Test(arguments: [
    [], [0], [0, 0, 5], [600, 700, 500], [192 << 10, 1], [1, 300_000, 2, 190_000, 10_000],
  ])
  func `hands over what was put in, in order`(_ counts: [Int]) {
    let leaves = counts.enumerated().map { place, count in
      (0..<count).map { UInt8(truncatingIfNeeded: $0 &+ place) }
    }
    var buffer = LeafBuffer(leafCount: 1)
    for leaf in leaves { buffer.append(leaf.span) }
    #expect(buffer.takeLeaves().map { Array($0) } == leaves)
    #expect(buffer.takeLeaves().isEmpty)
  }

  @Test func `lends entries that are those of their own bytes`() throws {
    let ledger = try LedgerFixture.opened()
    var buffer = LeafBuffer(leafCount: 2)
    var leaves: [[UInt8]] = []
    let size = try #require(try ledger.store.head()).size
    try ledger.store.scan(0..<size) { _, leaf in
      for _ in 0..<2 { buffer.append(leaf) }
      leaves.append([UInt8](copying: leaf))
    }
    #expect(!leaves.isEmpty)
    for (slice, leaf) in zip(buffer.takeLeaves(), leaves.flatMap { [$0, $0] }) {
      let (lent, alone) = (try Entry(slice), try Entry(leaf))
      #expect(lent == alone)
      #expect(lent.bytes == leaf)
      #expect(lent.submission.bytes == alone.submission.bytes)
      #expect(Array(lent.headerBytes) == Array(alone.headerBytes))
      #expect(lent.leafHash == alone.leafHash)
    }
  }
}
