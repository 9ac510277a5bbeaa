import Cryptography
import Encoding
import Testing
import TransparencyLog

@Suite struct `A transparency proof` {
  struct Vectors: Decodable {
    var vkey: String
    var leaf: String
    var oldRoot: String
    var newRoot: String
    var receipts: [ByteCase]
    var consistency: [ByteCase]
  }

  static func vectors() throws -> Vectors {
    try Files.vectors(Vectors.self, "proofs")
  }

  @Test func `is accepted or refused as its vectors say, and holds`() throws {
    let vectors = try Self.vectors()
    let log = try VerifierKey(vectors.vkey)
    let leaf = try #require(Digest(base64: vectors.leaf))
    #expect(vectors.receipts.count == 17)
    for each in vectors.receipts {
      try each.check { bytes throws(NoteError) in
        let proof = try TransparencyProof(bytes)
        #expect(proof.bytes == bytes)
        #expect(throws: Never.self) { try proof.check(leaf: leaf, log: log) }
      }
    }
  }

  @Test func `of consistency is accepted or refused as its vectors say, and holds`() throws {
    let vectors = try Self.vectors()
    let old = try #require(Digest(base64: vectors.oldRoot))
    let new = try #require(Digest(base64: vectors.newRoot))
    #expect(vectors.consistency.count == 11)
    for each in vectors.consistency {
      try each.check { bytes throws(NoteError) in
        let proof = try ConsistencyProof(bytes)
        #expect(proof.bytes == bytes)
        let oldRoot = proof.oldSize == proof.newSize ? new : old
        #expect(throws: Never.self) { try proof.check(oldRoot: oldRoot, newRoot: new) }
      }
    }
  }

  @Test func `fails with any bit turned, unless it is not a proof any more`() throws {
    let vectors = try Self.vectors()
    let log = try VerifierKey(vectors.vkey)
    let leaf = try #require(Digest(base64: vectors.leaf))
    let good = try #require(vectors.receipts.first).bytes()
    var parsed = 0
    for bit in 0..<good.count * 8 {
      var bytes = good
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      guard let proof = try? TransparencyProof(bytes) else { continue }
      parsed += 1
      #expect(throws: ProofError.self, "bit \(bit)") { try proof.check(leaf: leaf, log: log) }
    }
    #expect(parsed > 100)
  }

  @Test func `does not hold for another leaf, another key, or another log`() throws {
    let vectors = try Self.vectors()
    let log = try VerifierKey(vectors.vkey)
    let leaf = try #require(Digest(base64: vectors.leaf))
    let proof = try TransparencyProof(try #require(vectors.receipts.first).bytes())
    try proof.check(leaf: leaf, log: log)
    let otherLeaf = try flipped(leaf, bit: 0)
    let other = #expect(throws: ProofError.self) {
      try proof.check(leaf: otherLeaf, log: log)
    }
    #expect(other?.code == .wrongStart || other?.code == .wrongRoot)
    let key = try VerifierKey(name: log.name, publicKey: SigningKey().publicKey)
    let name = try VerifierKey(name: "another.example", publicKey: log.publicKey)
    for wrong in [key, name] {
      let error = #expect(throws: ProofError.self) { try proof.check(leaf: leaf, log: wrong) }
      #expect(error?.code == .wrongLog)
    }
  }

  @Test func `carries its extra data, and empty data as none`() throws {
    let checkpoint = try SignedCheckpoint.sign(
      Checkpoint(origin: "a.example", size: 1, root: MerkleTree.leafHash([])), with: exampleKey())
    let extra = Array(repeating: UInt8(0xFE), count: TransparencyProof.maximumExtraByteCount)
    let proof = TransparencyProof(extra: extra, index: 0, path: [], checkpoint: checkpoint)
    #expect(try TransparencyProof(proof.bytes) == proof)
    let more = TransparencyProof(extra: extra + [1], index: 0, path: [], checkpoint: checkpoint)
    #expect(throws: NoteError.self) { try TransparencyProof(more.bytes) }
    let none = TransparencyProof(extra: [], index: 0, path: [], checkpoint: checkpoint)
    #expect(none.extra == nil)
    #expect(try TransparencyProof(none.bytes) == none)
  }
}
