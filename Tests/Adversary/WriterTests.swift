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

  @Test(arguments: Attack.onAuthority) func `gains nothing by a trick`(_ attack: Attack)
    async throws
  {
    try await attack.run()
  }

  /// The honest writer, at the same place, with the same submission.
  @Test(arguments: Cheat.all) func `would have been refused by the writer`(_ cheat: Cheat) throws {
    let chronicle = try Chronicle.whole.get()
    for place in 0..<100 {
      var trial = Trial(chronicle, Dice(Dice.seed, cheat.name, place))
      guard let (index, _) = try trial.commit(cheat) else { continue }
      #expect(try trial.refusalByWriter(at: index)?.code == cheat.code)
      return
    }
    Issue.record("\(cheat) was nowhere possible")
  }

  /// Anything that anybody said, said by anybody else, anywhere: whatever the honest writer refuses,
  /// the audit finds where it is committed all the same, by the rule that the writer named.
  @Test func `is found with anything that the writer refuses`() async throws {
    let chronicle = try Chronicle.whole.get()
    let everybody = chronicle.cast.keys.keys.sorted()
    var (count, codes) = (0, Set<Refusal.Code>())
    for place in 0..<20 * Dice.placeCount where count < 3 * Dice.placeCount {
      var trial = Trial(chronicle, Dice(Dice.seed, "anything", place))
      let index = trial.dice.index(1..<trial.size)
      var by = Array(everybody.shuffled(using: &trial.dice).prefix(1))
      let said = chronicle.statements[Int(trial.dice.index(1..<trial.size))]
      // Half the time whoever signs with the author signs here too.
      if trial.dice.index(0..<2) == 0 { by += said.by.dropFirst().filter { $0 != by[0] } }
      var statement = Statement(by, said.events, after: chronicle.statements[Int(index) - 1])
      statement.unseen = min(trial.dice.index(0..<3), index - 1)
      guard try trial.refusal(of: statement, at: index) != nil else { continue }
      statement.uncounted = trial.strangers(among: by, at: index)
      try trial.tell(statement, at: index)
      guard let refused = try trial.refusalByWriter(at: index) else { continue }
      (count, codes) = (count + 1, codes.union([refused.code]))
      let report = try await trial.truth.audit(expecting: trial.kept)
      let expected = Expectation.at(index, FindingCode(refused.code)).then(.adoptedSeal)
      if let complaint = expected.complaint(about: report) {
        Issue.record("place \(place), seed \(Dice.seed): \(complaint)\n\(report.summary)")
      }
    }
    #expect(count >= 2 * Dice.placeCount)
    #expect(codes.count > min(4, Dice.placeCount), "\(codes)")
  }
}

extension Trial {
  /// Why the honest writer refuses the entry that stands at `index` now; `nil` if it does not.
  fileprivate func refusalByWriter(at index: UInt64) throws -> Refusal? {
    let entry = try Entry(truth.entries[index] ?? [])
    let bench = try Bench(Array(truth.leaves[..<Int(index)]), chronicle.cast)
    var options = AppendOptions()
    options.allowsMissingOpenings = true
    do {
      _ = try bench.writer(at: entry.time)
        .append(CarriedSubmission(entry.submission), options: options)
    } catch Rejection.rules(let refusal) {
      #expect(try bench.store.head()?.size == index)
      return refusal
    } catch is Rejection {
    }
    return nil
  }
}
