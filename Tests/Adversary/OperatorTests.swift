import Accountability
import Cryptography
import Ledger
import Testing
import TransparencyLog

/// An operator with the log key and every other key that they can get rewrites history, and leaves no
/// trace in what they hold. What others hold shows it.
@Suite struct `An operator who rewrites history` {
  private let chronicle: Chronicle

  init() throws { chronicle = try Chronicle.whole.get() }

  /// Ways to rewrite: something is said that never was, or what was said never was.
  static let ways = ["something is put in", "something is left out"]

  /// A history in which one thing is otherwise, told by this forger; and from where on.
  private func rewritten(
    _ way: String, by forger: Forger, _ dice: inout Dice
  ) throws -> (truth: Truth, first: UInt64) {
    var statements = chronicle.statements
    if way == Self.ways[0] {
      let registrar = chronicle.cast["REG"].name
      var index: UInt64
      repeat {
        index = dice.index(1..<chronicle.size)
        // What the registrar says next must not have been said having seen less.
      } while statements[Int(index)...].enumerated().first { $1.by.contains(registrar) }
        .map { $0 + 1 < $1.unseen } ?? false
      let previous = statements[Int(index) - 1]
      let name = "X\(dice.index(0..<1000))"
      statements.insert(
        Statement(
          [chronicle.cast["REG"].name], [try Cheat.registration(name)], after: previous),
        at: Int(index))
      return (try forger.tell(statements), index)
    }
    // Nothing later rests on an urge, nor on another unit's confirmation.
    let passing: [EventType] = ["urge.issued", "support.confirmed"]
    let places = statements.indices.filter { place in
      passing.contains { statements[place].events[0].type == $0 }
        && forger.canSign(statements[place])
    }
    let index = try #require(places.randomElement(using: &dice))
    statements.remove(at: index)
    return (try forger.tell(statements), UInt64(index))
  }

  @Test(arguments: ways) func `leaves no trace if they hold every key`(_ way: String) async throws {
    var dice = Dice(Dice.seed, way)
    let (truth, _) = try rewritten(way, by: Forger(chronicle.cast), &dice)
    let report = try await truth.audit()
    #expect(report.findings.map(\.code) == [.unanchored])
    #expect(report.exitCode == 4)
  }

  @Test(arguments: ways) func `is caught by what a later department had seen`(_ way: String)
    async throws
  {
    var count = 0
    for place in 0..<Dice.placeCount {
      var dice = Dice(Dice.seed, way, place)
      let department = try #require(["ROADS", "WATER", "CITY", "SUP"].randomElement(using: &dice))
      let forger = Forger(chronicle.cast).without(department)
      let (truth, first) = try rewritten(way, by: forger, &dice)
      // The first thing that it signed having seen what is otherwise now, or together with the
      // registrar, whose count has gone on meanwhile.
      let isPutIn = way == Self.ways[0]
      let witness = chronicle.statements.indices.first { index in
        let statement = chronicle.statements[index]
        let isCounted = isPutIn && statement.by.contains(chronicle.cast["REG"].name)
        return !forger.canSign(statement)
          && (UInt64(index) - statement.unseen > first || (isCounted && index >= first))
      }
      guard let witness else { continue }
      count += 1
      var expected = Expectation(found: []).from(UInt64(isPutIn ? witness + 1 : witness - 1))
        .then(Set.voids).then(.unanchored, .notOpened, .missingOpening)
      expected.isAccused = true
      let report = try await truth.audit()
      if let complaint = expected.complaint(about: report) {
        Issue.record("\(department), place \(place): \(complaint)\n\(report.summary)")
      }
      let code = report.findings.first { $0.entry == expected.first }?.code
      #expect(code == .wrongSeen || code == .wrongCount)
      #expect(report[.history] == .failed)
    }
    #expect(count > Dice.placeCount / 2)
  }

  @Test(arguments: ways) func `is caught by the receipts of what was said after it`(_ way: String)
    throws
  {
    let notes = try chronicle.truth.leaves.map { try Entry($0).submission.bytes }
    for place in 0..<Dice.placeCount {
      var dice = Dice(Dice.seed, way, place)
      let (truth, first) = try rewritten(way, by: Forger(chronicle.cast), &dice)
      let log = try HeldLog(truth, logKey: chronicle.cast.log.vkey)
      for (index, receipt) in chronicle.receipts.enumerated() {
        let verdict = try log.verdict(on: receipt, note: notes[index])
        let expected: HeldLog.Verdict =
          index < first ? .there : index < truth.entries.count ? .replaced : .missing
        #expect(verdict == expected, "\(way) at \(first): the receipt of entry \(index)")
      }
    }
  }

