import Cryptography
import Encoding
import Testing
import TransparencyLog

/// The worked examples in `docs/formats` are read from the pages and checked.
@Suite struct `The page` {
  static func line(_ tag: String, in page: String) throws -> String {
    String(try Files.example(tag, in: page).dropLast())
  }

  static func hex(_ tag: String, in page: String) throws -> [UInt8] {
    try #require(Hex.decode(Files.example(tag, in: page).replacing("\n", with: "")))
  }

  /// The log of the examples: entries `entry 0` to `entry 6`.
  static let leaves = (0..<7).map { MerkleTree.leafHash(Array("entry \($0)".utf8)) }

  @Test func `signed-note shows a note that verifies`() throws {
    let key = try VerifierKey(Self.line("vkey", in: "signed-note"))
    let bytes = Array(try Files.example("note", in: "signed-note").utf8)
    let note = try SignedNote(bytes)
    #expect(note.isSigned(by: key))
    #expect(note.text.count == 83)
    #expect(try SignedNote.sign(Array(note.text), with: [(key, exampleKey())]).bytes == bytes)
  }

  @Test func `checkpoint shows a checkpoint of the log it describes`() throws {
    let key = try VerifierKey(Self.line("vkey", in: "checkpoint"))
    let signed = try SignedCheckpoint(Array(Files.example("checkpoint", in: "checkpoint").utf8))
    #expect(signed.isSigned(by: key))
    #expect(signed.note.signatures.count == 2)
    #expect(
      signed.checkpoint
        == Checkpoint(origin: key.name, size: 7, root: MerkleTree.root(of: Self.leaves)))
  }

  @Test func `cosignature shows one that counts, and policy how far it goes`() throws {
    let witness = try CosignerKey(Self.line("vkey", in: "cosignature"))
    let log = try VerifierKey(Self.line("vkey", in: "checkpoint"))
    let signed = try SignedCheckpoint(Array(Files.example("checkpoint", in: "cosignature").utf8))
    #expect(signed.isSigned(by: log))
    #expect(signed.cosignature(of: witness)?.time == 1_700_000_000)
    let text = try Files.example("policy", in: "policy")
    #expect(try !Policy(Array(text.utf8)).verdict(on: signed).isMet)
    let court = text.replacing("quorum both", with: "quorum court")
    #expect(try Policy(Array(court.utf8)).verdict(on: signed).isMet)
  }

  @Test func `witness shows a request that is granted`() throws {
    let log = try VerifierKey(Self.line("vkey", in: "checkpoint"))
    let bytes = Array(try Files.example("request", in: "witness").utf8)
    let request = try WitnessRequest(bytes)
    #expect(request.bytes == bytes)
    try request.check(logs: [log]) { origin in
      Checkpoint(origin: origin, size: 3, root: MerkleTree.root(of: Self.leaves[..<3]))
    }
  }

  @Test func `equivocation shows a proof that anybody can check`() throws {
    let log = try VerifierKey(Self.line("vkey", in: "equivocation"))
    let bytes = Array(try Files.example("equivocation", in: "equivocation").utf8)
    let proof = try Equivocation(bytes)
    #expect(proof.bytes == bytes)
    #expect(proof.other?.root == MerkleTree.root(of: Self.leaves[..<6]))
    try proof.check(log: log)
  }

  @Test func `tiles shows the paths and files of the trees it describes`() throws {
    for line in try Files.example("paths", in: "tiles").split(separator: "\n") {
      let parts = line.split(separator: " ")
      let tile = Tile(
        level: try #require(Int(parts[0])), index: try #require(UInt64(parts[1])),
        width: try #require(Int(parts[2])))
      #expect(tile.path == parts[3])
      #expect(Tile(path: String(parts[3])) == tile)
    }
    let entries = ["one", "two", "three"].map { Array($0.utf8) }
    #expect(try EntryBundle.encode(entries) == Self.hex("bundle", in: "tiles"))
    let leaves = entries.map { MerkleTree.leafHash($0) }
    #expect(try Tile.encode(leaves) == Self.hex("tile", in: "tiles"))
    #expect(try MerkleTree.root(of: leaves).base64 == Self.line("root", in: "tiles"))
  }

  @Test func `receipt shows a proof that holds for the entry it describes`() throws {
    let key = try VerifierKey(Self.line("vkey", in: "receipt"))
    let bytes = Array(try Files.example("tlog-proof", in: "receipt").utf8)
    let proof = try TransparencyProof(bytes)
    #expect(proof.bytes == bytes)
    let leaf = MerkleTree.leafHash(try #require(proof.extra) + Array("4".utf8))
    #expect(proof.index == 4)
    #expect(leaf == Self.leaves[4])
    try proof.check(leaf: leaf, log: key)
    let text = Array(try Files.example("consistency-proof", in: "receipt").utf8)
    let consistency = try ConsistencyProof(text)
    #expect(consistency.bytes == text)
    let oldRoot = try #require(Digest(base64: Self.line("old-root", in: "receipt")))
    #expect(oldRoot == MerkleTree.root(of: Self.leaves.prefix(3)))
    try consistency.check(oldRoot: oldRoot, newRoot: proof.checkpoint.checkpoint.root)
    #expect(consistency.newSize == proof.checkpoint.checkpoint.size)
  }

  @Test func `of the library has an example of ten lines that works`() throws {
    let key = SigningKey()
    let log = try VerifierKey(name: "example.com/log", publicKey: key.publicKey)
    let leaves = ["one", "two", "three"].map { MerkleTree.leafHash(Array($0.utf8)) }
    let tiles = MemoryTiles(leaves: leaves)
    let root = try MerkleTree.root(ofSize: 3, from: tiles)
    let head = Checkpoint(origin: log.name, size: 3, root: root)
    let inclusion = try InclusionProof.make(index: 1, size: 3, from: tiles)
    let proof = TransparencyProof(
      extra: nil, index: 1, path: inclusion.path, checkpoint: try .sign(head, with: key))
    try TransparencyProof(proof.bytes).check(leaf: leaves[1], log: log)
  }

  @Test func `of the library shows the very lines of that example`() throws {
    let page = String(
      decoding: try Files.bytes(
        Files.source("Sources/TransparencyLog/Documentation.docc/TransparencyLog.md")),
      as: UTF8.self)
    let test = String(
      decoding: try Files.bytes(Files.source("Tests/TransparencyLogTests/FormatPageTests.swift")),
      as: UTF8.self)
    let block = try #require(
      page.split(separator: "```swift\n").last?.split(separator: "```").first)
    let lines = block.split(separator: "\n")
    #expect(lines.count == 10 || lines.count == 11)
    for line in lines { #expect(test.contains("\n    \(line)\n"), "\(line)") }
  }
}
