import Cryptography
import Encoding
import Testing
import TransparencyLog

@Suite struct `An inclusion proof` {
  @Test func `is made and holds for every leaf of every small tree`() throws {
    let leaves = leafHashes(70)
    let tiles = MemoryTiles(leaves: leaves)
    for size in 1...leaves.count {
      let root = NaiveTree.root(leaves.prefix(size))
      for index in 0..<size {
        let proof = try InclusionProof.make(index: UInt64(index), size: UInt64(size), from: tiles)
        try proof.check(leaf: leaves[index], root: root)
        #expect(proof.path.count <= 7)
        #expect(proof.rootBefore == NaiveTree.root(leaves.prefix(index)))
      }
    }
  }

  @Test func `holds for no other leaf, index, size or root`() throws {
    let leaves = leafHashes(19)
    let tiles = MemoryTiles(leaves: leaves)
    for size in 1...leaves.count {
      let root = NaiveTree.root(leaves.prefix(size))
      for index in 0..<size {
        let proof = try InclusionProof.make(index: UInt64(index), size: UInt64(size), from: tiles)
        for other in 0..<leaves.count where other != index {
          #expect(throws: ProofError.self) { try proof.check(leaf: leaves[other], root: root) }
          var moved = proof
          moved.index = UInt64(other)
          #expect(throws: ProofError.self) { try moved.check(leaf: leaves[index], root: root) }
        }
        for other in 0...leaves.count where other != size {
          let otherRoot = NaiveTree.root(leaves.prefix(other))
          #expect(throws: ProofError.self) { try proof.check(leaf: leaves[index], root: otherRoot) }
        }
      }
    }
  }

  @Test func `fails with any bit of any hash turned`() throws {
    let leaves = leafHashes(300)
    let tiles = MemoryTiles(leaves: leaves)
    let root = NaiveTree.root(leaves[...])
    for index in [0, 255, 256, 299] {
      let proof = try InclusionProof.make(index: UInt64(index), size: 300, from: tiles)
      for place in proof.path.indices {
        for bit in 0..<256 {
          var other = proof
          other.path[place] = try flipped(proof.path[place], bit: bit)
          #expect(throws: ProofError.self) { try other.check(leaf: leaves[index], root: root) }
        }
        var shorter = proof
        shorter.path.remove(at: place)
        #expect(throws: ProofError.self) { try shorter.check(leaf: leaves[index], root: root) }
        var longer = proof
        longer.path.insert(root, at: place)
        #expect(throws: ProofError.self) { try longer.check(leaf: leaves[index], root: root) }
      }
      for bit in 0..<256 {
        let (leaf, other) = (try flipped(leaves[index], bit: bit), try flipped(root, bit: bit))
        #expect(throws: ProofError.self) { try proof.check(leaf: leaf, root: root) }
        #expect(throws: ProofError.self) { try proof.check(leaf: leaves[index], root: other) }
      }
    }
  }

  @Test func `says what is wrong with it`() throws {
    let leaves = leafHashes(6)
    let root = NaiveTree.root(leaves[...])
    let proof = try InclusionProof.make(index: 2, size: 6, from: MemoryTiles(leaves: leaves))
    func code(_ change: (inout InclusionProof) -> Void) -> ProofError.Code? {
      var other = proof
      change(&other)
      return #expect(throws: ProofError.self) { try other.check(leaf: leaves[2], root: root) }?.code
    }
    #expect(code { $0.path.append(root) } == .wrongLength)
    #expect(code { $0.path.removeLast() } == .wrongLength)
    #expect(code { $0.path = [] } == .wrongLength)
    #expect(code { $0.path.swapAt(0, 1) } == .wrongRoot)
    #expect(code { $0.index = 3 } == .wrongRoot)
    #expect(code { $0.index = 6 } == .outOfRange)
    let consistency = try ConsistencyProof.make(
      oldSize: 3, newSize: 6, from: MemoryTiles(leaves: leaves))
    let error = #expect(throws: ProofError.self) {
      try consistency.check(oldRoot: leaves[0], newRoot: root)
    }
    #expect(error?.code == .wrongStart)
  }

  @Test func `of numbers at the edge of 64 bits is refused, not trapped on`() {
    let hash = MerkleTree.emptyRoot
    let extremes: [UInt64] = [0, 1, 1 << 62, 1 << 63, (1 << 63) + 1, .max - 1, .max]
    for index in extremes {
      for size in extremes {
        for count in [0, 1, 63, 64, 65] {
          let path = Array(repeating: hash, count: count)
          let proof = InclusionProof(index: index, size: size, path: path)
          if index == 0, size == 1, count == 0 { continue }
          #expect(throws: ProofError.self) { try proof.check(leaf: hash, root: hash) }
        }
      }
    }
  }

  @Test func `is not made for a leaf the tree has not`() {
    let tiles = MemoryTiles(leaves: leafHashes(3))
    for (index, size): (UInt64, UInt64) in [(0, 0), (3, 3), (4, 3), (.max, .max)] {
      #expect(throws: ProofError.self) {
        try InclusionProof.make(index: index, size: size, from: tiles)
      }
    }
    #expect(throws: TileError.self) { try InclusionProof.make(index: 0, size: 4, from: tiles) }
    #expect(throws: TileError.self) { try InclusionProof.make(index: 0, size: 257, from: tiles) }
  }
}

