import Accountability
import Cryptography
import Encoding
import Ledger
import Testing

/// Something that the rules refuse, and that a writer commits all the same.
struct Cheat: Sendable, CustomTestStringConvertible {
  let code: Refusal.Code
  let name: String
  /// What is said right before `index`; the rules refuse it there, or it is tried elsewhere.
  let make: @Sendable (_ index: UInt64, inout Trial) throws -> Statement

  init(
    _ code: Refusal.Code, _ name: String,
    _ make: @escaping @Sendable (_ index: UInt64, inout Trial) throws -> Statement
  ) {
    self.code = code
    self.name = name
    self.make = make
  }

  var testDescription: String { "\(code.rawValue): \(name)" }

  /// One that is said in the plain way.
  private init(
    _ code: Refusal.Code, _ name: String, by who: String,
    _ event: @escaping @Sendable () throws -> Event
  ) {
    self.init(code, name) { index, trial in
      trial.saying(who, events: try event(), at: index)
    }
  }

  static let all: [Cheat] = signatures + history + forms + roles + plans

  // MARK: Signatures and counts

  private static let signatures: [Cheat] = [
    Cheat(.unknownKey, "a stranger signs in the name of ROADS") { index, trial in
      var statement = trial.saying("ROADS", events: try registration("X1"), at: index)
      statement.by = [trial.chronicle.cast.stranger.name]
      statement.hands = [0: trial.chronicle.cast.stranger.key]
      return statement
    },
    Cheat(.endedKey, "WATER signs with the key that it has replaced") { index, trial in
      trial.saying("WATER", events: try event("support.confirmed", task: "T1"), at: index)
    },
    Cheat(.badSignature, "the operator signs in the name of the registrar") { index, trial in
      var statement = trial.saying("REG", events: try registration("X1"), at: index)
      statement.hands = [0: trial.forger.log.key]
      statement.uncounted = Set(statement.by)
      return statement
    },
    Cheat(.missingCosigner, "a key is enrolled that does not sign") { index, trial in
      let key = try Signer("ROADS", number: 190).vkey
      return trial.saying(
        "ROADS", events: try event("key.enrolled", org: "ROADS", #"{"vkey":"\#(key)"}"#),
        at: index)
    },
    Cheat(.unwantedCosigner, "CITY signs what nobody asks it to") { index, trial in
      trial.saying("REG", "CITY", events: try registration("X1"), at: index)
    },
    Cheat(.wrongCount, "a number is left out") { index, trial in
      var statement = trial.saying("REG", events: try registration("X1"), at: index)
      statement.skip = Int64(trial.dice.index(1..<9))
      statement.uncounted = Set(statement.by)
      return statement
    },
  ]

  private static let history: [Cheat] = [
    Cheat(.wrongSeen, "CITY has seen another history") { index, trial in
      var statement = trial.saying("CITY", events: try registration("X1"), at: index)
      let root = trial.dice.digest()
      statement.claim = { .init(size: $0.size, root: root) }
      return statement
    },
    Cheat(.wrongSeen, "CITY has seen more than there is") { index, trial in
      var statement = trial.saying("CITY", events: try registration("X1"), at: index)
      let more = trial.dice.index(1..<99)
      statement.claim = { .init(size: $0.size + more, root: $0.root) }
      return statement
    },
    Cheat(.fallingSeen, "REG has seen less than it had") { index, trial in
      var statement = trial.saying("REG", events: try registration("X1"), at: index)
      statement.unseen = trial.dice.index(1..<max(2, index))
      return statement
    },
    Cheat(.wrongTime, "REG's clock is an hour ahead") { index, trial in
      var statement = trial.saying("REG", events: try registration("X1"), at: index)
      statement.at = statement.at.adding(milliseconds: 3_600_000)
      return statement
    },
    Cheat(.wrongTime, "REG signed it a year ago") { index, trial in
      var statement = trial.saying("REG", events: try registration("X1"), at: index)
      statement.at = statement.at.adding(milliseconds: -365 * 86_400_000)
      return statement
    },
  ]

  // MARK: Forms

  private static let forms: [Cheat] = [
    Cheat(.malformed, "a member that no such event has", by: "REG") {
      try event("org.registered", org: "X1", #"{"kind":"department","nameEn":"X","rank":1}"#)
    },
    Cheat(.unknownType, "an event of no type", by: "REG") {
      try event("org.painted", org: "ROADS", #"{"colour":"red"}"#)
    },
    Cheat(.misplaced, "the ledger is opened again", by: "REG") {
      try event(
        "ledger.opened",
        #"{"clock":"system","origin":"x.example","rules":1,"suite":"ed25519-sha256","vkey":"\#(Signer("x.example", number: 191).vkey)"}"#
      )
    },
    Cheat(.unknownSubject, "a task that was never issued", by: "SUP") {
      try event("urge.issued", task: "T99", #"{"answerBy":"2026-12-31","level":"note"}"#)
    },
    Cheat(.unknownCitation, "a report that was never filed", by: "SUP") {
      try event("report.accepted", task: "T1", #"{"report":"ROADS+00000007/1.1"}"#)
    },
    Cheat(.alreadyExists, "an organisation is registered again", by: "REG") {
      try registration("ROADS")
    },
    Cheat(.nothingToDo, "a role is withdrawn that nobody holds", by: "GOV") {
      try event("role.withdrawn", org: "CITY", #"{"role":"auditor"}"#)
    },
  ]

  // MARK: Who may

  private static let roles: [Cheat] = [
    Cheat(.noRole, "CITY registers an organisation", by: "CITY") { try registration("X1") },
    Cheat(.noRole, "the issuer makes itself supervisor", by: "ISS") {
      try grant("supervisor", "ISS")
    },
    Cheat(.keyLimited, "a clerk's key enrols one without limits") { index, trial in
      let new = try Signer("ROADS", number: 192)
      var statement = trial.saying(
        "ROADS/chief", events: try event("key.enrolled", org: "ROADS", #"{"vkey":"\#(new.vkey)"}"#),
        at: index)
      statement.by.append(new.name)
      statement.hands = [1: new.key]
      return statement
    },
    Cheat(.notParty, "PARKS reports on another's task", by: "PARKS") {
      try event("progress.reported", task: "T1", #"{"percent":90,"period":"2026-01"}"#)
    },
    Cheat(.notIndependent, "who supports a task is to review it", by: "GOV") {
      try event("role.granted", org: "WATER", #"{"role":"supervisor","task":"T1"}"#)
    },
    Cheat(.separation, "the issuer is to audit", by: "GOV") { try grant("auditor", "ISS") },
    Cheat(.lastHolder, "the governing body gives up its role", by: "GOV") {
      try event("role.withdrawn", org: "GOV", #"{"role":"governing"}"#)
    },
  ]

  // MARK: When, and in what state

  private static let plans: [Cheat] = [
    Cheat(.wrongState, "a task is assigned again", by: "ISS") {
      try event(
        "task.assigned", task: "T1",
        #"{"due":"2026-06-30","lead":"PARKS","start":"2026-01-05"}"#)
    },
    Cheat(.notReady, "a completion is claimed before the milestones", by: "ROADS") {
      try event("completion.claimed", task: "T1")
    },
    Cheat(.stale, "the issuer moves a date without having seen the request") { index, trial in
      var statement = trial.saying(
        "GOV", events: try event("deadline.set", task: "T1", #"{"due":"2026-12-31","reason":"x"}"#),
        at: index)
      statement.unseen = 1
      return statement
    },
    Cheat(.tooLate, "more time is asked for when it is over", by: "PARKS") {
      try event("extension.requested", task: "T3", #"{"reason":"x","to":"2026-12-31"}"#)
    },
    Cheat(.wrongDate, "a date is set that has passed", by: "GOV") {
      try event("deadline.set", task: "T1", #"{"due":"2026-01-02","reason":"x"}"#)
    },
  ]

  // MARK: Events

  static func registration(_ name: String) throws -> Event {
    try event(
      "org.registered", org: name, #"{"kind":"department","nameEn":"A unit","nameZh":"单位"}"#)
  }

  static func grant(_ role: String, _ name: String) throws -> Event {
    try event("role.granted", org: name, #"{"role":"\#(role)"}"#)
  }
}

extension Trial {
  /// Commits a cheat somewhere, and says where and why the rules refuse it there.
  ///
  /// - Returns: `nil` if the place that was tried is one where they would refuse it for another reason,
  ///   or not at all.
  mutating func commit(_ cheat: Cheat) throws -> (index: UInt64, refusal: Refusal)? {
    let index = dice.index(1..<size)
    let statement = try cheat.make(index, &self)
    guard let refusal = try refusal(of: statement, at: index), refusal.code == cheat.code else {
      return nil
    }
    try tell(statement, at: index)
    return (index, refusal)
  }

  /// Why the rules refuse what is said right before `index`; `nil` if they do not.
  func refusal(of statement: Statement, at index: UInt64) throws -> Refusal? {
    var telling = chronicle.tellings[Int(index)]
    try telling.say(statement, by: forger)
    let truth = telling.truth
    var programme = chronicle.states[Int(index)]
    let outcome = try programme.apply(Entry(truth.entries[index] ?? [])) { index in
      try truth.entries[index].map { try EntryHeader.parse($0[...]).header }
    }
    guard case .void(let refusal) = outcome else { return nil }
    return refusal
  }
}
