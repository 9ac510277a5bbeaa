import Cryptography
import Testing
import TransparencyLog

@Suite struct `A proof of equivocation` {
  let key: SigningKey
  let log: VerifierKey
  let leaves = (0..<20).map { MerkleTree.leafHash([$0]) }
  /// The other history: it differs from the fifth entry on.
  let others = (0..<20).map { MerkleTree.leafHash([$0 < 4 ? $0 : $0 + 100]) }

  init() throws {
    key = try exampleKey()
    log = try VerifierKey(name: "a.example/log", publicKey: key.publicKey)
  }

  private func signed(_ leaves: [Digest], _ size: Int) throws -> SignedCheckpoint {
    try .sign(
      Checkpoint(
        origin: log.name, size: UInt64(size), root: MerkleTree.root(of: leaves[..<size])),
      with: key)
  }

  @Test func `needs nothing but two checkpoints of one size`() throws {
    let (one, two) = (try signed(leaves, 9), try signed(others, 9))
    let proof = try #require(try Equivocation.make(one, two, log: log))
    let read = try Equivocation(proof.bytes)
    #expect(read == proof)
    try read.check(log: log)
    #expect(try Equivocation.make(one, one, log: log) == nil)
    #expect(try Equivocation.make(signed(leaves, 4), signed(others, 4), log: log) == nil)
  }

  @Test func `takes the tiles of the larger where the sizes differ`() throws {
    let tiles = MemoryTiles(leaves: others)
    for old in 1...12 {
      for new in old...12 {
        let (one, two) = (try signed(leaves, old), try signed(others, new))
        let proof = try Equivocation.make(two, one, log: log, tiles: tiles)
        #expect((proof != nil) == (old > 4), "\(old) \(new)")
        guard let proof else { continue }
        let read = try Equivocation(proof.bytes)
        #expect(read == proof)
        try read.check(log: log)
      }
    }
    let error = #expect(throws: ProofError.self) {
      try Equivocation.make(signed(leaves, 9), signed(others, 10), log: log)
    }
    #expect(error?.code == .outOfRange)
    // Tiles of the wrong history prove nothing.
    #expect(throws: ProofError.self) {
      try Equivocation.make(
        signed(leaves, 9), signed(others, 10), log: log, tiles: MemoryTiles(leaves: leaves))
    }
  }

  @Test func `of honest checkpoints, of a stranger's, or made up, proves nothing`() throws {
    let stranger = SigningKey()
    let foreign = try SignedCheckpoint.sign(signed(others, 9).checkpoint, with: stranger)
    #expect(throws: ProofError.self) {
      try Equivocation.make(signed(leaves, 9), foreign, log: log)
    }
    let (nine, ten) = (try signed(leaves, 9), try signed(leaves, 10))
    let path = try ConsistencyProof.make(
      oldSize: 9, newSize: 10, from: MemoryTiles(leaves: leaves)
    ).path
    let honest = Equivocation.Other(root: nine.checkpoint.root, path: path)
    let invented = Equivocation.Other(root: MerkleTree.leafHash([1]), path: path)
    for proof in [
      Equivocation(first: nine, second: nine, other: nil),
      Equivocation(first: nine, second: ten, other: nil),
      Equivocation(first: nine, second: ten, other: honest),
      Equivocation(first: nine, second: ten, other: invented),
      Equivocation(first: ten, second: nine, other: honest),
      Equivocation(first: nine, second: foreign, other: nil),
    ] { #expect(throws: ProofError.self) { try proof.check(log: log) } }
  }

  @Test func `is read in exactly one form`() throws {
    let proof = try #require(
      try Equivocation.make(
        signed(leaves, 9), signed(others, 12), log: log, tiles: MemoryTiles(leaves: others)))
    let bytes = proof.bytes
    for index in bytes.indices {
      var changed = bytes
      changed[index] ^= 1
      let read = try? Equivocation(changed)
      #expect(read?.bytes ?? changed == changed)
      #expect(throws: (any Error).self) { try Equivocation(changed).check(log: log) }
    }
    for count in bytes.indices {
      #expect(throws: NoteError.self) { try Equivocation(Array(bytes[..<count])) }
    }
    #expect(throws: NoteError.self) { try Equivocation(bytes + [10]) }
    #expect(throws: NoteError.self) { try Equivocation([UInt8](repeating: 10, count: 3 << 20)) }
  }
}
