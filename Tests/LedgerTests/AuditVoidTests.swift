import Accountability
import Cryptography
import Encoding
import Ledger
import Testing
import TransparencyLog

@Suite struct `An audit of what a cheating writer commits` {
  /// A sound ledger with an entry that no rule allows in its middle.
  private func audit(
    _ cheat: (AuditLedger) throws -> Void, known: KnownVoids = KnownVoids()
  ) async throws -> AuditReport {
    let ledger = try AuditLedger.sound(6)
    try cheat(ledger)
    let report = try await ledger.source().audit(expecting: ledger.checkpoint().bytes) {
      $0.knownVoids = known
    }
    #expect(report[.integrity] == .ok)
    #expect(report[.anchoring] == .ok)
    return report
  }

  private func expect(
    _ report: AuditReport, _ code: FindingCode, _ axis: Axis, at entry: UInt64 = 6,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(report.codes == [code], sourceLocation: sourceLocation)
    #expect(report.found.first?.entry == entry, sourceLocation: sourceLocation)
    #expect(report[axis] == .failed, sourceLocation: sourceLocation)
    for other in Axis.allCases where other != axis {
      #expect(report[other] != .failed, "\(other)", sourceLocation: sourceLocation)
    }
    #expect(report.voidCount == 1, sourceLocation: sourceLocation)
    #expect(report.exitCode == 3, sourceLocation: sourceLocation)
  }

  @Test func `names a key that was never enrolled`() async throws {
    let report = try await audit { ledger in
      let stranger = try LedgerFixture.Signer("D07", seed: 7)
      try ledger.append([ledger.register("Y1")], by: [stranger])
      try ledger.append([ledger.register("Y2")])
    }
    expect(report, .unknownKey, .signatures)
  }

  @Test func `names a signature that is not the key's`() async throws {
    let report = try await audit { ledger in
      let forger = try SigningKey(seed: [UInt8](repeating: 99, count: 32))
      let text = Submission.text(
        at: ledger.time, by: [.init(key: ledger.registrar.vkey.keyName, n: 7)], seen: ledger.seen,
        events: [try ledger.register("Y1")])
      let note = try SignedNote(
        text: text,
        signatures: [
          NoteSignature(
            name: "D01", id: ledger.registrar.vkey.id, payload: Array(forger.sign(text).bytes))
        ])
      try ledger.append(Submission(note.bytes))
      try ledger.append([ledger.register("Y2")])
    }
    expect(report, .badSignature, .signatures)
  }

  @Test func `names a key that was revoked before`() async throws {
    let ledger = try AuditLedger.sound(6)
    let d02 = try ledger.addOrganisation("D02", seed: 2)
    try ledger.append([
      Event(
        type: "key.revoked", subject: .none,
        data: ["key": .string(d02.vkey.keyName.description), "reason": .string("left")])
    ])
    try ledger.append([ledger.register("Y1")], by: [d02])
    let report = try await ledger.source().audit(expecting: ledger.checkpoint().bytes)
    expect(report, .endedKey, .signatures, at: 8)
    #expect(report.found.first?.sentence.english.contains("entry 7") == true)
  }

  @Test func `names a signature too few, and one too many`() async throws {
    let few = try await audit { ledger in
      let d02 = try LedgerFixture.Signer("D02", seed: 2)
      try ledger.append([ledger.register("D02"), ledger.enrol(d02)])
    }
    expect(few, .missingCosigner, .signatures)
    let ledger = try AuditLedger.sound(6)
    let d02 = try ledger.addOrganisation("D02", seed: 2)
    try ledger.append([ledger.register("Y1")], by: [ledger.registrar, d02])
    let many = try await ledger.source().audit(expecting: ledger.checkpoint().bytes)
    expect(many, .unwantedCosigner, .signatures, at: 7)
  }

  @Test func `names a number that was skipped, and one that was used`() async throws {
    let skipped = try await audit { ledger in
      ledger.registrar.n += 1
      try ledger.append([ledger.register("Y1")])
    }
    expect(skipped, .wrongCount, .history)
    let replayed = try await audit { ledger in
      try ledger.append(Entry(ledger.entries[4]).submission)
      try ledger.append([ledger.register("Y2")])
    }
    expect(replayed, .wrongCount, .history)
  }

  @Test func `names a view of another history, of more than there is, and of less than before`()
    async throws
  {
    let other = try await audit { ledger in
      try ledger.append(
        [ledger.register("Y1")], seen: Submission.Seen(size: 4, root: ledger.root))
    }
    // The root is right, but at another size.
    expect(other, .fallingSeen, .history)
    let wrong = try await audit { ledger in
      try ledger.append(
        [ledger.register("Y1")], seen: Submission.Seen(size: 6, root: MerkleTree.emptyRoot))
    }
    expect(wrong, .wrongSeen, .history)
    let more = try await audit { ledger in
      try ledger.append(
        [ledger.register("Y1")], seen: Submission.Seen(size: 7, root: ledger.root))
    }
    expect(more, .wrongSeen, .history)
  }

