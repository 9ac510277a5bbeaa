import Accountability
import Ledger
import Testing

@Suite struct `The ledger that is attacked` {
  let chronicle: Chronicle

  init() throws { chronicle = try Chronicle.whole.get() }

  @Test func `has every event that the rules know`() {
    let said = Set(chronicle.statements.flatMap { $0.events.map(\.type) })
    let known = Set(EventCatalogue.all.map { $0.declaration.type })
    #expect(known.count == 45)
    #expect(said == known)
  }

  @Test func `is sound, whoever made it`() async throws {
    for chronicle in [chronicle, try Chronicle.other.get()] {
      let report = try await chronicle.truth.audit(expecting: chronicle.kept)
      #expect(report.findings.map(\.sentence.english) == [])
      #expect(report.exitCode == 0)
      #expect(report.size == chronicle.size)
    }
  }

  @Test func `is made again to the byte by a forger who says the same`() throws {
    var again = try Forger(chronicle.cast).tell(chronicle.statements)
    again.cosigned = chronicle.truth.cosigned
    again.stamped = chronicle.truth.stamped
    #expect(again.leaves == chronicle.truth.leaves)
    #expect(again == chronicle.truth)
  }
}
