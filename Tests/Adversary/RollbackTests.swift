import Ledger
import Testing
import TransparencyLog

/// A restored backup, whole in itself: the log is short, and everything in it holds.
@Suite struct `A ledger that was rolled back` {
  private let chronicle: Chronicle

  init() throws { chronicle = try Chronicle.whole.get() }

  /// Lengths to which it is rolled back.
  private var sizes: [UInt64] {
    var dice = Dice(Dice.seed, "rollback")
    return (0..<Dice.placeCount).map { _ in dice.index(1..<chronicle.size) }
  }

  @Test func `is not gone on from under the guard`() throws {
    for size in sizes {
      let leaves = chronicle.truth.leaves
      let bench = try Bench(Array(leaves[..<Int(size)]), chronicle.cast, guarding: leaves)
      let next = try Entry(leaves[Int(size)])
      let error = #expect(throws: LedgerError.self) {
        try bench.writer(at: next.time).append(CarriedSubmission(next.submission))
      }
      #expect(error?.code == .rolledBack)
      #expect(try bench.store.head()?.size == size)
    }
  }

  @Test func `is not gone on from where the guard has signed another history`() throws {
    let statements = chronicle.statements
    for size in sizes {
      // The tail was written again, one entry longer than it was.
      var other = statements
      other.insert(statements[Int(size) - 1], at: Int(size))
      let forged = try Forger(chronicle.cast).tell(other).leaves
      let bench = try Bench(forged, chronicle.cast, guarding: chronicle.truth.leaves)
      let error = #expect(throws: LedgerError.self) {
        try bench.writer(at: statements[0].time).settle()
      }
      #expect(error?.code == .forked)
    }
  }

  @Test func `is whole in itself, and short of what anybody kept`() async throws {
    for size in sizes {
      var truth = chronicle.truth
      truth.leaves = Array(truth.leaves[..<Int(size)])
      (truth.cosigned, truth.stamped) = ([], [])
      truth.openings.removeAll { $0.entry >= size }
      Forger(chronicle.cast).remake(&truth)
      let alone = try await truth.audit()
      #expect(alone.findings.map(\.code) == [.unanchored])
      #expect(alone.exitCode == 4)
      let missing = chronicle.size - size
      let expected = Expectation.at(size, .shorterThanExpected, affecting: missing)
      let report = try await truth.audit(expecting: chronicle.kept)
      #expect(expected.complaint(about: report) == nil, "\(report.summary)")
      let log = try HeldLog(truth, logKey: chronicle.cast.log.vkey)
      for index in size..<chronicle.size {
        let note = try Entry(chronicle.truth.leaves[Int(index)]).submission.bytes
        #expect(try log.verdict(on: chronicle.receipts[Int(index)], note: note) == .missing)
      }
    }
  }
}
