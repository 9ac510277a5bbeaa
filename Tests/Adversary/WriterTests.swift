import Accountability
import Ledger
import Testing
import TransparencyLog

/// A writer that holds every key and asks no rules: each entry that they refuse is found where it
/// stands, and everything else goes on as if it were not there.
@Suite struct `Whoever commits what the rules refuse` {
  @Test(arguments: Cheat.all) func `is found by the same rule`(_ cheat: Cheat) async throws {
    let attack = Attack(cheat.name) { trial in
      guard let (index, _) = try trial.commit(cheat) else { return nil }
      return .at(index, FindingCode(cheat.code), affecting: 1)
    }
    try await attack.run()
  }

  @Test func `has been tried with every rule`() {
    #expect(Set(Cheat.all.map(\.code)) == Set(Refusal.Code.allCases))
  }

  /// The honest writer, at the same place, with the same submission.
  @Test(arguments: Cheat.all) func `would have been refused by the writer`(_ cheat: Cheat) throws {
    let chronicle = try Chronicle.whole.get()
    for place in 0..<100 {
      var trial = Trial(chronicle, Dice(Dice.seed, cheat.name, place))
      guard let (index, _) = try trial.commit(cheat) else { continue }
      let entry = try Entry(trial.truth.entries[index] ?? [])
      let bench = try Bench(Array(trial.truth.leaves[..<Int(index)]), chronicle.cast)
      let rejection = #expect(throws: Rejection.self) {
        try bench.writer(at: entry.time).append(CarriedSubmission(entry.submission))
      }
      guard case .rules(let refusal) = rejection else {
        Issue.record("\(cheat): \(String(describing: rejection))")
        return
      }
      #expect(refusal.code == cheat.code)
      #expect(try bench.store.head()?.size == index)
      return
    }
    Issue.record("\(cheat) was nowhere possible")
  }
}