  @Test func `is caught by a receipt of the past that leads to a later checkpoint`() throws {
    let bench = try Bench(chronicle.truth.leaves, chronicle.cast)
    for place in 0..<Dice.placeCount {
      var dice = Dice(Dice.seed, "late", place)
      let (truth, first) = try rewritten(Self.ways[0], by: Forger(chronicle.cast), &dice)
      let index = dice.index(0..<first)
      let note = try Entry(chronicle.truth.leaves[Int(index)]).submission.bytes
      let log = try HeldLog(truth, logKey: chronicle.cast.log.vkey)
      #expect(try log.verdict(on: Receipt.make(of: index, in: bench.store), note: note) == .forked)
    }
  }

  @Test(arguments: ways) func `is caught by the head that an earlier audit remembered`(
    _ way: String
  ) async throws {
    let folder = try TemporaryFolder()
    let memory = HeadMemory(folder: "\(folder.path)/heads")
    let before = try await chronicle.truth.audit {
      $0.anchors.memory = memory
      $0.remembersHead = true
    }
    #expect(before[.anchoring] == .notChecked)
    for place in 0..<Dice.placeCount {
      var dice = Dice(Dice.seed, way, place)
      let (truth, _) = try rewritten(way, by: Forger(chronicle.cast), &dice)
      let report = try await truth.audit { $0.anchors.memory = memory }
      let expected: Expectation =
        truth.size < chronicle.size
        ? .at(truth.size, .shorterThanExpected, affecting: 1) : .ledger(.differsFromExpected)
      #expect(expected.complaint(about: report) == nil, "\(report.summary)")
    }
  }

  @Test(arguments: ways) func `is caught by the witness that cosigned another history`(
    _ way: String
  ) async throws {
    let policy = try policy()
    for place in 0..<Dice.placeCount {
      var dice = Dice(Dice.seed, way, place)
      var (truth, _) = try rewritten(way, by: Forger(chronicle.cast), &dice)
      // What the witnesses said stays where it was kept: it is of another history.
      truth.cosigned = chronicle.truth.cosigned
      let kept = try await truth.audit()
      let code: FindingCode =
        truth.size < chronicle.size ? .shorterThanExpected : .cosignedOtherwise
      #expect(kept.findings.contains { $0.code == code && $0.isViolation })
      #expect(kept[.anchoring] == .failed)
      // It is thrown away: then who asks for witnesses gets none.
      truth.cosigned = []
      let report = try await truth.audit { $0.anchors.policy = policy }
      let expected = Expectation.ledger(.quorumMissing).then(.unanchored)
      #expect(expected.complaint(about: report) == nil, "\(report.summary)")
      #expect(!report.isAnchored)
    }
  }

  @Test(arguments: ways) func `gets no cosignature for it, and is proven to have signed two`(
    _ way: String
  ) async throws {
    let folder = try TemporaryFolder()
    let (key, cosigner) = chronicle.cast.witnesses[0]
    let witness = WitnessFolder("\(folder.path)/witness")
    try witness.create()
    try witness.serve(chronicle.cast.log.vkey)
    let honest = chronicle.checkpoints[chronicle.checkpoints.count - 1]
    _ = try witness.cosign(
      WitnessRequest.make(since: 0, to: honest, from: SourceTiles(source: chronicle.truth)),
      at: 1_775_000_000, with: key, as: cosigner)
    for place in 0..<Dice.placeCount {
      var dice = Dice(Dice.seed, way, place)
      let (truth, _) = try rewritten(way, by: Forger(chronicle.cast), &dice)
      let forged = try SignedCheckpoint(truth.newest)
      let tiles = SourceTiles(source: truth)
      for since in [0, chronicle.size] where since <= forged.checkpoint.size {
        let request = try WitnessRequest.make(since: since, to: forged, from: tiles)
        #expect(throws: WitnessRefusal.self) {
          try witness.cosign(request, at: 1_775_000_001, with: key, as: cosigner)
        }
      }
      #expect(try witness.latest(of: Cast.origin)?.checkpoint == honest.checkpoint)
      // The two checkpoints are a proof that anybody can check.
      let larger = forged.checkpoint.size > honest.checkpoint.size ? truth : chronicle.truth
      let proof = try #require(
        try Equivocation.make(
          honest, forged, log: chronicle.cast.log.vkey, tiles: SourceTiles(source: larger)))
      try Equivocation(proof.bytes).check(log: chronicle.cast.log.vkey)
    }
  }

  private func policy() throws -> Policy {
    let witnesses = chronicle.cast.witnesses.enumerated().map { place, witness in
      "witness w\(place) \(witness.cosigner)\n"
    }
    let text =
      "log \(chronicle.cast.log.vkey)\n\(witnesses.joined())group all all w0 w1\nquorum all\n"
    return try Policy(Array(text.utf8))
  }
}
