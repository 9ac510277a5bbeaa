import Accountability
import Cryptography
import Encoding
import FoundationEssentials
@testable import Ledger
import Testing
import TransparencyLog

/// One archive that an auditor takes away: audited as the ledger it was made from.
@Suite struct `A bundle` {
  let plan: PlanFixture
  let folder = TemporaryFolder()
  let further = [(name: "README.txt", bytes: Array("read me\n".utf8))]

  init() throws {
    plan = try PlanFixture()
    let text = try Opening.text("桥面浇筑完成。", salt: [UInt8](repeating: 1, count: 32))
    let file = try Opening(
      media: "image/jpeg", salt: [UInt8](repeating: 2, count: 32), content: [0, 10, 255])
    _ = try plan.ledger.writer.append(
      plan.sign(plan.report(text, file), by: [plan.lead], openings: [file, text]))
    for name in ["E1", "E2"] { try plan.ledger.append(name) }
  }

  private var store: MemoryStore { plan.ledger.store }

  private func stored() throws -> StoredOpening? {
    var openings: [StoredOpening] = []
    try store.scanOpenings { openings.append($0) }
    return openings.last
  }

  private func write(_ edition: AuditEdition = .full, to name: String = "b.tar") throws -> String {
    let path = "\(folder.path)/\(name)"
    _ = try BundleExport.write(store, to: path, edition: edition, further: further)
    return path
  }

  private func audit(_ path: String) async throws -> AuditReport {
    let source = try ExportAuditSource(path)
    var options = AuditOptions()
    options.edition = source.edition
    options.anchors.expected = [try #require(try store.head()?.released)]
    return try await Auditor(source: source, options).run()
  }

  /// The archive with its members changed, in the form that we write.
  private func rewritten(
    _ change: (String, [UInt8]) -> (String, [UInt8])?
  ) throws -> String {
    let bytes = try folder.bytes(of: "b.tar")
    var (offset, new) = (0, [UInt8]())
    while bytes[offset] != 0 {
      let header = Array(bytes[offset..<(offset + 512)])
      let name = String(decoding: header[..<(header.firstIndex(of: 0) ?? 0)], as: UTF8.self)
      let count = try #require(
        Int(String(decoding: header[124..<135], as: UTF8.self), radix: 8))
      let padded = (count + 511) / 512 * 512
      let contents = Array(bytes[(offset + 512)..<(offset + 512 + count)])
      if let (name, contents) = change(name, contents) {
        new += Self.header(name, contents.count, from: header)
        new += contents + [UInt8](repeating: 0, count: (512 - contents.count % 512) % 512)
      }
      offset += 512 + padded
    }
    try folder.write(new + [UInt8](repeating: 0, count: 1024), to: "changed.tar")
    return "\(folder.path)/changed.tar"
  }

  /// A header with another name and length, and the sum that belongs to it.
  private static func header(_ name: String, _ count: Int, from old: [UInt8]) -> [UInt8] {
    var header = old
    func put(_ text: some Sequence<UInt8>, _ offset: Int) {
      for (place, byte) in text.enumerated() { header[offset + place] = byte }
    }
    func octal(_ number: Int, _ width: Int) -> [UInt8] {
      let digits = String(number, radix: 8)
      return Array((String(repeating: "0", count: width - digits.utf8.count) + digits).utf8)
    }
    put([UInt8](repeating: 0, count: 100), 0)
    put(name.utf8, 0)
    put(octal(count, 11), 124)
    put([UInt8](repeating: 0x20, count: 8), 148)
    put(octal(header.reduce(0) { $0 + Int($1) }, 6) + [0], 148)
    return header
  }

