import Cryptography
import Encoding
import Testing
import TransparencyLog

@Suite struct `A tree` {
  @Test func `has the roots of RFC 6962`() throws {
    let leaves = try [
      "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
      "606162636465666768696a6b6c6d6e6f",
    ].map { MerkleTree.leafHash(try #require(Hex.decode($0))) }
    #expect(
      Hex.encode(MerkleTree.root(of: leaves).bytes)
        == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")
    #expect(
      Hex.encode(MerkleTree.emptyRoot.bytes)
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }

  @Test func `has the same root by every way of computing it`() throws {
    let leaves = leafHashes(600)
    let tiles = MemoryTiles(leaves: leaves)
    var frontier = Frontier()
    var appender = TileAppender()
    for size in 0...leaves.count {
      let root = NaiveTree.root(leaves.prefix(size))
      #expect(frontier.root == root)
      #expect(appender.root == root)
      #expect(try MerkleTree.root(ofSize: UInt64(size), from: tiles) == root)
      #expect(try MerkleTree.frontier(ofSize: UInt64(size), from: tiles) == frontier)
      guard size < leaves.count else { break }
      frontier.append(leaves[size])
      appender.append(leaves[size])
    }
  }

  @Test func `goes on from a kept frontier`() throws {
    let leaves = leafHashes(40)
    var whole = Frontier()
    for leaf in leaves.prefix(21) { whole.append(leaf) }
    var kept = try #require(Frontier(size: 21, nodes: whole.nodes))
    for leaf in leaves.dropFirst(21) {
      whole.append(leaf)
      kept.append(leaf)
    }
    #expect(kept == whole)
    #expect(kept.nodes.count == 2)
    #expect(Frontier(size: 21, nodes: Array(whole.nodes)) == nil)
    #expect(Frontier(size: 0, nodes: []) == Frontier())
  }

  @Test func `tells leaves from nodes`() {
    let (left, right) = (MerkleTree.leafHash([1]), MerkleTree.leafHash([2]))
    #expect(MerkleTree.leafHash(left.bytes + right.bytes) != MerkleTree.nodeHash(left, right))
    #expect(MerkleTree.nodeHash(left, right) != MerkleTree.nodeHash(right, left))
    #expect(MerkleTree.leafHash([1, 2][...]) == MerkleTree.leafHash([1, 2]))
  }
}
