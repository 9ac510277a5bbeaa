import Cryptography
import FoundationEssentials
import Ledger
import Testing
import TransparencyLog

/// An exported folder is audited as the ledger it was made from, and every change of it is found.
@Suite struct `An audit of an export` {
  private static let export = Result { () throws -> (TemporaryFolder, MemoryStore) in
    let fixture = try LedgerFixture.opened()
    let batch = try (1..<300).map { try fixture.sign([fixture.register("E\($0)")]) }
    for result in try fixture.writer.append(batch) { _ = try result.get() }
    let folder = TemporaryFolder()
    try TilesExport.write(fixture.store, to: folder.path)
    return (folder, fixture.store)
  }

  private func options(expecting checkpoint: [UInt8]) -> AuditOptions {
    var options = AuditOptions()
    options.edition = .public
    options.anchors.expected = [checkpoint]
    return options
  }

  private func copy() throws -> (TemporaryFolder, checkpoint: [UInt8]) {
    let (original, _) = try Self.export.get()
    let folder = TemporaryFolder()
    folder.remove()
    try FileManager.default.copyItem(atPath: original.path, toPath: folder.path)
    return (folder, try folder.bytes(of: "checkpoint"))
  }

  private func audit(_ folder: TemporaryFolder, expecting checkpoint: [UInt8]) async throws
    -> AuditReport
  {
    let source = try ExportAuditSource(folder.path)
    return try await Auditor(source: source, options(expecting: checkpoint)).run()
  }

  @Test func `says what an audit of the ledger says`() async throws {
    let (folder, store) = try Self.export.get()
    let checkpoint = try folder.bytes(of: "checkpoint")
    let here = try await Auditor(store, options(expecting: checkpoint)).run()
    let there = try await audit(folder, expecting: checkpoint)
    #expect(there.exitCode == 0)
    #expect(there.json == here.json)
  }

  @Test func `finds every byte that is changed in any file`() async throws {
    let (folder, checkpoint) = try copy()
    var seed: UInt64 = 1
    for name in try folder.files() {
      let bytes = try folder.bytes(of: name)
      for _ in 0..<12 {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        var changed = bytes
        changed[Int(seed >> 33) % bytes.count] ^= UInt8(1) << UInt8(seed >> 29 & 7)
        try folder.write(changed, to: name)
        #expect(try await audit(folder, expecting: checkpoint).exitCode == 3, "\(name)")
      }
      try folder.write(bytes, to: name)
    }
    #expect(try await audit(folder, expecting: checkpoint).exitCode == 0)
  }

  @Test func `finds every file that is missing, cut short, or too long`() async throws {
    let (folder, checkpoint) = try copy()
    for name in try folder.files() where name != "checkpoint" {
      let bytes = try folder.bytes(of: name)
      for other in [Array(bytes.dropLast()), bytes + [0], []] {
        try folder.write(other, to: name)
        #expect(try await audit(folder, expecting: checkpoint).exitCode == 3, "\(name)")
      }
      try FileManager.default.removeItem(atPath: "\(folder.path)/\(name)")
      #expect(try await audit(folder, expecting: checkpoint).exitCode == 3, "\(name)")
      try folder.write(bytes, to: name)
    }
    for name in [
      "more", "tile/0/000.p/7", "tile/entries/000", "tile/3/000", "tile/entries/001.p/9",
    ]
    where !FileManager.default.fileExists(atPath: "\(folder.path)/\(name)") {
      let path = URL(filePath: "\(folder.path)/\(name)")
      try FileManager.default.createDirectory(
        at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
      try folder.write([1, 2, 3], to: name)
      let report = try await audit(folder, expecting: checkpoint)
      #expect(report.codes == [.strayRows], "\(name)")
      try FileManager.default.removeItem(at: path)
    }
  }

  @Test func `needs a checkpoint to begin with`() async throws {
    let empty = TemporaryFolder()
    #expect(errorCode { _ = try ExportAuditSource(empty.path) } == .noLedger)
    let (folder, checkpoint) = try copy()
    try folder.write(Array("rubbish".utf8), to: "checkpoint")
    #expect(try await audit(folder, expecting: checkpoint).exitCode != 0)
  }
}
