import Cryptography
import Encoding
import Testing

@testable import Accountability

@Suite struct `An entry that is void` {
  @Test func `changes nothing, though all but one of its events would do`() throws {
    var fixture = try Fixture.planned()
    let before = fixture.programme
    let outcome = try fixture.write(
      "ISS", [Plan.objective("O2"), Plan.task("T2"), Plan.objective("O1")])
    guard case .void(let refusal) = outcome else { throw WrongOutcome() }
    #expect(refusal.event == 3)
    #expect(fixture.programme.objectives.count == before.objectives.count)
    #expect(fixture.programme.tasks.count == before.tasks.count)
    #expect(try fixture.refused("ISS", [Plan.objective("O2")]) == nil)
  }

  @Test func `advances the count of a key that signed it with the next number`() throws {
    var fixture = try Fixture.planned()
    let count = try fixture.key("ISS").count
    #expect(try fixture.refused("ISS", [Plan.objective("O1")]) == .alreadyExists)
    #expect(try fixture.key("ISS").count == count + 1)
    fixture.forged = ["ISS"]
    #expect(try fixture.refused("ISS", [Plan.objective("O2")]) == .badSignature)
    #expect(try fixture.key("ISS").count == count + 1)
    fixture.forged = []
    for n in [count + 1, count + 3] {
      let outcome = try fixture.write("ISS", [Plan.objective("O2")], n: ["ISS": n])
      guard case .void(let refusal) = outcome else { throw WrongOutcome() }
      #expect(refusal.code == .wrongCount)
      #expect(try fixture.key("ISS").count == count + 1)
    }
  }

  @Test func `is one whose view does not fit`() throws {
    var fixture = try Fixture.planned()
    let objective = [try Plan.objective("O2")]
    #expect(try fixture.refused("ISS", objective, seen: fixture.index + 1) == .wrongSeen)
    #expect(try fixture.refused("ISS", objective, seen: 0) == .fallingSeen)
    #expect(try fixture.refused("ISS", objective, seen: 1) == .fallingSeen)
    let outcome = try fixture.write("ISS", objective, seenMatches: false)
    guard case .void(let refusal) = outcome else { throw WrongOutcome() }
    #expect(refusal.code == .wrongSeen)
  }

  @Test func `has a signature that no event asks for`() throws {
    var fixture = try Fixture.planned()
    #expect(
      try fixture.refused("ISS", [Plan.objective("O2")], cosigners: ["D1"]) == .unwantedCosigner)
    let count = try fixture.key("D1").count
    #expect(count == 2, "the one that signed in vain used its number")
  }
}

@Suite struct `Records of the state` {
  @Test func `come back as they were, every kind`() throws {
    var fixture = try Fixture.assigned()
    try fixture.must("D1", [task("task.accepted")])
    try fixture.must(
      "D1",
      [
        task("progress.reported", "T1", #"{"percent":40,"period":"2026-01"}"#),
        task(
          "evidence.attached", "T1",
          #"{"capturedOn":"2026-01-02","content":{"media":"image/jpeg","sealed":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","size":12},"kind":"photograph"}"#
        ),
      ])
    try fixture.must("D2", [task("contribution.reported", "T1", #"{"period":"2026-01"}"#)])
    let records = try fixture.programme.records()
    #expect(Set(records.map(\.key.kind)) == Set(StateKey.Kind.allCases))
    var copy = Programme()
    for record in records { try copy.load(record.key, record.value) }
    let again = try copy.records()
    #expect(again.map(\.key) == records.map(\.key))
    #expect(again.map(\.value) == records.map(\.value))
    #expect(copy.tasks.values == fixture.programme.tasks.values)
    #expect(copy.keys.values == fixture.programme.keys.values)
    #expect(copy.reports.values == fixture.programme.reports.values)
    #expect(copy.openContributions.values == fixture.programme.openContributions.values)
    #expect(copy.charter == fixture.programme.charter)
  }

  @Test func `are refused when cut short or drawn out, and never trap`() throws {
    var fixture = try Fixture.assigned()
    try fixture.must("D1", [task("task.accepted")])
    try fixture.must("D2", [task("contribution.reported", "T1", #"{"period":"2026-01"}"#)])
    for record in try fixture.programme.records() {
      for length in record.value.indices {
        var slice = Programme.makeSlice()
        #expect(throws: StateError.self, "\(record.key.kind) cut to \(length)") {
          try slice.load(record.key, Array(record.value.prefix(length)))
        }
      }
      var slice = Programme.makeSlice()
      #expect(throws: StateError.self) { try slice.load(record.key, record.value + [0]) }
    }
  }
}
