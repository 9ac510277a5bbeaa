import Accountability
import Cryptography
import Encoding
import Ledger
import Testing
import TransparencyLog

@Suite struct `A receipt` {
  let fixture: LedgerFixture
  let note: [UInt8]
  let receipt: Receipt

  init() throws {
    fixture = try LedgerFixture.opened()
    for index in 0..<5 { try fixture.append("E\(index)") }
    let carried = try fixture.sign([fixture.register("D02")])
    let later = try fixture.sign(
      [fixture.register("D03")],
      seen: .init(
        size: fixture.seen().size, root: fixture.seen().root))
    note = carried.submission.bytes
    let results = try fixture.writer.append([carried, later])
    receipt = try results[0].get().receipt
  }

  @Test func `reads what it wrote`() throws {
    #expect(try Receipt(receipt.bytes) == receipt)
    #expect(receipt.index == 6)
    #expect(receipt.checkpoint.checkpoint.size == 8)
    #expect(receipt.consistency?.oldSize == 6)
    #expect(receipt.consistency?.newSize == 8)
  }

  @Test func `holds a tlog-proof, verbatim, after its first blank line`() throws {
    let text = String(decoding: receipt.bytes, as: UTF8.self)
    let blank = try #require(text.firstRange(of: "\n\n"))
    let proof = try TransparencyProof(Array(text[blank.upperBound...].utf8))
    #expect(proof == receipt.proof)
    let extra = try #require(proof.extra)
    let leaf = extra + note
    try proof.check(leaf: MerkleTree.leafHash(leaf), log: fixture.log.vkey)
    #expect(try fixture.store.entry(6) == leaf)
  }

  @Test func `is checked offline with the note and the log's key alone`() throws {
    let entry = try Receipt(receipt.bytes).check(note: note, logKey: fixture.log.vkey)
    #expect(entry.index == 6)
    #expect(entry.bytes == (try fixture.store.entry(6)))
  }

