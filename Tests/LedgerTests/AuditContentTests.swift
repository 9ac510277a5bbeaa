import Accountability
import Cryptography
import Encoding
import Ledger
import Testing
import TransparencyLog

@Suite struct `An audit of sealed content` {
  private func audit(
    edition: AuditEdition = .full, _ change: (inout EditableSource) -> Void = { _ in }
  ) async throws -> AuditReport {
    let ledger = try AuditLedger.sealed(14)
    var source = try ledger.source()
    change(&source)
    return try await source.audit(expecting: ledger.checkpoint().bytes) { $0.edition = edition }
  }

  @Test func `holds every opening against its seal`() async throws {
    let report = try await audit()
    #expect(report.findings.map(\.sentence.english) == [])
    #expect(report.openedCount >= 4)
    #expect(report.missingOpeningCount == 0)
    #expect(report[.content] == .ok)
    #expect(report.exitCode == 0)
  }

  @Test func `does not check what is withheld, and counts it`() async throws {
    let report = try await audit { $0.openings.removeFirst(2) }
    #expect(report.codes == [.missingOpening])
    #expect(report.found.first?.affected == 2)
    #expect(report[.content] == .notChecked)
    #expect(report.exitCode == 4)
  }

  @Test func `misses what entries under unknown rules have sealed`() async throws {
    let ledger = try AuditLedger()
    try ledger.open()
    let plan = try ledger.issuePlan()
    try ledger.append(
      [Event(type: "rules.adopted", subject: .none, data: ["version": .integer(7)])],
      by: [plan.governor])
    let opening = try Opening(
      media: "image/jpeg", salt: [UInt8](repeating: 1, count: 32), content: [1, 2, 3])
    try ledger.append(
      [ledger.evidence(opening, by: plan.lead)], by: [plan.lead], openings: [opening])
    var source = try ledger.source()
    let expected = try ledger.checkpoint().bytes
    let whole = try await source.audit(expecting: expected)
    #expect(!whole.codes.contains(.missingOpening))
    #expect(whole[.content] == .ok)
    source.openings = []
    let report = try await source.audit(expecting: expected)
    #expect(report.codes.contains(.missingOpening))
    #expect(report[.content] == .notChecked)
  }

  @Test func `takes what a public edition leaves out for absent`() async throws {
    let report = try await audit(edition: .public) { $0.openings = [] }
    #expect(report.codes == [])
    #expect(report.missingOpeningCount >= 4)
    #expect(report[.content] == .absent)
    #expect(report.exitCode == 0)
  }

  @Test func `finds content that is not what was sealed`() async throws {
    for part in 0..<3 {
      let report = try await audit { source in
        switch part {
        case 0: source.openings[1].content[7] ^= 1
        case 1: source.openings[1].salt[7] ^= 1
        default: source.openings[1].media = Array("image/png".utf8)
        }
      }
      #expect(report.codes == [.wrongOpening])
      #expect(report.found.first?.entry != nil)
      #expect(report[.content] == .failed)
      #expect(report[.integrity] == .ok)
    }
  }

  @Test func `finds an opening of nothing, and one laid at another entry`() async throws {
    let stray = try await audit { source in
      var extra = source.openings[0]
      extra.commitment = MerkleTree.emptyRoot
      source.openings.append(extra)
    }
    #expect(stray.codes == [.strayOpening])
    let second = try await audit { source in
      source.openings.append(source.openings[0])
      source.openings[source.openings.count - 1].content[7] ^= 1
    }
    #expect(second.codes == [.strayOpening])
    let moved = try await audit { $0.openings[0].entry = 1 }
    #expect(moved.codes == [.strayOpening])
    let beyond = try await audit { $0.openings[0].entry = 1 << 50 }
    #expect(beyond.codes == [.strayOpening])
  }

  @Test func `finds a seal adopted from another author`() async throws {
    let ledger = try AuditLedger()
    try ledger.open()
    let plan = try ledger.issuePlan()
    let opening = try Opening(
      media: "image/jpeg", salt: [UInt8](repeating: 9, count: 32), content: [1, 2, 3])
    let seal = Seal.file(opening, by: plan.lead.vkey.keyName)
    let first = try ledger.append([ledger.evidence(seal)], by: [plan.lead], openings: [opening])
    // The issuer is not a party, so the entry is void; its seal is another's all the same.
    let second = try ledger.append([ledger.evidence(seal)], by: [plan.issuer])
    let report = try await ledger.source().audit(expecting: ledger.checkpoint().bytes)
    #expect(report.codes == [.notParty, .adoptedSeal])
    #expect(report.found.map(\.entry) == [second, second])
    #expect(report.found[1].sentence.english.contains("entry \(first)"))
  }

  @Test(arguments: [true, false])
  func `finds a second seal that says something else of the same content`(
    _ isTogether: Bool
  ) async throws {
    let ledger = try AuditLedger()
    try ledger.open()
    let plan = try ledger.issuePlan()
    let opening = try Opening(
      media: "image/jpeg", salt: [UInt8](repeating: 9, count: 32), content: [1, 2, 3])
    let event = try ledger.evidence(opening, by: plan.lead)
    let seal = Seal.file(opening, by: plan.lead.vkey.keyName)
    let lie = try ledger.evidence(seal, size: 48_213)
    if !isTogether { try ledger.append([event], by: [plan.lead], openings: [opening]) }
    let index = try ledger.append(
      [event, lie], by: [plan.lead], openings: isTogether ? [opening] : [])
    let report = try await ledger.source().audit(expecting: ledger.checkpoint().bytes)
    #expect(report.codes == [.wrongOpening])
    #expect(report.found.map(\.entry) == [index])
  }

  @Test func `lets the same author seal the same content twice`() async throws {
    let ledger = try AuditLedger()
    try ledger.open()
    let plan = try ledger.issuePlan()
    let opening = try Opening(
      media: "image/jpeg", salt: [UInt8](repeating: 9, count: 32), content: [1, 2, 3])
    let event = try ledger.evidence(opening, by: plan.lead)
    try ledger.append([event], by: [plan.lead], openings: [opening])
    try ledger.append([event, event], by: [plan.lead])
    let report = try await ledger.source().audit(expecting: ledger.checkpoint().bytes)
    #expect(report.findings.map(\.sentence.english) == [])
    #expect(report.openedCount == 2)
  }

  @Test func `gives nobody a role that a void entry granted`() async throws {
    let ledger = try AuditLedger()
    try ledger.open()
    let plan = try ledger.issuePlan()
    // The issuer grants itself what only the governing body grants, and then uses it.
    try ledger.grant("supervisor", to: "D03", by: plan.issuer)
    try ledger.append(
      [
        ledger.onTask(
          "urge.issued", ["level": .string("yellow"), "answerBy": .string("2026-12-01")])
      ], by: [plan.issuer])
    let report = try await ledger.source().audit(expecting: ledger.checkpoint().bytes)
    #expect(report.voidCount == 2)
    #expect(report[.authority] == .failed)
    #expect(report.codes.first == .noRole)
  }
}