  @Test func `says what an audit of the ledger says, openings and all`() async throws {
    let there = try await audit(write())
    var options = AuditOptions()
    options.anchors.expected = [try #require(try store.head()?.released)]
    let here = try await Auditor(store, options).run()
    #expect(there.exitCode == 0)
    #expect(there.openedCount == 2)
    #expect(there.json == here.json)
    let publicly = try await audit(write(.public, to: "p.tar"))
    #expect(publicly.exitCode == 0)
    #expect(publicly[.content] == .absent)
    #expect(publicly.missingOpeningCount == 2)
  }

  @Test func `has the same bytes every time, and holds nothing sealed in the public edition`()
    throws
  {
    _ = try write()
    _ = try write(to: "again.tar")
    #expect(try folder.bytes(of: "b.tar") == folder.bytes(of: "again.tar"))
    _ = try write(.public, to: "p.tar")
    let bytes = try folder.bytes(of: "p.tar")
    #expect(!String(decoding: bytes, as: UTF8.self).contains("openings/"))
    #expect(!bytes.indices.contains { bytes[$0...].starts(with: "桥面浇筑完成".utf8) })
  }

  @Test func `is never written over another file, nor half`() throws {
    let path = try write()
    #expect(errorCode { _ = try write() } == .folderExists)
    #expect(errorCode { _ = try write(to: "no/where.tar") } == .fileFailed)
    let changed = ChangedStore(store, entries: [3: Array("other".utf8)])
    #expect(
      errorCode {
        _ = try BundleExport.write(changed, to: path + "2", edition: .full, further: [])
      } == .damaged)
    #expect(
      errorCode {
        _ = try BundleExport.write(
          store, to: path + "3", edition: .full, further: [(name: "../x", bytes: [])])
      } == .malformedBundle)
    #expect(try folder.names() == ["b.tar"])
  }

  @Test func `is found out wherever a bit of it is changed`() async throws {
    _ = try write()
    let bytes = try folder.bytes(of: "b.tar")
    // What a person reads, and nobody checks.
    let readme = try #require(bytes.firstRange(of: Array("read me\n".utf8)))
    for index in stride(from: 0, to: bytes.count, by: 37) where !readme.contains(index) {
      var changed = bytes
      changed[index] ^= 1 << (index % 8)
      try folder.write(changed, to: "c.tar")
      let code: Int32
      do { code = try await audit("\(folder.path)/c.tar").exitCode } catch let error as LedgerError
      {
        #expect([.malformedBundle, .noLedger].contains(error.code), "byte \(index)")
        continue
      }
      #expect(code == 3, "byte \(index)")
    }
  }

  @Test func `is refused when it is cut, drawn out, or packed otherwise`() throws {
    _ = try write()
    let bytes = try folder.bytes(of: "b.tar")
    for count in stride(from: 0, to: bytes.count, by: 256) {
      try folder.write(Array(bytes[..<count]), to: "c.tar")
      #expect(throws: LedgerError.self) { try ExportAuditSource("\(folder.path)/c.tar") }
    }
    try folder.write(bytes + [0], to: "c.tar")
    #expect(
      errorCode { _ = try ExportAuditSource("\(folder.path)/c.tar") } == .malformedBundle)
    for name in ["/etc/passwd", "../up", "a/../b", "a//b", "a b", "a\\b", "bundle"] {
      let path = try rewritten { $0 == "README.txt" ? (name, $1) : ($0, $1) }
      #expect(errorCode { _ = try ExportAuditSource(path) } == .malformedBundle, "\(name)")
    }
    // A link in the place of a file, with the sum that belongs to it.
    var link = bytes
    link[156] = UInt8(ascii: "2")
    try folder.write(link, to: "c.tar")
    #expect(
      errorCode { _ = try ExportAuditSource("\(folder.path)/c.tar") } == .malformedBundle)
  }

  @Test func `misses what was taken out, and finds what was put in`() async throws {
    _ = try write()
    let withheld = try await audit(
      rewritten { $0.hasPrefix("openings/") ? nil : ($0, $1) })
    #expect(withheld.codes == [.missingOpening])
    #expect(withheld[.content] == .notChecked)
    let entries = try rewritten { $0.hasPrefix("tile/entries") ? nil : ($0, $1) }
    #expect(try await audit(entries).exitCode == 3)
    let stray = try rewritten { $0 == "README.txt" ? ("tile/x", $1) : ($0, $1) }
    #expect(try await audit(stray).codes == [.strayRows])
    let swapped = try await audit(
      rewritten { name, contents in
        name.hasPrefix("openings/")
          ? (name, contents.dropLast() + [contents[contents.count - 1] ^ 1]) : (name, contents)
      })
    #expect(swapped[.content] == .failed)
    let opening = BundleFormat.path(of: try #require(try stored()))
    let unreadable = try await audit(rewritten { ($0, $0 == opening ? [1, 2, 3] : $1) })
    #expect(unreadable.codes == [.wrongOpening])
    let edition = try rewritten { name, contents in
      name == "bundle" ? (name, Array("onus/bundle/v1\nedition none\n".utf8)) : (name, contents)
    }
    #expect(errorCode { _ = try ExportAuditSource(edition) } == .malformedBundle)
  }

  /// A table has one content for a commitment; an archive has as many as somebody puts in.
  @Test(arguments: [0, 9], [true, false]) func `lays a second content for a seal where it was put`(
    _ place: UInt64, isFirst: Bool
  ) async throws {
    _ = try write()
    var rows: [(name: String, contents: [UInt8])] = []
    _ = try rewritten { name, contents in
      if name.hasPrefix("openings/") { rows.append((name, contents)) }
      return (name, contents)
    }
    let right = try #require(rows.first)
    var wrong = right
    wrong.name = "openings/000000000000000\(place)\(right.name.dropFirst("openings/".count + 16))"
    wrong.contents[wrong.contents.count - 1] ^= 1
    let second = try rewritten { name, contents in
      name == "README.txt"
        ? isFirst ? wrong : right : name == right.name && !isFirst ? wrong : (name, contents)
    }
    let report = try await audit(second)
    #expect(report.codes == [.strayOpening])
    #expect(report.found.map(\.entry) == [place < report.size ? place : nil])
  }

  @Test func `has the first header that its page shows`() throws {
    let page = try RepositoryFile.text("docs/formats/bundle.md")
    let start = try #require(page.firstRange(of: "```header\n")).upperBound
    let stop = try #require(page[start...].firstRange(of: "```")).lowerBound
    var header = [UInt8](repeating: 0, count: 512)
    for line in page[start..<stop].split(separator: "\n") {
      let parts = line.split(separator: " ")
      let offset = try #require(Int(parts[0]))
      for (place, byte) in parts[1].replacing("␠", with: " ").utf8.enumerated() {
        header[offset + place] = byte
      }
    }
    let time = try #require(Timestamp("2026-11-22T03:00:01.000Z"))
    let manifest = BundleFormat.manifest(.full)
    #expect(
      header
        == TarFormat.header(
          name: BundleFormat.manifest, byteCount: manifest.count,
          time: UInt64(time.milliseconds / 1000)))
  }
}
