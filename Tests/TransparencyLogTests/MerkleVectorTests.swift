import Cryptography
import Encoding
import Foundation
import Testing
import TransparencyLog

/// The cases of transparency-dev/merkle, mostly mutated proofs that must be refused.
@Suite(.enabled(if: Files.sharedExists("merkle"), "../shared/vectors/merkle is not here"))
struct `The vectors of transparency-dev` {
  struct Case: Decodable {
    var leafIdx: UInt64?
    var treeSize: UInt64?
    var size1: UInt64?
    var size2: UInt64?
    var start: UInt64?
    var end: UInt64?
    var size: UInt64?
    var root: String?
    var leafHash: String?
    var root1: String?
    var root2: String?
    var proof: [String]?
    var desc: String
    var wantErr: Bool
  }

  /// Bytes that are no digest are not even a question our types can ask: refused.
  struct NotADigest: Error {}

  /// A digest of a case. Where a root plays no part the cases say `don't care` and a number; for
  /// each of these a digest stands in.
  static func digest(_ base64: String?) throws -> Digest {
    guard let base64, let bytes = Base64.decode(base64) else { throw NotADigest() }
    if bytes.starts(with: "don't care ".utf8) { return MerkleTree.leafHash(bytes) }
    guard let digest = Digest(bytes) else { throw NotADigest() }
    return digest
  }

  static func check(_ kind: String, _ one: Case) throws {
    let path = try (one.proof ?? []).map(digest)
    switch kind {
    case "inclusion":
      let proof = InclusionProof(
        index: try #require(one.leafIdx), size: try #require(one.treeSize), path: path)
      try proof.check(leaf: digest(one.leafHash), root: digest(one.root))
    case "consistency":
      let proof = ConsistencyProof(
        oldSize: try #require(one.size1), newSize: try #require(one.size2), path: path)
      try proof.check(oldRoot: digest(one.root1), newRoot: digest(one.root2))
    case "subtreeinclusion":
      let subtree = Subtree(start: try #require(one.start), end: try #require(one.end))
      guard let subtree else { throw NotADigest() }
      let proof = SubtreeInclusionProof(
        index: try #require(one.leafIdx), subtree: subtree, path: path)
      try proof.check(leaf: digest(one.leafHash), root: digest(one.root))
    default:
      let subtree = Subtree(start: try #require(one.start), end: try #require(one.end))
      guard let subtree else { throw NotADigest() }
      let proof = SubtreeConsistencyProof(
        subtree: subtree, size: try #require(one.size), path: path)
      try proof.check(subtreeRoot: digest(one.root1), root: digest(one.root2))
    }
  }

  @Test func `are all accepted or refused as they say`() throws {
    let folder = Files.shared.appending(path: "merkle")
    let kinds = ["inclusion", "consistency", "subtreeinclusion", "subtreeconsistency"]
    var counts = (accepted: 0, refused: 0)
    for kind in kinds {
      let walker = try #require(
        FileManager.default.enumerator(
          at: folder.appending(path: kind), includingPropertiesForKeys: nil))
      for case let url as URL in walker where url.pathExtension == "json" {
        let one = try Files.decode(Case.self, from: url)
        var isAccepted = true
        do { try Self.check(kind, one) } catch is ProofError {
          isAccepted = false
        } catch is NotADigest {
          isAccepted = false
        }
        #expect(isAccepted == !one.wantErr, "\(url.path())")
        if isAccepted { counts.accepted += 1 } else { counts.refused += 1 }
      }
    }
    #expect(counts == (36, 482))
  }
}

/// A log of transparency-dev/tessera at every size from 0 to 15.
@Suite(.enabled(if: Files.sharedExists("tessera-log"), "../shared/vectors/tessera-log is not here"))
struct `A log of Tessera` {
  static let folder = Files.shared.appending(path: "tessera-log")

  struct FolderTiles: TileReader {
    func tile(_ tile: Tile) throws -> [Digest] {
      try tile.decode(Files.bytes(folder.appending(path: tile.path)))
    }
  }

  static func checkpoint(_ size: Int) throws -> SignedCheckpoint {
    try SignedCheckpoint(Files.bytes(folder.appending(path: "checkpoint.\(size)")))
  }

  @Test func `is signed, and its tiles and entries lead to its roots`() throws {
    let log = try VerifierKey(
      "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx")
    for size in 0...15 {
      let signed = try Self.checkpoint(size)
      #expect(signed.isSigned(by: log))
      #expect(signed.checkpoint.size == UInt64(size))
      #expect(signed.checkpoint.text == Array(signed.note.text))
      let root = signed.checkpoint.root
      #expect(try MerkleTree.root(ofSize: UInt64(size), from: FolderTiles()) == root)
      guard size > 0 else { continue }
      let bundle = try Files.bytes(
        Self.folder.appending(path: EntryBundle.path(index: 0, width: size)))
      let entries = try EntryBundle.decode(bundle)
      #expect(entries.count == size)
      #expect(try EntryBundle.encode(entries.map(Array.init)) == bundle)
      let leaves = entries.map { MerkleTree.leafHash($0) }
      #expect(try FolderTiles().tile(Tile(level: 0, index: 0, width: size)) == leaves)
      #expect(MerkleTree.root(of: leaves) == root)
      #expect(entries[0].elementsEqual("one".utf8))
    }
    let newest = try Files.bytes(Self.folder.appending(path: "checkpoint"))
    #expect(try SignedCheckpoint(newest).isSigned(by: log))
  }

  @Test func `has proofs between all of its checkpoints`() throws {
    let checkpoints = try (0...15).map { try Self.checkpoint($0).checkpoint }
    for new in 1...15 {
      let leaves = try FolderTiles().tile(Tile(level: 0, index: 0, width: new))
      for old in 1...new {
        let proof = try ConsistencyProof.make(
          oldSize: UInt64(old), newSize: UInt64(new), from: FolderTiles())
        try proof.check(oldRoot: checkpoints[old].root, newRoot: checkpoints[new].root)
        let inclusion = try InclusionProof.make(
          index: UInt64(old - 1), size: UInt64(new), from: FolderTiles())
        try inclusion.check(leaf: leaves[old - 1], root: checkpoints[new].root)
      }
    }
  }
}
