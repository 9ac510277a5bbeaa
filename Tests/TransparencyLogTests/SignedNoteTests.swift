import Cryptography
import Encoding
import Testing
import TransparencyLog

@Suite struct `A signed note` {
  struct Vectors: Decodable {
    var vkey: String
    var seed: String
    var cases: [ByteCase]
  }

  static func vectors() throws -> Vectors {
    try Files.vectors(Vectors.self, "notes")
  }

  @Test func `is accepted or refused as its vectors say`() throws {
    let cases = try Self.vectors().cases
    #expect(cases.count == 43)
    for each in cases {
      try each.check { bytes throws(NoteError) in
        let note = try SignedNote(bytes)
        #expect(note.bytes == bytes)
        #expect(Array(note.text) + [0x0A] + note.signatures.flatMap(\.line) == bytes)
      }
    }
  }

  @Test func `of the specification verifies`() throws {
    let key = try VerifierKey(
      "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
    let note = try SignedNote(
      Array(
        """
        This is an example message.

        — example.com/foo \
        Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=

        """.utf8))
    #expect(note.isSigned(by: key))
    #expect(note.text.elementsEqual("This is an example message.\n".utf8))
    #expect(note.signatures.map(\.keyName) == [key.keyName])
  }

  @Test func `that we sign has the bytes another implementation signs`() throws {
    let vectors = try Self.vectors()
    let key = try SigningKey(seed: try #require(Hex.decode(vectors.seed)))
    let vkey = try VerifierKey(vectors.vkey)
    let theirs = try SignedNote(try #require(vectors.cases.first).bytes())
    let ours = try SignedNote.sign(Array(theirs.text), with: [(vkey, key)])
    #expect(ours == theirs)
    #expect(ours.isSigned(by: vkey))
  }

  @Test func `verifies no longer when any bit is turned`() throws {
    let key = try exampleKey()
    let vkey = try VerifierKey(name: "beihe.example/plan", publicKey: key.publicKey)
    let note = try SignedNote.sign(
      Array("Seven words.\n\nAnd some more.\n".utf8), with: [(vkey, key)])
    var parsed = 0
    for bit in 0..<note.bytes.count * 8 {
      var bytes = note.bytes
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      guard let other = try? SignedNote(bytes) else { continue }
      parsed += 1
      #expect(!other.isSigned(by: vkey), "bit \(bit)")
    }
    #expect(parsed > 100)
  }

  @Test func `is not one without any of its last bytes`() throws {
    let key = try exampleKey()
    let vkey = try VerifierKey(name: "beihe.example/plan", publicKey: key.publicKey)
    let note = try SignedNote.sign(Array("Text.\n".utf8), with: [(vkey, key)])
    for count in 0..<note.bytes.count {
      #expect(throws: NoteError.self) { try SignedNote(Array(note.bytes.prefix(count))) }
    }
  }

  @Test func `is not signed when one of two lines of the key does not verify`() throws {
    let key = try exampleKey()
    let vkey = try VerifierKey(name: "beihe.example/plan", publicKey: key.publicKey)
    let note = try SignedNote.sign(Array("Text.\n".utf8), with: [(vkey, key)])
    let bad = try NoteSignature(
      name: vkey.name, id: vkey.id, payload: Array(repeating: 7, count: 64))
    let short = try NoteSignature(name: vkey.name, id: vkey.id, payload: [1])
    let unknown = try NoteSignature(
      name: vkey.name, id: vkey.id ^ 1, payload: Array(repeating: 7, count: 64))
    #expect(try note.adding(note.signatures).isSigned(by: vkey))
    #expect(try note.adding([unknown]).isSigned(by: vkey))
    #expect(try !note.adding([bad]).isSigned(by: vkey))
    #expect(try !note.adding([short]).isSigned(by: vkey))
    #expect(try !SignedNote(text: Array(note.text), signatures: [unknown]).isSigned(by: vkey))
  }

  @Test func `compares names as bytes, not as characters`() throws {
    let composed = try NoteSignature(name: "caf\u{E9}", id: 1, payload: [1])
    let decomposed = try NoteSignature(name: "cafe\u{301}", id: 1, payload: [1])
    #expect(composed.name == decomposed.name)
    #expect(composed != decomposed)
    let key = try exampleKey()
    let vkey = try VerifierKey(name: "caf\u{E9}", publicKey: key.publicKey)
    let note = try SignedNote.sign(Array("Text.\n".utf8), with: [(vkey, key)])
    let line = try #require(note.signatures.first)
    let other = try NoteSignature(name: "cafe\u{301}", id: line.id, payload: line.payload)
    #expect(try !SignedNote(text: Array(note.text), signatures: [other]).isSigned(by: vkey))
  }

  @Test func `is not made with a key that is not the named one`() throws {
    let key = try exampleKey()
    let vkey = try VerifierKey(name: "a.example", publicKey: SigningKey().publicKey)
    let error = #expect(throws: NoteError.self) {
      try SignedNote.sign(Array("Text.\n".utf8), with: [(vkey, key)])
    }
    #expect(error?.code == .wrongKey)
  }

  @Test func `is not made of a text without line feed, a bad text, or no signature`() throws {
    let line = try NoteSignature(name: "a", id: 1, payload: [1])
    for text in ["", "text", "a\rb\n", "a\u{0}\n"] {
      #expect(throws: NoteError.self) {
        try SignedNote(text: Array(text.utf8), signatures: [line])
      }
    }
    #expect(throws: NoteError.self) { try SignedNote(text: [0x0A], signatures: []) }
    #expect(throws: NoteError.self) {
      try SignedNote(text: [0x0A], signatures: Array(repeating: line, count: 65))
    }
    for name in ["", "a b", "a+b", "a\u{2003}b", "a\nb"] {
      #expect(throws: NoteError.self) { try NoteSignature(name: name, id: 1, payload: [1]) }
    }
  }

  @Test func `is refused above the bound before it is read`() throws {
    let error = #expect(throws: NoteError.self) {
      try SignedNote(Array(repeating: 0xFF, count: 101), maximumByteCount: 100)
    }
    #expect(error?.code == .tooLong)
  }

  @Test func `survives any bytes without trapping`() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SeededGenerator(seed: seed)
    let note = try #require(try Self.vectors().cases.first).bytes()
    for _ in 0..<2_000 {
      var bytes = note
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0...2, using: &generator) {
        case 0: bytes.remove(at: place)
        case 1: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
        default:
          bytes[place] = [0x0A, 0x20, 0x3D, 0x2B, 0xE2].randomElement(using: &generator) ?? 0
        }
      }
      guard let parsed = try? SignedNote(bytes) else { continue }
      #expect(parsed.bytes == bytes, "seed \(seed)")
      let again = try SignedNote(text: Array(parsed.text), signatures: parsed.signatures)
      #expect(again == parsed, "seed \(seed)")
    }
  }
}