@Suite struct `A consistency proof` {
  @Test func `is made and holds between any two small trees`() throws {
    let leaves = leafHashes(70)
    let tiles = MemoryTiles(leaves: leaves)
    let roots = (0...leaves.count).map { NaiveTree.root(leaves.prefix($0)) }
    for new in 1...leaves.count {
      for old in 1...new {
        let proof = try ConsistencyProof.make(
          oldSize: UInt64(old), newSize: UInt64(new), from: tiles)
        try proof.check(oldRoot: roots[old], newRoot: roots[new])
        #expect(try ConsistencyProof(proof.bytes) == proof)
      }
    }
  }

  @Test func `holds for no other sizes or roots`() throws {
    let leaves = leafHashes(17)
    let tiles = MemoryTiles(leaves: leaves)
    let roots = (0...leaves.count).map { NaiveTree.root(leaves.prefix($0)) }
    for new in 1...leaves.count {
      for old in 1...new {
        let proof = try ConsistencyProof.make(
          oldSize: UInt64(old), newSize: UInt64(new), from: tiles)
        for other in 0...leaves.count {
          if other != old {
            #expect(throws: ProofError.self) {
              try proof.check(oldRoot: roots[other], newRoot: roots[new])
            }
            var moved = proof
            moved.oldSize = UInt64(other)
            #expect(throws: ProofError.self) {
              try moved.check(oldRoot: roots[old], newRoot: roots[new])
            }
          }
          if other != new {
            #expect(throws: ProofError.self) {
              try proof.check(oldRoot: roots[old], newRoot: roots[other])
            }
          }
        }
      }
    }
  }

  @Test func `fails with any bit of any hash turned`() throws {
    let leaves = leafHashes(300)
    let tiles = MemoryTiles(leaves: leaves)
    for (old, new) in [(1, 300), (6, 7), (255, 300), (256, 300), (257, 300), (299, 300), (7, 9)] {
      let (oldRoot, newRoot) = (
        NaiveTree.root(leaves.prefix(old)), NaiveTree.root(leaves.prefix(new))
      )
      let proof = try ConsistencyProof.make(oldSize: UInt64(old), newSize: UInt64(new), from: tiles)
      for place in proof.path.indices {
        for bit in 0..<256 {
          var other = proof
          other.path[place] = try flipped(proof.path[place], bit: bit)
          #expect(throws: ProofError.self) { try other.check(oldRoot: oldRoot, newRoot: newRoot) }
        }
        var shorter = proof
        shorter.path.remove(at: place)
        #expect(throws: ProofError.self) { try shorter.check(oldRoot: oldRoot, newRoot: newRoot) }
        var longer = proof
        longer.path.insert(newRoot, at: place)
        #expect(throws: ProofError.self) { try longer.check(oldRoot: oldRoot, newRoot: newRoot) }
      }
    }
  }

  @Test func `shows that a changed, dropped or reordered leaf is another history`() throws {
    let leaves = leafHashes(50)
    var changed = leaves
    changed[10] = MerkleTree.leafHash([0xFF])
    var swapped = leaves
    swapped.swapAt(3, 4)
    var dropped = leaves
    dropped.remove(at: 20)
    for other in [changed, swapped, dropped] {
      let tiles = MemoryTiles(leaves: other)
      let proof = try ConsistencyProof.make(oldSize: 30, newSize: 49, from: tiles)
      #expect(throws: ProofError.self) {
        try proof.check(
          oldRoot: NaiveTree.root(leaves.prefix(30)), newRoot: NaiveTree.root(other.prefix(49)))
      }
    }
  }

  @Test func `is not made or taken from size 0 or to a smaller tree`() throws {
    let tiles = MemoryTiles(leaves: leafHashes(3))
    for (old, new): (UInt64, UInt64) in [(0, 0), (0, 3), (3, 2)] {
      #expect(throws: ProofError.self) {
        try ConsistencyProof.make(oldSize: old, newSize: new, from: tiles)
      }
      #expect(throws: ProofError.self) {
        try ConsistencyProof(oldSize: old, newSize: new, path: [])
          .check(oldRoot: MerkleTree.emptyRoot, newRoot: MerkleTree.emptyRoot)
      }
    }
  }
}

