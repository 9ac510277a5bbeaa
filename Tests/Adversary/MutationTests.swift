import Foundation
import Ledger
import SQLiteStorage
import TestAuthority
import Testing

/// `ledger.db`, and in it any one byte of any value.
///
/// `MUTATIONS` says how many are tried, `SEED` which. `Scripts/mutations` tries 100,000.
@Suite struct `One byte of the ledger's file` {
  /// What became of some mutations.
  private struct Tally: Sendable {
    var violations = 0
    var unchecked = 0
    var missed: [String] = []

    static func + (left: Self, right: Self) -> Self {
      Tally(
        violations: left.violations + right.violations,
        unchecked: left.unchecked + right.unchecked, missed: left.missed + right.missed)
    }
  }

  private let chronicle: Chronicle

  init() throws { chronicle = try Chronicle.whole.get() }

  @Test func `is changed, whichever it is, and found`() async throws {
    let count = Int(Dice.number("MUTATIONS", usually: 300))
    let tally = try await withThrowingTaskGroup(of: Tally.self) { group in
      // A file for each core: what is changed in one is changed back before the next.
      let workers = ProcessInfo.processInfo.activeProcessorCount
      for worker in 0..<workers {
        group.addTask { try await self.mutate(stride(from: worker, to: count, by: workers)) }
      }
      return try await group.reduce(Tally(), +)
    }
    print(
      "\(count) mutations of one byte, seed \(Dice.seed): \(tally.violations) violations,",
      "\(tally.unchecked) not checked, \(tally.missed.count) missed")
    #expect(tally.missed == [], "seed \(Dice.seed)")
    #expect(tally.violations + tally.unchecked == count)
  }

  private func mutate(_ numbers: some Sequence<Int>) async throws -> Tally {
    let ledger = try LedgerBytes(chronicle.truth)
    try #require(try await audit(ledger).findings == [])
    var tally = Tally()
    for number in numbers {
      var dice = Dice(Dice.seed, "mutation", number)
      let change = try ledger.bytes.change(number, &dice)
      let report = try await audit(ledger)
      switch report.exitCode {
      case 3 where report.findings.contains(where: \.isViolation): tally.violations += 1
      case 4 where !report.findings.isEmpty: tally.unchecked += 1
      default: tally.missed.append("mutation \(number), \(change)")
      }
      try ledger.bytes.undo(change)
    }
    // What was changed back is the ledger as it was.
    try #require(try await audit(ledger).findings == [])
    return tally
  }

  private func audit(_ ledger: LedgerBytes) async throws -> AuditReport {
    var options = AuditOptions()
    options.remembersHead = false
    options.anchors.expected = [chronicle.kept]
    return try await Auditor(ledger.store, options).run()
  }

  @Test func `has every column of the truth in reach`() throws {
    let names = try LedgerBytes(chronicle.truth).bytes.columnNames
    let stamps =
      TestAuthority.isAvailable
      ? ["digest", "checkpoint", "response"].map { "timestamp.\($0)" } : []
    #expect(
      Set(names).subtracting(stamps) == [
        "entry.idx", "entry.leaf", "tile.place", "tile.hashes", "checkpoint.name",
        "checkpoint.note", "opening.entry", "opening.commitment", "opening.media", "opening.salt",
        "opening.content", "cosignature.vkey", "cosignature.checkpoint",
      ])
    #expect(Set(names).isSuperset(of: stamps))
  }
}
