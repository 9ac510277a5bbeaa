import Cryptography
import Encoding
import Testing
import TransparencyLog

@Suite struct `A cosignature` {
  struct Vectors: Decodable {
    struct Case: Decodable {
      var name: String
      var text: String
      var time: UInt64?
    }
    var log: String
    var witness: String
    var seed: String
    var cases: [Case]
  }

  @Test func `counts or does not as its vectors say`() throws {
    let vectors = try Files.vectors(Vectors.self, "cosignatures")
    #expect(vectors.cases.count == 16)
    let log = try VerifierKey(vectors.log)
    let witness = try CosignerKey(vectors.witness)
    for each in vectors.cases {
      let signed = try SignedCheckpoint(Array(each.text.utf8))
      #expect(signed.isSigned(by: log), "\(each.name)")
      #expect(signed.cosignature(of: witness)?.time == each.time, "\(each.name)")
    }
  }

  @Test func `is made as its vectors have it`() throws {
    let vectors = try Files.vectors(Vectors.self, "cosignatures")
    let key = try SigningKey(seed: try #require(Hex.decode(vectors.seed)))
    let witness = try CosignerKey(name: "court.example/w", publicKey: key.publicKey)
    #expect(witness.description == vectors.witness)
    let bare = try SignedCheckpoint(Array(vectors.cases[5].text.utf8))
    let line = try Cosignature.line(on: bare, at: 1_700_000_000, with: key, as: witness)
    #expect(try bare.adding([line]).bytes == Array(vectors.cases[0].text.utf8))
    let other = SigningKey()
    #expect(throws: NoteError.self) {
      try Cosignature.line(on: bare, at: 1, with: other, as: witness)
    }
  }

  @Test func `is moved between notes of the same checkpoint only`() throws {
    let vectors = try Files.vectors(Vectors.self, "cosignatures")
    let witness = try CosignerKey(vectors.witness)
    func note(_ index: Int) throws -> SignedCheckpoint {
      try SignedCheckpoint(Array(vectors.cases[index].text.utf8))
    }
    let (one, among, bare) = (try note(0), try note(1), try note(5))
    #expect(bare.adding(among, of: witness) == one)
    #expect(one.adding(among, of: witness) == one)
    // However often a witness has signed, it has one line, and leaves room for others.
    let two = try note(2)
    #expect(one.adding(two, of: witness).note.signatures.count == 2)
    #expect(one.adding(two, of: witness).cosignature(of: witness)?.time == 1_700_000_001)
    #expect(two.adding(one, of: witness) == two)
    let key = try exampleKey()
    let elsewhere = try SignedCheckpoint.sign(
      Checkpoint(origin: "a.example/log", size: 0, root: MerkleTree.emptyRoot), with: key)
    #expect(elsewhere.adding(one, of: witness) == elsewhere)
  }

  @Test(arguments: [
    "", "w", "w+00000000+", "w+00000000+BAAA", "court.example/w+00000000",
    "w+1+BAAA", "a b+00000000+BHFCYvLZtJq3SOyQ8yZUy29qX2jzYTWP589mnO4y5eBi",
  ])
  func `has a key in exactly one form`(_ text: String) {
    #expect(throws: CryptographyError.self) { try CosignerKey(text) }
  }

  @Test func `has a key that is not a log's, nor the other way round`() throws {
    let key = try exampleKey()
    let log = try VerifierKey(name: "a.example", publicKey: key.publicKey)
    let witness = try CosignerKey(name: "a.example", publicKey: key.publicKey)
    #expect(log.id != witness.id)
    #expect(try CosignerKey(witness.description) == witness)
    #expect(throws: CryptographyError.self) { try CosignerKey(log.description) }
    #expect(throws: CryptographyError.self) { try VerifierKey(witness.description) }
    #expect(CosignerKey.publicKeyOfOtherAlgorithm(witness.description) == nil)
    #expect(throws: CryptographyError.self) {
      try CosignerKey(name: "a b", publicKey: key.publicKey)
    }
  }
}

@Suite struct `A policy` {
  struct Case: Decodable {
    var name: String
    var text: String
    var refused: String?
    var met: [String]
  }
  struct Vectors: Decodable {
    var notes: [String: String]
    var cases: [Case]
  }

