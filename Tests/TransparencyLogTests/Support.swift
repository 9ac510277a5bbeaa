import Cryptography
import Encoding
import Foundation
import Testing
import TransparencyLog

/// Where the files the tests read are.
enum Files {
  static let repository = URL(filePath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  /// Our own vectors, made by `make.py` beside them from the specifications.
  static func vectors<T: Decodable>(_ type: T.Type, _ name: String) throws -> T {
    try decode(
      type, from: repository.appending(path: "Tests/Vectors/transparency-log/\(name).json"))
  }

  /// Other people's vectors, which are not part of the repository.
  static let shared = repository.deletingLastPathComponent().appending(path: "shared/vectors")

  static func sharedExists(_ folder: String) -> Bool {
    FileManager.default.fileExists(atPath: shared.appending(path: folder).path())
  }

  /// A file of the repository.
  static func source(_ path: String) -> URL { repository.appending(path: path) }

  static func bytes(_ url: URL) throws -> [UInt8] { [UInt8](try Data(contentsOf: url)) }

  static func decode<T: Decodable>(_ type: T.Type, from url: URL) throws -> T {
    try JSONDecoder().decode(type, from: Data(contentsOf: url))
  }

  /// The fenced block with this tag in a page of `docs/formats`.
  static func example(_ tag: String, in page: String) throws -> String {
    let text = String(
      decoding: try bytes(repository.appending(path: "docs/formats/\(page).md")), as: UTF8.self)
    let start = try #require(text.range(of: "\n```\(tag)\n"), "no block \(tag) in \(page).md")
    let end = try #require(text.range(of: "\n```\n", range: start.upperBound..<text.endIndex))
    return String(text[start.upperBound..<end.lowerBound]) + "\n"
  }
}

/// A seeded generator (SplitMix64), so that a failing run can be repeated.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// The tree of RFC 6962 §2.1 as a plain recursion, to compare with.
enum NaiveTree {
  static func root(_ leaves: ArraySlice<Digest>) -> Digest {
    guard leaves.count > 1 else { return leaves.first ?? MerkleTree.emptyRoot }
    var middle = 1
    while middle * 2 < leaves.count { middle *= 2 }
    return MerkleTree.nodeHash(root(leaves.prefix(middle)), root(leaves.dropFirst(middle)))
  }
}

/// The hashes of the leaves `leaf 0`, `leaf 1` …
func leafHashes(_ count: Int) -> [Digest] {
  (0..<count).map { MerkleTree.leafHash(Array("leaf \($0)".utf8)) }
}

/// `digest` with one bit turned.
func flipped(_ digest: Digest, bit: Int) throws -> Digest {
  var bytes = digest.bytes
  bytes[bit / 8] ^= 1 << UInt8(bit % 8)
  return try #require(Digest(bytes))
}

/// The key of the examples: seed 0x00, 0x01 … 0x1F.
func exampleKey() throws -> SigningKey { try SigningKey(seed: Array(0..<32)) }

/// A reader that remembers what it was asked for.
final class CountingTiles: TileReader {
  let tiles: MemoryTiles
  private(set) var asked: [Tile] = []

  init(_ tiles: MemoryTiles) { self.tiles = tiles }

  func tile(_ tile: Tile) throws -> [Digest] {
    asked.append(tile)
    return Array(try tiles.tile(tile).prefix(tile.width))
  }

  func reset() { asked = [] }
}

/// One case of our vector files.
struct ByteCase: Decodable, CustomTestStringConvertible {
  var name: String
  var text: String?
  var base64: String?
  var refused: String?

  var testDescription: String { name }

  func bytes() throws -> [UInt8] {
    if let text { return Array(text.utf8) }
    let base64 = try #require(base64)
    return try #require(Base64.decode(base64))
  }

  /// The code `parse` throws is the expected one, or it throws nothing and nothing is expected.
  func check(_ parse: ([UInt8]) throws(NoteError) -> Void) throws {
    var code: String?
    do { try parse(try bytes()) } catch let error as NoteError { code = error.code.description }
    #expect(code == refused, "\(name)")
  }
}
