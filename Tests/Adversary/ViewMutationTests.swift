import Accountability
import Ledger
import Testing
import Views

/// `views.db`, and in it any one byte of any value: the audit says that the views differ, or that they
/// are none that it can compare, and nothing else of the ledger than before.
///
/// `MUTATIONS` says how many are tried, `SEED` which.
@Suite struct `One byte of the views' file` {
  /// Refused for reasons that fill every column of `void`.
  private static let reasons: Set<Refusal.Code> = [.wrongCount, .endedKey, .noRole]

  private let folder: TemporaryFolder
  private let bench: Bench
  private var path: String { "\(folder.path)/views.db" }

  init() async throws {
    folder = try TemporaryFolder()
    let chronicle = try Chronicle.whole.get()
    var trial = Trial(chronicle, Dice(Dice.seed, "views"))
    // Under the rules of the last entry nobody writes on: it is left out.
    var telling = chronicle.tellings[Int(trial.size) - 1]
    for cheat in Cheat.all where Self.reasons.contains(cheat.code) {
      let statement = try cheat.make(trial.size - 1, &trial)
      try telling.say(statement, by: trial.forger)
    }
    bench = try Bench(
      telling.truth.leaves, chronicle.cast, openings: telling.truth.openings.map { try $0.stored() }
    )
    try ViewStore.open(at: path, of: bench.store).close()
  }

  @Test func `is changed, whichever it is, and found`() async throws {
    let bytes = try FileBytes(path)
    let before = try await audit()
    try #require(before[.views] == .ok)
    let count = Int(Dice.number("MUTATIONS", usually: 300))
    var tally: [FindingCode: Int] = [:]
    for number in 0..<count {
      var dice = Dice(Dice.seed, "views", number)
      let change = try bytes.change(number, &dice)
      let report = try await audit()
      var found = report.findings
      let place = found.firstIndex { $0.axis == .views }
      let code = place.map { found.remove(at: $0).code }
      #expect(
        code == .viewsDiffer && report[.views] == .failed
          || code == .viewsUnchecked && report[.views] == .notChecked,
        "mutation \(number), seed \(Dice.seed): \(change)\n\(report.summary)")
      // Nothing in the views makes the log another.
      #expect(found == before.findings)
      code.map { tally[$0, default: 0] += 1 }
      try bytes.undo(change)
    }
    print("\(count) mutations of one byte of the views, seed \(Dice.seed):", tally.description)
    try #require(try await audit()[.views] == .ok)
    // What cannot be read as views at all, a version or a text that is none, cannot be compared.
    #expect(tally[.viewsUnchecked, default: 0] * 4 < tally[.viewsDiffer, default: 0])
  }

  @Test func `has every column of the views in reach`() throws {
    let names = try Set(FileBytes(path).columnNames)
    #expect(
      names == [
        "position.id", "position.version", "position.rules", "position.size", "position.root",
        "state.kind", "state.name", "state.value", "submission.key", "submission.n",
        "submission.entry", "event.place", "event.type", "event.task", "event.org", "event.author",
        "event.time", "void.entry", "void.code", "void.message", "void.hint", "void.cause",
        "void.event",
      ])
  }

  private func audit() async throws -> AuditReport {
    var options = AuditOptions()
    options.views = try StoredViewsComparison(at: path, of: bench.store)
    return try await Auditor(bench.store, options).run()
  }
}