  @Test func `is read, and decides, as its vectors say`() throws {
    let vectors = try Files.vectors(Vectors.self, "policies")
    #expect(vectors.cases.count == 51)
    let notes = try vectors.notes.mapValues { try SignedCheckpoint(Array($0.utf8)) }
    for each in vectors.cases {
      var code: String?
      var met: [String] = []
      do {
        let policy = try Policy(Array(each.text.utf8))
        met = notes.filter { policy.verdict(on: $0.value).isMet }.map(\.key)
      } catch { code = error.code.description }
      #expect(code == each.refused, "\(each.name)")
      #expect(met.sorted() == each.met.sorted(), "\(each.name)")
    }
  }

  @Test func `has bounds`() throws {
    var groups = "group g0 any w\n"
    for index in 1..<10_000 { groups += "group g\(index) any g\(index - 1)\n" }
    let key = try CosignerKey(name: "w", publicKey: exampleKey().publicKey)
    let error = #expect(throws: NoteError.self) {
      try Policy(Array("witness w \(key)\n\(groups)quorum g9999\n".utf8))
    }
    #expect(error?.code == .tooLong)
    #expect(error?.message.contains("Line 1002") == true)
    let long = [UInt8](repeating: UInt8(ascii: "#"), count: Policy.maximumByteCount) + [10]
    #expect(#expect(throws: NoteError.self) { try Policy(long) }?.code == .tooLong)
  }

  @Test func `names the line that is wrong`() throws {
    let error = #expect(throws: NoteError.self) { try Policy(Array("# one\n\nquorum x\n".utf8)) }
    #expect(error?.message == "Line 3: no witness and no group x is defined before this line.")
  }

  @Test func `says who cosigned, and when`() throws {
    let vectors = try Files.vectors(Vectors.self, "policies")
    let all = try #require(vectors.cases.first { $0.name == "all" })
    let policy = try Policy(Array(all.text.utf8))
    let note = try SignedCheckpoint(Array(try #require(vectors.notes["both"]).utf8))
    let verdict = policy.verdict(on: note)
    #expect(
      verdict.witnesses.map { String(decoding: $0.witness.name, as: UTF8.self) } == [
        "court", "city",
      ])
    #expect(verdict.witnesses.map(\.time) == [7, 8])
    #expect(verdict.log?.key == policy.logs[0].key)
  }
}

@Suite struct `A request to a witness` {
  struct Step: Decodable {
    var name: String
    var text: String
    var status: Int
    var size: UInt64?
  }
  struct Vectors: Decodable {
    var log: String
    var steps: [Step]
  }

  @Test func `is answered as its vectors say, one after the other`() throws {
    let vectors = try Files.vectors(Vectors.self, "witness")
    #expect(vectors.steps.count == 26)
    let log = try VerifierKey(vectors.log)
    var latest: Checkpoint?
    for step in vectors.steps {
      var status = 200
      do {
        let request = try WitnessRequest(Array(step.text.utf8))
        #expect(request.bytes == Array(step.text.utf8), "\(step.name)")
        try request.check(logs: [log]) { origin in
          #expect(origin == log.name)
          return latest
        }
        latest = request.checkpoint.checkpoint
        #expect(latest?.size == step.size, "\(step.name)")
      } catch is NoteError {
        status = 400
      } catch let refusal as WitnessRefusal {
        status = refusal.code.status
        if case .conflict(let size) = refusal.code { #expect(size == step.size, "\(step.name)") }
      }
      #expect(status == step.status, "\(step.name)")
    }
  }

  @Test func `is made from tiles, for any two sizes`() throws {
    let leaves = (0..<20).map { MerkleTree.leafHash([$0]) }
    let tiles = MemoryTiles(leaves: leaves)
    let key = try exampleKey()
    let log = try VerifierKey(name: "a.example/log", publicKey: key.publicKey)
    func signed(_ size: Int) throws -> SignedCheckpoint {
      try .sign(
        Checkpoint(
          origin: log.name, size: UInt64(size), root: MerkleTree.root(of: leaves[..<size])),
        with: key)
    }
    for new in 0...20 {
      for old in 0...new {
        let request = try WitnessRequest.make(since: UInt64(old), to: signed(new), from: tiles)
        let read = try WitnessRequest(request.bytes)
        #expect(read == request)
        try read.check(logs: [log]) { _ in old == 0 ? nil : try signed(old).checkpoint }
      }
    }
    #expect(throws: ProofError.self) {
      try WitnessRequest.make(since: 5, to: signed(4), from: tiles)
    }
  }
}