  @Test func `does not fit another note, another key or another receipt`() throws {
    let other = try Entry(#require(try fixture.store.entry(5))).submission.bytes
    #expect(errorCode { try receipt.check(note: other, logKey: fixture.log.vkey) } == .wrongReceipt)
    let key = try LedgerFixture.Signer(LedgerFixture.origin, seed: 99)
    #expect(errorCode { try receipt.check(note: note, logKey: key.vkey) } == .wrongReceipt)
    let renamed = try VerifierKey(name: "other.example/log", publicKey: fixture.log.vkey.publicKey)
    #expect(errorCode { try receipt.check(note: note, logKey: renamed) } == .wrongReceipt)
  }

  @Test func `does not let the log say another past than it proves`() throws {
    let submission = try Entry(#require(try fixture.store.entry(6))).submission
    let log = SyntheticLog(MemoryStore())
    try log.append((0..<6).map { try #require(try fixture.store.entry($0)) })
    for (root, isTrue) in [(log.root, true), (MerkleTree.emptyRoot, false)] {
      let forged = SyntheticLog(MemoryStore())
      try forged.append((0..<6).map { try #require(try fixture.store.entry($0)) })
      let time = fixture.clock.now
      let entry = Entry(index: 6, time: time, root: root, submission: submission)
      try forged.append([entry.bytes])
      let tiles = StoreTiles(forged.store)
      let checkpoint = try SignedCheckpoint.sign(
        Checkpoint(origin: LedgerFixture.origin, size: 7, root: forged.root),
        with: fixture.log.key)
      let proof = TransparencyProof(
        extra: entry.header.bytes, index: 6,
        path: try InclusionProof.make(index: 6, size: 7, from: tiles).path, checkpoint: checkpoint)
      let receipt = Receipt(
        proof: proof,
        consistency: try ConsistencyProof.make(
          oldSize: submission.seen.size, newSize: 7, from: tiles), stored: [])
      if isTrue {
        #expect(try receipt.check(note: note, logKey: fixture.log.vkey).index == 6)
      } else {
        #expect(
          errorCode { try receipt.check(note: note, logKey: fixture.log.vkey) } == .wrongReceipt)
      }
    }
  }

  @Test func `speaks of no sealed content that the submission does not have`() throws {
    let other = Receipt(
      proof: receipt.proof, consistency: receipt.consistency, stored: [MerkleTree.emptyRoot])
    #expect(errorCode { try other.check(note: note, logKey: fixture.log.vkey) } == .wrongReceipt)
  }

  @Test func `needs the proof that the log extends what was seen`() throws {
    let without = Receipt(proof: receipt.proof, consistency: nil, stored: [])
    #expect(errorCode { try without.check(note: note, logKey: fixture.log.vkey) } == .wrongReceipt)
    let shorter = try ConsistencyProof.make(
      oldSize: 5, newSize: 8, from: StoreTiles(fixture.store))
    let other = Receipt(proof: receipt.proof, consistency: shorter, stored: [])
    #expect(errorCode { try other.check(note: note, logKey: fixture.log.vkey) } == .wrongReceipt)
  }

  @Test func `proves nothing after a bit of any byte is flipped`() throws {
    for index in receipt.bytes.indices {
      for bit in [0, 5] {
        var bytes = receipt.bytes
        bytes[index] ^= 1 << UInt8(bit)
        guard let changed = try? Receipt(bytes) else { continue }
        #expect(
          (try? changed.check(note: note, logKey: fixture.log.vkey)) == nil,
          "byte \(index), bit \(bit)")
      }
    }
  }

  @Test func `refuses every truncation and anything after its end`() {
    for count in 0..<receipt.bytes.count {
      #expect(throws: LedgerError.self) { try Receipt(Array(receipt.bytes[..<count])) }
    }
    #expect(throws: LedgerError.self) { try Receipt(receipt.bytes + [10]) }
  }

  @Test func `can be made again at any later time, for any entry`() throws {
    try fixture.append(count: 300, prefix: "F")
    for index in 0..<308 as Range<UInt64> {
      let again = try Receipt.make(of: index, in: fixture.store)
      let note = try Entry(#require(try fixture.store.entry(index))).submission.bytes
      #expect(try again.check(note: note, logKey: fixture.log.vkey).index == index)
    }
    #expect(errorCode { try Receipt.make(of: 308, in: fixture.store) } == .noEntry)
  }

  @Test func `is not made for an entry that is not released`() throws {
    fixture.faulty.fail(.append, .after)
    #expect(throws: StorageError.self) { try fixture.append("Z1") }
    #expect(try fixture.store.head()?.size == 9)
    #expect(errorCode { try Receipt.make(of: 8, in: fixture.store) } == .noEntry)
    // A receipt for the released size is made from tiles that have grown beyond it.
    let again = try Receipt.make(of: 6, in: fixture.store)
    #expect(again == receipt)
  }
}

@Suite struct `The tiles export` {
  @Test(arguments: [1, 2, 255, 256, 257, 600])
  func `has exactly the files of its size, and they check`(size: Int) throws {
    let fixture = try LedgerFixture.opened()
    let batch = try (1..<max(size, 1)).map { try fixture.sign([fixture.register("E\($0)")]) }
    if !batch.isEmpty { for result in try fixture.writer.append(batch) { _ = try result.get() } }
    let output = TemporaryFolder()
    let checkpoint = try TilesExport.write(fixture.store, to: output.path + "/tiles").checkpoint

    let width = 256
    var expected = Tile.tiles(forSize: UInt64(size)).map(\.path) + ["checkpoint"]
    for index in 0..<((size + width - 1) / width) {
      expected.append(
        EntryBundle.path(index: UInt64(index), width: min(width, size - index * width)))
    }
    #expect(try output.files() == expected.map { "tiles/\($0)" }.sorted())
    #expect(try output.bytes(of: "tiles/checkpoint") == checkpoint.bytes)
    #expect(checkpoint.checkpoint.size == UInt64(size))

    var leaves: [Digest] = []
    for index in 0..<((size + width - 1) / width) {
      let path = EntryBundle.path(
        index: UInt64(index), width: min(width, size - index * width))
      for leaf in try EntryBundle.decode(output.bytes(of: "tiles/\(path)")) {
        leaves.append(MerkleTree.leafHash(leaf))
      }
    }
    #expect(MerkleTree.root(of: leaves) == checkpoint.checkpoint.root)
    let tiles = MemoryTiles(leaves: leaves)
    for tile in Tile.tiles(forSize: UInt64(size)) {
      let bytes = try output.bytes(of: "tiles/\(tile.path)")
      #expect(try tile.decode(bytes) == tiles.tile(tile))
    }
  }

  @Test func `shows the newest released checkpoint only`() throws {
    let fixture = try LedgerFixture.opened()
    try fixture.append("D02")
    fixture.faulty.fail(.append, .after)
    #expect(throws: StorageError.self) { try fixture.append("D03") }
    let output = TemporaryFolder()
    let checkpoint = try TilesExport.write(fixture.store, to: output.path + "/tiles").checkpoint
    #expect(checkpoint.checkpoint.size == 2)
    #expect(
      try output.files() == [
        "tiles/checkpoint", "tiles/tile/0/000.p/2", "tiles/tile/entries/000.p/2",
      ])
  }

  @Test func `of a released size is right where the stored tiles have filled up since`() throws {
    let fixture = try LedgerFixture.opened()
    let batch = try (1..<255).map { try fixture.sign([fixture.register("E\($0)")]) }
    for result in try fixture.writer.append(batch) { _ = try result.get() }
    let tail = try (255..<260).map { try fixture.sign([fixture.register("E\($0)")]) }
    fixture.faulty.fail(.append, .after)
    #expect(throws: StorageError.self) { try fixture.writer.append(tail) }
    #expect(try fixture.store.tile(level: 0, index: 0)?.count == 256)

    let output = TemporaryFolder()
    let checkpoint = try TilesExport.write(fixture.store, to: output.path + "/tiles").checkpoint
    #expect(checkpoint.checkpoint.size == 255)
    #expect(
      try output.files() == [
        "tiles/checkpoint", "tiles/tile/0/000.p/255", "tiles/tile/entries/000.p/255",
      ])
    let leaves = try EntryBundle.decode(output.bytes(of: "tiles/tile/entries/000.p/255"))
    #expect(
      MerkleTree.root(of: leaves.map { MerkleTree.leafHash($0) }) == checkpoint.checkpoint.root)
    let receipt = try Receipt.make(of: 100, in: fixture.store)
    let note = try Entry(#require(try fixture.store.entry(100))).submission.bytes
    #expect(try receipt.check(note: note, logKey: fixture.log.vkey).index == 100)
  }

  @Test func `goes into an empty folder, and into that of an earlier export`() throws {
    let fixture = try LedgerFixture.opened()
    let output = TemporaryFolder()
    try TilesExport.write(fixture.store, to: output.path)
    #expect(try output.names() == ["checkpoint", "tile"])
    let before = try output.bytes(of: "checkpoint")
    #expect(try TilesExport.write(fixture.store, to: output.path).newEntryCount == 0)
    #expect(try output.bytes(of: "checkpoint") == before)
    let other = TemporaryFolder()
    try other.write([1], to: "something")
    #expect(errorCode { try TilesExport.write(fixture.store, to: other.path) } == .folderExists)
    #expect(try other.names() == ["something"])
  }

  @Test func `refuses a folder that an earlier run did not finish, and an empty ledger`() throws {
    let fixture = try LedgerFixture()
    let output = TemporaryFolder()
    #expect(
      errorCode { try TilesExport.write(fixture.store, to: output.path + "/a") } == .noLedger)
    _ = try fixture.writer.open(with: fixture.opening())
    try TilesExport.write(fixture.store, to: output.path + "/b.partial")
    #expect(
      errorCode { try TilesExport.write(fixture.store, to: output.path + "/b") } == .folderExists)
    #expect(try output.names() == ["b.partial"])
  }
}
