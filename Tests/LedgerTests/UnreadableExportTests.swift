import Accountability
import Cryptography
import Encoding
import FoundationEssentials
import Glibc
@testable import Ledger
import Testing
import TransparencyLog

/// What cannot be read of an export was not checked: that is no violation, and no pass either. What can
/// be read, and is wrong, is called by its name.
@Suite struct `An export that cannot be read throughout` {
  private static let export = Result { () throws -> TemporaryFolder in
    let fixture = try LedgerFixture.opened()
    let batch = try (1..<300).map { try fixture.sign([fixture.register("E\($0)")]) }
    for result in try fixture.writer.append(batch) { _ = try result.get() }
    let folder = TemporaryFolder()
    try TilesExport.write(fixture.store, to: folder.path)
    return folder
  }

  private func copy() throws -> TemporaryFolder {
    let folder = TemporaryFolder()
    folder.remove()
    try FileManager.default.copyItem(atPath: Self.export.get().path, toPath: folder.path)
    return folder
  }

  private func audit(_ folder: TemporaryFolder) async throws -> AuditReport {
    var options = AuditOptions()
    options.edition = .public
    options.anchors.expected = [try Self.export.get().bytes(of: "checkpoint")]
    return try await Auditor(source: ExportAuditSource(folder.path), options).run()
  }

  private func remove(_ name: String, in folder: TemporaryFolder) throws {
    try FileManager.default.removeItem(atPath: "\(folder.path)/\(name)")
  }

  private enum Thing: CaseIterable { case link, pipe, folder, linkToNowhere }

  private func put(_ thing: Thing, at name: String, in folder: TemporaryFolder) throws {
    let path = "\(folder.path)/\(name)"
    try remove(name, in: folder)
    switch thing {
    case .link:
      try FileManager.default.createSymbolicLink(
        atPath: path, withDestinationPath: "\(Self.export.get().path)/\(name)")
    case .linkToNowhere:
      try FileManager.default.createSymbolicLink(
        atPath: path, withDestinationPath: "nowhere")
    case .pipe: unsafe mkfifo(path, 0o600)
    case .folder:
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }
  }

  @Test func `ends the audit, and names what is no file`() async throws {
    for name in try Self.export.get().files() {
      for thing in Thing.allCases {
        let folder = try copy()
        try put(thing, at: name, in: folder)
        let error = await #expect(throws: LedgerError.self) { try await audit(folder) }
        #expect(error?.code == .fileFailed, "\(name), \(thing)")
        #expect(error?.message.contains("/\(name) cannot be read") == true, "\(name), \(thing)")
      }
    }
    for name in ["tile", "tile/0", "tile/entries", "tile/1/000.p"] {
      for thing in [Thing.link, .linkToNowhere, .pipe] {
        let folder = try copy()
        try put(thing, at: name, in: folder)
        let error = await #expect(throws: LedgerError.self) { try await audit(folder) }
        #expect(error?.message.contains("/\(name) cannot be read") == true, "\(name), \(thing)")
      }
    }
  }

  @Test func `names what does not belong to the log`() async throws {
    let folder = try copy()
    for name in ["tile/2", "empty", "tile/0/003.p"] {
      try FileManager.default.createDirectory(
        atPath: "\(folder.path)/\(name)", withIntermediateDirectories: false)
    }
    try folder.write([1], to: ".DS_Store")
    let report = try await audit(folder)
    #expect(report.codes == [.strayRows])
    let sentence = try #require(report.findings.first?.sentence)
    for name in [".DS_Store", "empty/", "tile/0/003.p/", "tile/2/"] {
      #expect(sentence.english.contains(name) && sentence.chinese.contains(name), "\(name)")
    }
    try remove(".DS_Store", in: folder)
    for number in 0..<20 { try folder.write([1], to: "more-\(number)") }
    let more = try #require(try await audit(folder).findings.first?.sentence.english)
    #expect(more.contains("and 15 more"))
  }

  @Test func `says what is wrong with the checkpoint itself`() async throws {
    let good = try Self.export.get().bytes(of: "checkpoint")
    let long = good + [UInt8](repeating: 0x20, count: 1_000_001)
    for bad in [Array(good.dropLast(20)), Array("rubbish".utf8), [], long, nil] {
      let folder = try copy()
      try remove("checkpoint", in: folder)
      if let bad { try folder.write(bad, to: "checkpoint") }
      let report = try await audit(folder)
      #expect(report.codes == [.checkpointUnreadable])
      #expect(report[.integrity] == .failed && report[.anchoring] == .notChecked)
    }
  }

  @Test func `takes the log's own line any number of times, as long as each verifies`() async throws
  {
    let good = try SignedCheckpoint(Self.export.get().bytes(of: "checkpoint"))
    let line = good.note.signatures[0]
    let broken = try NoteSignature(
      name: line.name, id: line.id, payload: line.payload.map { $0 ^ 1 })
    for (lines, codes) in [
      ([line, line], []), ([line] + Array(repeating: line, count: 63), []),
      ([line, broken], [FindingCode.checkpointUnsigned, .wrongReleased]),
      ([broken, line], [FindingCode.checkpointUnsigned, .wrongReleased]),
    ] {
      let folder = try copy()
      let note = try SignedNote(text: Array(good.note.text), signatures: lines)
      try folder.write(note.bytes, to: "checkpoint")
      #expect(try await Set(audit(folder).codes) == Set(codes))
    }
  }
}
