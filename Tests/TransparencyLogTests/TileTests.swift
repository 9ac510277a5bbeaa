import Cryptography
import Testing
import TransparencyLog

@Suite struct `A tile` {
  @Test func `has the path of the specification`() {
    #expect(Tile(level: 0, index: 1_234_067).path == "tile/0/x001/x234/067")
    #expect(Tile(level: 0, index: 1_234_067, width: 12).path == "tile/0/x001/x234/067.p/12")
    #expect(Tile(level: 63, index: 0, width: 255).path == "tile/63/000.p/255")
    #expect(EntryBundle.path(index: 273, width: 112) == "tile/entries/273.p/112")
    #expect(EntryBundle.path(index: 1000) == "tile/entries/x001/000")
  }

  @Test func `is found again from its path`() {
    for index in [0, 1, 999, 1000, 999_999, 1_000_000, 1_234_067, UInt64(Int64.max) >> 8] {
      for width in [1, 9, 255, 256] {
        let tile = Tile(level: 3, index: index, width: width)
        #expect(Tile(path: tile.path) == tile)
        let bundle = EntryBundle.parsePath(EntryBundle.path(index: index, width: width))
        #expect(bundle?.index == index && bundle?.width == width)
      }
    }
  }

  @Test(arguments: [
    "", "tile", "tile/", "tile/0", "tile/0/", "tile/0/0", "tile/0/00", "tile/0/0000", "tile/0/x000",
    "tile/0/x000/000", "tile/0/x001/x000", "tile/0/001/000", "tile/0/x001/0", "tile/0/000.p",
    "tile/0/000.p/", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p/-1",
    "tile/0/000/p/1", "tile/0/000.p/1/", "tile/0/000/", "tile/00/000", "tile/64/000", "tile/-1/000",
    "tile/+1/000", "tile//000", "/tile/0/000", "tile/0/X001/000", "tile/0/xx01/000", "tile/0/-01",
    "tile/entries/000", "tile/0/.p/1", "tile/0/x.p/1", "tile/0/x001.p/1", "tile/0/000.p/1.p/1",
    "tile/0/x999/x999/x999/x999/x999/x999/x999/999", "tile/0/00\u{661}", "tile/0/000\n",
    "tile/0/x018/x446/x744/x073/x709/x551/616",
  ])
  func `is not found from another path`(path: String) {
    #expect(Tile(path: path) == nil)
    let entries = path.replacing("tile/0/", with: "tile/entries/")
    if entries != path { #expect(EntryBundle.parsePath(entries) == nil) }
  }

  @Test func `is found from no path but its own, whatever the path`() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SeededGenerator(seed: seed)
    var found = 0
    for _ in 0..<20_000 {
      let parts = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
        ["x000", "x123", "000", "067", "067.p", "000.p", "0", "17", "255", "256", "", "x"]
          .randomElement(using: &generator) ?? ""
      }
      let path = "tile/3/" + parts.joined(separator: "/")
      guard let tile = Tile(path: path) else { continue }
      found += 1
      #expect(tile.path == path, "seed \(seed)")
    }
    #expect(found > 100, "seed \(seed)")
  }

  @Test func `list of 70,000 entries is that of the specification`() {
    let tiles = Array(Tile.tiles(forSize: 70_000))
    #expect(tiles.filter { $0.level == 0 && $0.isFull }.count == 273)
    #expect(tiles.filter { $0.level == 1 && $0.isFull }.count == 1)
    #expect(
      tiles.filter { !$0.isFull } == [
        Tile(level: 0, index: 273, width: 112), Tile(level: 1, index: 1, width: 17),
        Tile(level: 2, index: 0, width: 1),
      ])
    #expect(tiles.count == 277)
    #expect(Tile.edgeTiles(ofSize: 70_000) == tiles.filter { !$0.isFull })
    #expect(
      Array(Tile.tiles(forSize: 256)) == [
        Tile(level: 0, index: 0), Tile(level: 1, index: 0, width: 1),
      ])
    #expect(Array(Tile.tiles(forSize: 0)).isEmpty)
    #expect(Array(Tile.tiles(forSize: .max).prefix(2)).map(\.index) == [0, 1])
    #expect(Tile.edgeTiles(ofSize: 1 << 62) == [Tile(level: 7, index: 0, width: 64)])
  }

  @Test func `is as wide as the tree's size says`() {
    #expect(Tile(level: 0, index: 1, inTreeOfSize: 256) == nil)
    #expect(Tile(level: 0, index: 1, inTreeOfSize: 257)?.width == 1)
    #expect(Tile(level: 0, index: 0, inTreeOfSize: 257)?.width == 256)
    #expect(Tile(level: 1, index: 0, inTreeOfSize: 255) == nil)
    #expect(Tile(level: 8, index: 0, inTreeOfSize: .max) == nil)
    #expect(Tile(level: 63, index: 0, inTreeOfSize: .max) == nil)
    #expect(Tile(level: 0, index: .max, inTreeOfSize: .max) == nil)
  }

  @Test func `has 32 bytes for each hash and no more`() throws {
    let hashes = leafHashes(5)
    let tile = Tile(level: 0, index: 0, width: 5)
    let bytes = Tile.encode(hashes)
    #expect(bytes.count == 160)
    #expect(try tile.decode(bytes) == hashes)
    #expect(throws: TileError.self) { try tile.decode(bytes.dropLast()) }
    #expect(throws: TileError.self) { try tile.decode(bytes + [0]) }
    #expect(throws: TileError.self) { try tile.decode([]) }
  }
}

extension Tile {
  /// Decodes a slice, for the tests above.
  fileprivate func decode(_ bytes: ArraySlice<UInt8>) throws -> [Digest] {
    try decode(Array(bytes))
  }
}

@Suite struct `An entry bundle` {
  @Test func `gives back its entries`() throws {
    let entries: [[UInt8]] = [[], [1], Array(repeating: 7, count: 65_535), Array("three".utf8)]
    let bytes = try EntryBundle.encode(entries)
    #expect(bytes.count == 8 + 1 + 65_535 + 5)
    #expect(try EntryBundle.decode(bytes).map(Array.init) == entries)
    #expect(try EntryBundle.decode([]).isEmpty)
  }

  @Test func `cut anywhere but between entries is refused`() throws {
    let entries = ["one", "two", "three"].map { Array($0.utf8) }
    let bytes = try EntryBundle.encode(entries)
    let ends = [0, 5, 10]
    for count in 0..<bytes.count where !ends.contains(count) {
      #expect(throws: TileError.self) { try EntryBundle.decode(Array(bytes.prefix(count))) }
    }
  }

  @Test func `holds at most 256 entries of at most 65,535 bytes`() throws {
    let bytes = try EntryBundle.encode(Array(repeating: [1], count: 256))
    #expect(try EntryBundle.decode(bytes).count == 256)
    #expect(throws: TileError.self) { try EntryBundle.decode(bytes + [0, 0]) }
    #expect(throws: TileError.self) { try EntryBundle.encode(Array(repeating: [], count: 257)) }
    #expect(throws: TileError.self) {
      try EntryBundle.encode([Array(repeating: 0, count: 65_536)])
    }
  }
}