  @Test func `names a time that a signer cannot have had`() async throws {
    let report = try await audit { ledger in
      try ledger.append(
        [ledger.register("Y1")], at: ledger.time.adding(milliseconds: 3_600_000))
      try ledger.append([ledger.register("Y2")])
    }
    expect(report, .wrongTime, .history)
  }

  @Test func `names who had no right to it`() async throws {
    let ledger = try AuditLedger.sound(6)
    let d02 = try ledger.addOrganisation("D02", seed: 2)
    try ledger.append([ledger.register("Y1")], by: [d02])
    try ledger.append([ledger.register("Y1")])
    let report = try await ledger.source().audit(expecting: ledger.checkpoint().bytes)
    expect(report, .noRole, .authority, at: 7)
  }

  @Test func `names an event of no type, of no form, out of its place, and one too many`()
    async throws
  {
    expect(
      try await audit { try $0.append([Event(type: "org.painted", subject: .none, data: [:])]) },
      .unknownType, .authority)
    expect(
      try await audit {
        try $0.append([
          Event(
            type: "org.registered", subject: .organisation($0.id("Y1")), data: ["x": .bool(true)])
        ])
      }, .malformed, .authority)
    expect(
      try await audit { ledger in
        let opening = try Entry(ledger.entries[0]).submission.events[0]
        try ledger.append([opening])
      }, .misplaced, .authority)
    expect(
      try await audit { try $0.append([$0.register("X1")]) }, .alreadyExists, .authority)
  }

  @Test func `applies nothing of a void entry, and judges on without it`() async throws {
    let report = try await audit { ledger in
      // Its second event is refused, so its first does not count, and can be said again.
      try ledger.append([ledger.register("Y1"), ledger.register("X1")])
      try ledger.append([ledger.register("Y1")])
    }
    expect(report, .alreadyExists, .authority)
    #expect(report.found.first?.sentence.english.contains("event 2") == true)
  }

  @Test func `reports acknowledged ones apart`() async throws {
    let ledger = try AuditLedger.sound(6)
    try ledger.append([ledger.register("X1")])
    let leaf = MerkleTree.leafHash(ledger.entries[6])
    let known = KnownVoids(leaves: [6: leaf])
    #expect(try KnownVoids(known.bytes) == known)
    let report = try await ledger.source().audit(expecting: ledger.checkpoint().bytes) {
      $0.knownVoids = known
    }
    #expect(report.codes == [.alreadyExists])
    #expect(report.found.first?.isKnown == true)
    #expect(report.found.first?.leaf == leaf)
    #expect(report[.authority] == .ok)
    #expect(report.knownVoidCount == 1)
    #expect(report.exitCode == 0)
    // An acknowledgement is of that very entry.
    let other = try await ledger.source().audit(expecting: ledger.checkpoint().bytes) {
      $0.knownVoids = KnownVoids(leaves: [6: MerkleTree.emptyRoot])
    }
    #expect(other.exitCode == 3)
  }

  @Test func `reads a list of acknowledged ones strictly`() {
    let leaf = MerkleTree.emptyRoot.base64
    for text in [
      "", "onus/known-voids/v1", "onus/known-voids/v2\n", "onus/known-voids/v1\n1 x\n",
      "onus/known-voids/v1\n01 \(leaf)\n", "onus/known-voids/v1\n2 \(leaf)\n1 \(leaf)\n",
      "onus/known-voids/v1\n1 \(leaf)\n1 \(leaf)\n", "onus/known-voids/v1\n1 \(leaf)",
      "onus/known-voids/v1\n\n",
    ] {
      #expect(throws: LedgerError.self, "\(text)") { try KnownVoids(Array(text.utf8)) }
    }
  }

  @Test func `cannot judge what follows the adoption of unknown rules, and says so`() async throws {
    let ledger = try AuditLedger.sound(6)
    let d02 = try ledger.addOrganisation("D02", seed: 2)
    try ledger.append([
      Event(
        type: "role.granted", subject: .organisation(ledger.id("D02")),
        data: ["role": .string("governing")])
    ])
    try ledger.append(
      [Event(type: "rules.adopted", subject: .none, data: ["version": .integer(7)])], by: [d02])
    try ledger.append([Event(type: "org.painted", subject: .none, data: [:])])
    try ledger.append([ledger.register("X1")])
    let report = try await ledger.source().audit(expecting: ledger.checkpoint().bytes)
    #expect(report.codes == [.needsRules, .signaturesUnjudged, .historyUnjudged])
    #expect(report.found.map(\.entry) == [9, 9, 9])
    #expect(report.found.first?.affected == 2)
    #expect(report.found.first?.sentence.english.contains("rules 7") == true)
    #expect(report[.authority] == .notChecked)
    #expect(report[.integrity] == .ok)
    #expect(report.exitCode == 4)
  }
}
