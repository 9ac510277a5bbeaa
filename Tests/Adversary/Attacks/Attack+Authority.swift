import Accountability
import Cryptography
import Encoding
import Ledger

/// Roles, seals and rules are got by a trick, and everybody else goes on.
extension Attack {
  static let onAuthority: [Attack] = [
    Attack("an old grant is played again, and the role used") { trial in
      guard let index = trial.index(after: "role.withdrawn") else { return nil }
      let place = trial.place(of: "role.withdrawn") - 1
      var grant = chronicleStatement(trial, place)
      grant.numbers = [:]
      grant.note = grant.signed
      grant.uncounted = Set(grant.by)
      grant.time = trial.chronicle.statements[Int(index) - 1].time
      let act = trial.saying(
        "PARKS",
        events: try event("urge.issued", task: "T1", #"{"answerBy":"2026-12-31","level":"note"}"#),
        at: index)
      guard try trial.refusal(of: act, at: index)?.code == .noRole else { return nil }
      try trial.tell(grant, act, at: index)
      return .at(index, .wrongCount).and(index + 1, .noRole)
    },
    Attack("an old grant is said again by whom it was granted to") { trial in
      guard let index = trial.index(after: "role.withdrawn") else { return nil }
      let grant = try Cheat.grant("supervisor", "PARKS")
      try trial.tell(trial.saying("PARKS", events: grant, at: index), at: index)
      return .at(index, .noRole)
    },
    Attack("what the same people said in another ledger is put in") { trial in
      let index = trial.dice.index(1..<trial.size)
      var foreign = trial.chronicle.statements[Int(index)]
      foreign.note = try Entry(Chronicle.twin.get().truth.leaves[Int(index)]).submission.bytes
      foreign.numbers = [:]
      foreign.uncounted = trial.strangers(among: foreign.by, at: index)
      try trial.tell(foreign, at: index)
      return .at(index, .wrongSeen)
    },
    Attack("an unknown event is put in, to switch the rules off") { trial in
      let index = trial.dice.index(11..<trial.size)
      let unknown = Event(type: "rules.suspended", subject: .none, data: [:])
      let city = trial.chronicle.cast["CITY"].name
      try trial.tell(
        trial.saying("GOV", events: unknown, at: index),
        trial.saying("CITY", events: try Cheat.registration("X1"), at: index), at: index)
      return .at(index, .unknownType)
        .and(index + 1, trial.strangers(among: [city], at: index).isEmpty ? .noRole : .unknownKey)
    },
    Attack("unknown rules are adopted by who may not, to switch the rules off") { trial in
      let index = trial.dice.index(11..<trial.size)
      let rules = try event("rules.adopted", #"{"version":7}"#)
      try trial.tell(
        trial.saying("REG", events: rules, at: index),
        trial.saying("REG", events: try Cheat.registration("REG"), at: index), at: index)
      return .at(index, .noRole).and(index + 1, .alreadyExists)
    },
    Attack("unknown rules are adopted by who may, and nothing is called sound after it") { trial in
      let index = trial.dice.index(12..<trial.size - 1)
      let rules = try event("rules.adopted", #"{"version":7}"#)
      try trial.tell(
        trial.saying("GOV", events: rules, at: index),
        trial.saying("CITY", events: try Cheat.registration("X1"), at: index), at: index)
      let rest = trial.size + 1 - index
      return .at(index + 1, .needsRules, affecting: rest)
        .and(index + 1, .signaturesUnjudged, affecting: rest)
        .and(index + 1, .historyUnjudged, affecting: rest)
        .then(.missingOpening)
    },
    Attack("another's seal is adopted") { trial in
      guard let index = trial.index(after: "evidence.attached") else { return nil }
      let home = trial.place(of: "evidence.attached")
      let content = trial.chronicle.statements[Int(home)].events[0]
      let adopted = trial.saying("WATER/2", events: content, at: index)
      guard try trial.refusal(of: adopted, at: index) == nil else { return nil }
      try trial.tell(adopted, at: index)
      return .at(index, .adoptedSeal)
    },
    Attack("another's seal is adopted, and another content stored for it") { trial in
      guard let index = trial.index(after: "evidence.attached") else { return nil }
      let home = trial.place(of: "evidence.attached")
      let content = trial.chronicle.statements[Int(home)].events[0]
      let adopted = trial.saying("WATER/2", events: content, at: index)
      guard try trial.refusal(of: adopted, at: index) == nil else { return nil }
      try trial.tell(adopted, at: index)
      guard var row = trial.truth.openings.first(where: { $0.entry == home }) else { return nil }
      row.entry = index
      trial.dice.flip(&row.content)
      trial.truth.openings.append(row)
      return .at(index, .adoptedSeal).and(index, .strayOpening)
    },
    Attack("a seal says of its content what does not hold") { trial in
      guard let index = trial.index(after: "evidence.attached") else { return nil }
      let file = try Opening(
        media: "image/jpeg", salt: trial.dice.bytes(32..<33), content: trial.dice.bytes(9..<99))
      let name = trial.chronicle.cast["WATER/2"].name
      let content: JSONObject = [
        "media": .string("image/jpeg"), "sealed": .string(file.commitment(by: name).base64),
        "size": .integer(Int64(file.content.count) + 1),
      ]
      let evidence = Event(
        type: "evidence.attached", subject: .task(try id("T1")),
        data: [
          "capturedOn": .string("2026-01-20"), "content": .object(content),
          "kind": .string("photograph"),
        ])
      var statement = trial.saying("WATER/2", events: evidence, at: index)
      statement.openings = [file]
      guard try trial.refusal(of: statement, at: index) == nil else { return nil }
      try trial.tell(statement, at: index)
      return .at(index, .wrongOpening)
    },
  ]

  private static func chronicleStatement(_ trial: Trial, _ place: UInt64) -> Statement {
    trial.chronicle.statements[Int(place)]
  }

  private static func id<Kind>(_ text: String) throws -> ID<Kind> {
    guard let id = ID<Kind>(text) else { throw LedgerError(.malformedSubmission, text) }
    return id
  }
}

extension Trial {
  /// The first entry that has an event of this type.
  func place(of type: EventType) -> UInt64 {
    let place = chronicle.statements.firstIndex { $0.events.contains { $0.type == type } }
    return UInt64(place ?? 0)
  }

  /// Some place after that entry.
  mutating func index(after type: EventType) -> UInt64? { dice.index(place(of: type) + 1..<size) }

  /// Those that are not enrolled before an entry: what they sign counts nothing.
  func strangers(among keys: [KeyName], at index: UInt64) -> Set<KeyName> {
    Set(keys.filter { chronicle.states[Int(index)].keys[$0] == nil })
  }
}
