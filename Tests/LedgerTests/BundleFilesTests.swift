import Accountability
import Cryptography
import Encoding
import FoundationEssentials
import Glibc
@testable import Ledger
import Testing
import TransparencyLog

/// What a bundle has beside the ledger is signed by nobody: it is compared, and said.
@Suite struct `What a bundle has for people` {
  private let folder = TemporaryFolder()
  private let store: MemoryStore
  private static let copies = [
    (name: "README.txt", bytes: Array("read me\n".utf8)), (name: "check", bytes: [1, 2, 3]),
    (name: "schemas/a.json", bytes: [4]),
  ]

  init() throws {
    let fixture = try LedgerFixture.opened()
    for name in ["E1", "E2"] { try fixture.append(name) }
    store = fixture.store
  }

  private func standings(
    _ further: [(name: String, bytes: [UInt8])]
  ) throws -> [String: AuditReport.BundleFile.Standing] {
    let path = "\(folder.path)/b.tar"
    try? FileManager.default.removeItem(atPath: path)
    _ = try BundleExport.write(store, to: path, edition: .public, further: further)
    let files = try #require(
      try ExportAuditSource(path).compareBundleFiles(with: Self.copies))
    return Dictionary(uniqueKeysWithValues: files.map { ($0.name, $0.standing) })
  }

  @Test func `is the same as this build's, or is said to differ, to lack or to be foreign`() throws
  {
    let same = try standings(Self.copies)
    #expect(same == ["README.txt": .same, "check": .same, "schemas/a.json": .same])
    for other in [[1, 2], [1, 2, 4], [1, 2, 3, 4], []] as [[UInt8]] {
      let found = try standings([Self.copies[0], (name: "check", bytes: other)])
      #expect(found == ["README.txt": .same, "check": .differs, "schemas/a.json": .missing])
    }
    let foreign = try standings(Self.copies + [(name: "openings/run", bytes: [])])
    #expect(foreign["openings/run"] == .foreign)
  }

  @Test func `is a policy of its own, whose hash is said`() throws {
    let path = "\(folder.path)/p.tar"
    let policy = Array("quorum none\n".utf8)
    _ = try BundleExport.write(
      store, to: path, edition: .public, further: [(name: "policy", bytes: policy)])
    let file = try ExportAuditSource(path).compareBundleFiles(with: [])?.first
    #expect(file == AuditReport.BundleFile("policy", .own, digest: SHA256.hash(policy)))
    #expect(file?.json["sha256"] != nil)
  }

  @Test func `is compared with nothing in a folder of tiles, which has none`() throws {
    try TilesExport.write(store, to: "\(folder.path)/t")
    let source = try ExportAuditSource("\(folder.path)/t")
    #expect(try source.compareBundleFiles(with: Self.copies) == nil)
  }

  @Test func `stands in the report for machines, and changes no verdict`() async throws {
    let path = "\(folder.path)/b.tar"
    _ = try BundleExport.write(
      store, to: path, edition: .public, further: [(name: "check", bytes: [9])])
    let source = try ExportAuditSource(path)
    let bare = try await Auditor(source: source).run()
    #expect(bare.jsonObject["bundleFiles"] == nil)
    var options = AuditOptions()
    options.bundleCopies = Self.copies
    let report = try await Auditor(source: source, options).run()
    #expect(report.exitCode == bare.exitCode)
    #expect(
      report.json.contains(
        #""bundleFiles":[{"file":"README.txt","standing":"missing"},{"file":"check","standing":"differs"},"#
      ))
  }
}