@Suite struct `Proofs in a large tree` {
  @Test func `read a handful of tiles, each once, and only those of the size asked for`() throws {
    let count: UInt64 = 70_000
    let leaves = leafHashes(Int(count))
    let tiles = CountingTiles(MemoryTiles(leaves: leaves))
    let root = try MerkleTree.root(ofSize: count, from: tiles)
    #expect(root == MerkleTree.root(of: leaves))
    #expect(tiles.asked.count == 3)
    for size in [count, 65_793, 65_536, 300] {
      let sizeRoot = NaiveTree.root(leaves.prefix(Int(size)))
      let allowed = Set(Tile.tiles(forSize: size))
      for index in [0, 255, 256, size / 2, size - 2, size - 1] {
        tiles.reset()
        let proof = try InclusionProof.make(index: index, size: size, from: tiles)
        try proof.check(leaf: leaves[Int(index)], root: sizeRoot)
        #expect(tiles.asked.count <= 5)
        #expect(Set(tiles.asked).count == tiles.asked.count)
        #expect(tiles.asked.allSatisfy(allowed.contains))
        tiles.reset()
        let old = max(index, 1)
        let consistency = try ConsistencyProof.make(oldSize: old, newSize: size, from: tiles)
        try consistency.check(oldRoot: NaiveTree.root(leaves.prefix(Int(old))), newRoot: sizeRoot)
        #expect(tiles.asked.count <= 7)
        #expect(Set(tiles.asked).count == tiles.asked.count)
        #expect(tiles.asked.allSatisfy(allowed.contains))
      }
    }
  }
}

@Suite struct `A subtree proof` {
  @Test func `is made and holds for every subtree of every small tree`() throws {
    let leaves = leafHashes(24)
    let tiles = MemoryTiles(leaves: leaves)
    var subtrees = 0
    for size in 1...leaves.count {
      let root = NaiveTree.root(leaves.prefix(size))
      for start in 0..<size {
        for end in start + 1...size {
          guard let subtree = Subtree(start: UInt64(start), end: UInt64(end)) else { continue }
          subtrees += 1
          let subtreeRoot = NaiveTree.root(leaves[start..<end])
          let proof = try SubtreeConsistencyProof.make(
            subtree: subtree, size: UInt64(size), from: tiles)
          try proof.check(subtreeRoot: subtreeRoot, root: root)
          for place in proof.path.indices {
            var other = proof
            other.path[place] = try flipped(other.path[place], bit: place)
            #expect(throws: ProofError.self) {
              try other.check(subtreeRoot: subtreeRoot, root: root)
            }
          }
          for index in start..<end where size == leaves.count {
            let inclusion = try SubtreeInclusionProof.make(
              index: UInt64(index), subtree: subtree, size: UInt64(size), from: tiles)
            try inclusion.check(leaf: leaves[index], root: subtreeRoot)
          }
        }
      }
    }
    #expect(subtrees == 844)
  }

  @Test func `needs a range that starts at a multiple of the power of two it fits in`() {
    #expect(Subtree(start: 0, end: 7) != nil)
    #expect(Subtree(start: 4, end: 7) != nil)
    #expect(Subtree(start: 5, end: 5) != nil)
    #expect(Subtree(start: 2, end: 5) == nil)
    #expect(Subtree(start: 1, end: 3) == nil)
    #expect(Subtree(start: 3, end: 2) == nil)
    #expect(Subtree(start: 0, end: .max) != nil)
    #expect(Subtree(start: 1, end: .max) == nil)
    #expect(Subtree(start: 1 << 63, end: .max) != nil)
  }
}

@Suite struct `Another implementation` {
  struct Vectors: Decodable {
    struct Root: Decodable {
      var size: UInt64
      var root: String
    }
    struct Inclusion: Decodable {
      var index: UInt64
      var size: UInt64
      var path: [String]
    }
    struct Consistency: Decodable {
      var old: UInt64
      var new: UInt64
      var path: [String]
    }
    struct Tiles: Decodable {
      struct One: Decodable {
        var path: String
        var sha256: String
      }
      var size: UInt64
      var all: [One]
    }
    var roots: [Root]
    var inclusion: [Inclusion]
    var consistency: [Consistency]
    var tiles: Tiles
  }

  @Test func `makes the same roots, paths and tiles of 70,000 leaves`() throws {
    let vectors = try Files.vectors(Vectors.self, "tree")
    let tiles = MemoryTiles(leaves: leafHashes(70_000))
    #expect(vectors.roots.count == 22)
    for each in vectors.roots {
      #expect(try MerkleTree.root(ofSize: each.size, from: tiles).base64 == each.root)
    }
    #expect(vectors.inclusion.count == 16)
    for each in vectors.inclusion {
      let proof = try InclusionProof.make(index: each.index, size: each.size, from: tiles)
      #expect(proof.path.map(\.base64) == each.path)
    }
    #expect(vectors.consistency.count == 16)
    for each in vectors.consistency {
      let proof = try ConsistencyProof.make(oldSize: each.old, newSize: each.new, from: tiles)
      #expect(proof.path.map(\.base64) == each.path)
    }
    #expect(Tile.tiles(forSize: vectors.tiles.size).map(\.path) == vectors.tiles.all.map(\.path))
    for each in vectors.tiles.all {
      let tile = try #require(Tile(path: each.path))
      let bytes = Tile.encode(Array(try tiles.tile(tile).prefix(tile.width)))
      #expect(Hex.encode(SHA256.hash(bytes).bytes) == each.sha256)
    }
  }
}
