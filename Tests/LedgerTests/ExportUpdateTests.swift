import Cryptography
import FoundationEssentials
import Ledger
import Testing
import TransparencyLog

/// A second export into the same folder writes what is new, and leaves what a first one would have.
@Suite struct `An export that is brought up to date` {
  private func export(_ size: UInt64) throws -> TemporaryFolder {
    let folder = TemporaryFolder()
    try TilesExport.write(ExportFixture.ledger(size), to: folder.path)
    return folder
  }

  @Test(arguments: [
    [1, 2], [1, 255, 256], [255, 257], [256, 257, 512], [3, 3, 300], [257, 511, 512, 513, 600],
    [1, 600],
  ])
  func `holds the files that a first one would hold`(sizes: [UInt64]) throws {
    let folder = try export(sizes[0])
    for (before, size) in zip(sizes, sizes.dropFirst()) {
      let written = try TilesExport.write(ExportFixture.ledger(size), to: folder.path)
      #expect(written.newEntryCount == size - before)
      #expect(try ExportFixture.contents(folder) == ExportFixture.contents(export(size)))
    }
  }

  @Test(arguments: [(5, 200, 300), (255, 256, 600), (250, 300, 511), (300, 500, 512)])
  func `clears away what a run that was cut short has left`(
    sizes: (UInt64, UInt64, UInt64)
  ) throws {
    // Files of the middle size lie beside those of the first, and one of them is half written.
    let folder = try export(sizes.0)
    let middle = try export(sizes.1)
    for (name, bytes) in try ExportFixture.contents(middle) where name != "checkpoint" {
      let path = URL(filePath: "\(folder.path)/\(name)")
      try FileManager.default.createDirectory(
        at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
      if !FileManager.default.fileExists(atPath: path.path) {
        try folder.write(Array(bytes.prefix(bytes.count / 2)), to: name)
      }
    }
    try TilesExport.write(ExportFixture.ledger(sizes.2), to: folder.path)
    #expect(try ExportFixture.contents(folder) == ExportFixture.contents(export(sizes.2)))
  }

  @Test func `is refused where the folder is of another ledger, newer, or changed`() throws {
    let folder = try export(300)
    let before = try ExportFixture.contents(folder)
    let other = try LedgerFixture.opened()
    try other.append("X1")
    // The same keys, and another history.
    let forked = try LedgerFixture.opened()
    for number in 1..<310 { try forked.append("F\(number)") }
    let expected: [(any TruthStore, LedgerError.Code)] = [
      (try ExportFixture.ledger(299), .rolledBack), (other.store, .rolledBack),
      (forked.store, .forked),
    ]
    for (store, code) in expected {
      #expect(errorCode { try TilesExport.write(store, to: folder.path) } == code)
      #expect(try ExportFixture.contents(folder) == before)
    }
    try folder.write([1, 2, 3], to: "checkpoint")
    #expect(
      errorCode { try TilesExport.write(ExportFixture.ledger(400), to: folder.path) }
        == .folderExists)
    let foreign = try SignedCheckpoint.sign(
      Checkpoint(origin: LedgerFixture.origin, size: 300, root: MerkleTree.emptyRoot),
      with: SigningKey())
    try folder.write(foreign.bytes, to: "checkpoint")
    #expect(
      errorCode { try TilesExport.write(ExportFixture.ledger(400), to: folder.path) }
        == .folderExists)
  }

  @Test func `writes through no link that lies in the folder`() throws {
    let folder = try export(5)
    let target = TemporaryFolder()
    try target.write([7], to: "kept")
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/tile/0/000.p/9", withDestinationPath: "\(target.path)/kept")
    #expect(
      errorCode { try TilesExport.write(ExportFixture.ledger(9), to: folder.path) } == .fileFailed)
    #expect(try target.bytes(of: "kept") == [7])
    #expect(try SignedCheckpoint(folder.bytes(of: "checkpoint")).checkpoint.size == 5)
  }

  @Test func `hashes what it adds`() throws {
    let folder = try export(300)
    let (whole, key) = try ExportFixture.whole.get()
    let sound = try MemoryStore.prefix(of: whole, size: 400, signedBy: key)
    let before = try ExportFixture.contents(folder)
    let changed = ChangedStore(sound, entries: [350: Array("something else".utf8)])
    #expect(errorCode { try TilesExport.write(changed, to: folder.path) } == .damaged)
    #expect(try ExportFixture.contents(folder) == before)
  }
}
