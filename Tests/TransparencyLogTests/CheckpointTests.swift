import Cryptography
import Testing
import TransparencyLog

@Suite struct `A checkpoint` {
  struct Vectors: Decodable {
    var vkey: String
    var cases: [ByteCase]
  }

  @Test func `is accepted or refused as its vectors say`() throws {
    let vectors = try Files.vectors(Vectors.self, "checkpoints")
    #expect(vectors.cases.count == 24)
    let log = try VerifierKey(vectors.vkey)
    for each in vectors.cases {
      try each.check { bytes throws(NoteError) in
        let signed = try SignedCheckpoint(bytes)
        #expect(signed.checkpoint.text == Array(signed.note.text))
        #expect(signed.bytes == bytes)
        let ours = signed.checkpoint.origin.utf8.elementsEqual(log.name.utf8)
        #expect(signed.note.isSigned(by: log))
        #expect(signed.isSigned(by: log) == ours)
      }
    }
  }

  @Test func `round-trips and keeps unknown cosignatures`() throws {
    let key = try exampleKey()
    let log = try VerifierKey(name: "beihe.example/plan", publicKey: key.publicKey)
    let checkpoint = Checkpoint(origin: log.name, size: 412, root: MerkleTree.leafHash([1]))
    let signed = try SignedCheckpoint.sign(checkpoint, with: key)
    #expect(signed.isSigned(by: log))
    #expect(try SignedCheckpoint(signed.bytes) == signed)
    let cosignature = try NoteSignature(
      name: "w.example", id: 9, payload: Array(repeating: 1, count: 72))
    let cosigned = try signed.adding([cosignature])
    #expect(cosigned.isSigned(by: log))
    #expect(cosigned.checkpoint == checkpoint)
    #expect(try SignedCheckpoint(cosigned.bytes).note.signatures.last == cosignature)
  }

  @Test func `of another origin is not this log's, though the key has signed it`() throws {
    let key = try exampleKey()
    let log = try VerifierKey(name: "a.example/log", publicKey: key.publicKey)
    let text = Checkpoint(origin: "b.example/log", size: 0, root: MerkleTree.emptyRoot).text
    let signed = try SignedCheckpoint(SignedNote.sign(text, with: [(log, key)]))
    #expect(signed.note.isSigned(by: log))
    #expect(!signed.isSigned(by: log))
  }

  @Test func `with extension lines is read only where they are allowed`() throws {
    let key = try exampleKey()
    let log = try VerifierKey(name: "a.example/log", publicKey: key.publicKey)
    let plain = Checkpoint(origin: log.name, size: 1, root: MerkleTree.leafHash([]))
    let note = try SignedNote.sign(plain.text + Array("one\ntwo\n".utf8), with: [(log, key)])
    #expect(throws: NoteError.self) { try SignedCheckpoint(note.bytes) }
    let signed = try SignedCheckpoint(note.bytes, allowingExtensions: true)
    #expect(signed.checkpoint.extensions == ["one", "two"])
    #expect(signed.checkpoint.text == Array(note.text))
    #expect(signed.checkpoint != plain)
    let blank = try SignedNote.sign(plain.text + Array("one\n\ntwo\n".utf8), with: [(log, key)])
    #expect(throws: NoteError.self) { try SignedCheckpoint(blank, allowingExtensions: true) }
  }

  @Test func `is not signed for an origin that cannot name a key`() throws {
    let key = try exampleKey()
    for origin in ["", "a b", "a+b", "a\nb"] {
      let checkpoint = Checkpoint(origin: origin, size: 0, root: MerkleTree.emptyRoot)
      #expect(throws: NoteError.self) { try SignedCheckpoint.sign(checkpoint, with: key) }
    }
  }
}
