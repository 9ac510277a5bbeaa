import Accountability
import Cryptography
import Encoding
import Ledger
import Synchronization
import Testing
import TransparencyLog

@Suite struct `An audit of a sound ledger` {
  @Test(arguments: [1, 2, 255, 256, 257, 600]) func `finds nothing, at any size`(_ size: Int)
    async throws
  {
    let ledger = try AuditLedger.sound(size)
    let report = try await ledger.source().audit(expecting: ledger.checkpoint().bytes)
    #expect(report.findings.map(\.sentence.english) == [])
    #expect(report.exitCode == 0)
    #expect(report.size == UInt64(size))
    #expect(report.root == ledger.root)
    #expect(report.isAnchored)
    #expect(report[.views] == .absent)
    #expect(report[.integrity] == .ok)
    #expect(report[.authority] == .ok)
    #expect(report.signatureCount == UInt64(size))
  }

  @Test func `is not the whole answer without an anchor`() async throws {
    let report = try await AuditLedger.sound(3).source().audit()
    #expect(report.findings.map(\.code) == [.unanchored])
    #expect(report[.anchoring] == .notChecked)
    #expect(report.exitCode == 4)
    #expect(!report.isAnchored)
  }

  @Test func `says that signatures were left out`() async throws {
    let ledger = try AuditLedger.sound(3)
    let report = try await ledger.source().audit(expecting: ledger.checkpoint().bytes) {
      $0.checksSignatures = false
    }
    #expect(report[.signatures] == .notChecked)
    #expect(report.codes == [.signaturesSkipped])
    #expect(report.exitCode == 4)
  }

  @Test func `repeats that the clock was simulated`() async throws {
    let ledger = try AuditLedger()
    try ledger.open(["clock": .string("simulated")])
    let report = try await ledger.source().audit()
    #expect(report.clock == .simulated)
    #expect(report.json.contains("\"clock\":\"simulated\""))
  }

  @Test func `reads a truth store`() async throws {
    let fixture = try LedgerFixture.opened()
    for name in ["D02", "D03", "D04"] { try fixture.append(name) }
    let report = try await Auditor(fixture.store).run()
    #expect(report.codes == [])
    #expect(report.size == 4)
    #expect(report.origin == LedgerFixture.origin)
    #expect(report.logKey == fixture.log.vkey)
  }

  @Test func `gives the same bytes for machines each time`() async throws {
    let source = try AuditLedger.sound(300).source()
    let first = try await source.audit().json
    let second = try await source.audit().json
    #expect(first == second)
    let value = try CanonicalJSON.parse(Array(first.utf8))
    #expect(value.object?["format"]?.string == "onus/audit/v1")
    #expect(value.object?["axes"]?.object?["anchoring"]?.string == "not-checked")
    #expect(value.object?["exit"]?.integer == 4)
  }

  @Test func `tells how far it has come, and reports the first finding at once`() async throws {
    let ledger = try AuditLedger.sound(600)
    var source = try ledger.source()
    source.entries[10]?[300] ^= 1
    let told = Mutex<[String]>([])
    _ = try await source.audit {
      $0.onProgress = { progress in told.withLock { $0.append("\(progress.done)") } }
      $0.onFinding = { finding in told.withLock { $0.append(finding.code.rawValue) } }
    }
    #expect(told.withLock { Array($0.prefix(4)) } == ["ONUS-A002", "256", "512", "600"])
  }

  @Test func `says so if there is no ledger`() async throws {
    let report = try await Auditor(MemoryStore()).run()
    #expect(report.codes == [.noEntries])
    #expect(report.exitCode == 3)
  }

  @Test func `stops when its task is cancelled`() async throws {
    let source = try AuditLedger.sound(600).source()
    let task = _Concurrency.Task { try await source.audit() }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test func `lets the caller compare the views with every entry and the state after it`()
    async throws
  {
    let ledger = try AuditLedger.sound(5)
    let size = ledger.size
    let same = try await ledger.source().audit { $0.views = Views(size: size) }
    #expect(same[.views] == .ok)
    let different = try await ledger.source().audit { $0.views = Views(size: size + 1) }
    #expect(different[.views] == .failed)
    #expect(different.codes == [.viewsDiffer])
    let unsigned = try await ledger.source().audit {
      $0.views = Views(size: size + 1)
      $0.checksSignatures = false
    }
    #expect(unsigned[.views] == .notChecked)
  }

  /// Finds the views to be the same if it is told of so many applied entries.
  private struct Views: ViewsComparison {
    let size: UInt64
    private var next: UInt64 = 0
    private var organisationCount = 0

    init(size: UInt64) { self.size = size }

    mutating func follow(
      _ index: UInt64, _ entry: Entry?, _ outcome: Outcome, state: borrowing Programme
    ) {
      guard index == next, entry?.index == index, outcome == .applied else { return }
      next += 1
      organisationCount = state.organisations.count
    }

    func verdict() -> ViewsVerdict {
      next == size && organisationCount == 5 ? .same : .different("row 3")
    }
  }
}

@Suite struct `The page of findings` {
  @Test func `lists every code as the code has it`() throws {
    let page = try RepositoryFile.text("docs/formats/audit-findings.md")
    let (begin, end) = ("<!-- generated: begin -->\n", "<!-- generated: end -->")
    let start = try #require(page.firstRange(of: begin)).upperBound
    let stop = try #require(page.firstRange(of: end)).lowerBound
    #expect(page[start..<stop] == FindingCode.page)
  }

  @Test func `gives every code a rule in both languages, and its number an axis`() {
    #expect(Set(FindingCode.allCases.map(\.rawValue)).count == FindingCode.allCases.count)
    for code in FindingCode.allCases {
      #expect(code.rawValue.wholeMatch(of: /ONUS-A[0-9]{3}/) != nil)
      #expect(code.rule.english != code.rawValue && code.rule.chinese != code.rawValue)
    }
    for refusal in Refusal.Code.allCases {
      #expect(FindingCode(refusal).axis == refusal.axis)
      #expect(FindingCode(refusal).isViolation)
    }
  }
}
