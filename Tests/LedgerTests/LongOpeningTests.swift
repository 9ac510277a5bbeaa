import Accountability
import Cryptography
import FoundationEssentials
import Glibc
@testable import Ledger
import Testing
import TransparencyLog

/// An opening is held in memory whole, so it is measured before it is read.
@Suite struct `An opening that is too long` {
  @Test func `is refused unread, and named`() async throws {
    let plan = try PlanFixture()
    let text = try Opening.text("Survey finished.", salt: [UInt8](repeating: 1, count: 32))
    let file = try Opening(
      media: "image/jpeg", salt: [UInt8](repeating: 2, count: 32), content: [0, 10, 255])
    _ = try plan.ledger.writer.append(
      plan.sign(plan.report(text, file), by: [plan.lead], openings: [file, text]))
    let store = plan.ledger.store
    let folder = TemporaryFolder()
    try TilesExport.write(store, to: folder.path)
    try folder.write(BundleFormat.manifest(.full), to: "bundle")
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/openings", withIntermediateDirectories: false)
    var names: [String] = []
    try store.scanOpenings { stored in
      names.append(BundleFormat.path(of: stored))
      try folder.write(BundleFormat.file(of: stored.opening), to: BundleFormat.path(of: stored))
    }
    func audit() async throws -> AuditReport {
      try await Auditor(source: ExportAuditSource(folder.path)).run()
    }
    #expect(try await audit().openedCount == 2)
    // Sparse: it takes no room on the disk, and would take 64 GiB of memory.
    #expect(unsafe truncate("\(folder.path)/\(names[0])", 64 << 30) == 0)
    let report = try await audit()
    #expect(report.codes == [.wrongOpening])
    #expect(report.findings.contains { $0.sentence.english.contains("\(names[0]) has more bytes") })
  }

  @Test func `is none that can be made`() throws {
    let content = [UInt8](repeating: 0, count: Limits.openingByteCount + 1)
    #expect(errorCode { _ = try Opening.file(content, media: "image/png") } == .tooLong)
    let whole = try Opening.file(Array(content.dropLast()), media: "image/png")
    #expect(BundleFormat.opening(BundleFormat.file(of: whole)) == whole)
  }
}
