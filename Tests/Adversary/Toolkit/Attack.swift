import Accountability
import Ledger
import Testing

/// One way to attack a ledger, tried at many places.
struct Attack: Sendable, CustomTestStringConvertible {
  let name: String
  /// Attacks `trial.truth`, and says what must be found; `nil` where there is nothing to attack.
  let make: @Sendable (inout Trial) throws -> Expectation?

  init(_ name: String, _ make: @escaping @Sendable (inout Trial) throws -> Expectation?) {
    self.name = name
    self.make = make
  }

  var testDescription: String { name }

  /// Tries it, and lets the audit find it each time.
  ///
  /// What leaves the ledger as it was is no attack, and is not counted.
  func run(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let chronicle = try Chronicle.whole.get()
    var count = 0
    for place in 0..<40 * Dice.placeCount where count < Dice.placeCount {
      var trial = Trial(chronicle, Dice(Dice.seed, name, place))
      guard let expected = try make(&trial), trial.truth != chronicle.truth else { continue }
      count += 1
      if let exports = Truth.exports {
        let words = name.split { !$0.isLetter && !$0.isNumber }.joined(separator: "-")
        try await trial.truth.export(to: "\(exports)/\(words)-\(place)", expecting: trial.kept)
      }
      let report = try await trial.truth.audit(
        expecting: trial.kept, trial.options)
      if let complaint = expected.complaint(about: report) {
        Issue.record(
          "\(name), place \(place), seed \(Dice.seed): \(complaint)\n\(report.summary)",
          sourceLocation: sourceLocation)
      }
    }
    #expect(
      count >= min(Dice.placeCount, 12), "\(name) was hardly possible",
      sourceLocation: sourceLocation)
  }
}

/// One place of an attack.
struct Trial {
  let chronicle: Chronicle
  /// Who holds everything; take keys away from it where the attacker has not got them.
  let forger: Forger
  var truth: Truth
  var dice: Dice
  /// The checkpoint that the auditor brings: usually the one before the attack.
  var kept: [UInt8]?
  /// What else the auditor brings.
  var options: (inout AuditOptions) -> Void = { _ in }

  init(_ chronicle: Chronicle, _ dice: Dice) {
    self.chronicle = chronicle
    self.dice = dice
    truth = chronicle.truth
    kept = chronicle.kept
    forger = Forger(chronicle.cast)
  }

  var size: UInt64 { chronicle.size }

  /// Has something else said before what was said at `index`, after which everybody went on; and what
  /// an auditor has kept is of that history.
  mutating func tell(_ statements: Statement..., at index: UInt64) throws {
    truth = try forger.tell(
      statements + chronicle.statements[Int(index)...], after: chronicle.tellings[Int(index)])
    kept = truth.newest
  }

  /// What somebody may say right before `index`.
  func saying(_ who: String..., events: Event..., at index: UInt64) -> Statement {
    Statement(
      who.map { chronicle.cast[$0].name }, events,
      after: chronicle.statements[Int(index) - 1])
  }

  /// Changes the bytes of one entry and nothing else.
  mutating func change(_ index: UInt64, _ body: (inout [UInt8], inout Dice) -> Void) {
    var leaf = truth.entries[index] ?? []
    body(&leaf, &dice)
    truth.entries[index] = leaf
  }
}
