import Accountability
import Cryptography
import Encoding
import Ledger
import Testing
import TransparencyLog

@Suite struct `A successor ledger` {
  @Test func `names its predecessor's checkpoint, what was recovered, and why`() throws {
    let old = try LedgerFixture.opened()
    let backup = old.store.copy()
    for name in ["D02", "D03"] { try old.append(name) }
    let checkpoint = try #require(try old.guardFile.read())

    // Two entries are gone for good: the guard knows of them, and nobody has them.
    let new = try LedgerFixture()
    let predecessor = try Predecessor(
      checkpoint: checkpoint, recoveredFrom: backup, reason: "Entries 1 and 2 were lost in a fire.")
    #expect(predecessor.recoveredSize == 1)
    let successorKey = try LedgerFixture.Signer("beihe.example/plan-2", seed: 201)
    let opening = try new.opening(vkey: successorKey.vkey, predecessor: predecessor)
    let clock = new.clock
    let writer = try Writer(
      store: new.store, signingKey: successorKey.key,
      guard: Guard(folder: new.folder.path, logKey: successorKey.vkey), state: new.state,
      clock: { clock.now })
    #expect(try writer.open(with: opening).index == 0)

    let entry = try Entry(#require(try new.store.entry(0)))
    let data = try #require(entry.submission.events[0].data["predecessor"]?.object)
    #expect(data["size"] == .integer(1))
    #expect(data["root"]?.string.flatMap { Digest(base64: $0) } == predecessor.recoveredRoot)
    let stored = try #require(data["checkpoint"]?.string.flatMap { Base64.decode($0) })
    #expect(try SignedCheckpoint(stored) == checkpoint)
    #expect(try SignedCheckpoint(stored).isSigned(by: old.log.vkey))
  }
}

@Suite struct `Rules that are newer than the software` {
  @Test func `stop the writer from their adoption on, and undo nothing before`() throws {
    let fixture = try LedgerFixture.opened()
    let governing = try LedgerFixture.Signer("G01", seed: 30)
    let id = try #require(OrganisationID("G01"))
    fixture.registrar.n += 1
    let enrolment = try Submission.sign(
      at: fixture.clock.now,
      by: [
        SubmissionSigner(fixture.registrar.vkey, fixture.registrar.key, n: fixture.registrar.n),
        SubmissionSigner(governing.vkey, governing.key, n: 1),
      ], seen: fixture.seen(),
      events: [
        fixture.register("G01"),
        Event(
          type: "key.enrolled", subject: .organisation(id),
          data: ["vkey": .string(governing.vkey.description)]),
        Event(
          type: "role.granted", subject: .organisation(id), data: ["role": .string("governing")]),
      ])
    _ = try fixture.writer.append(CarriedSubmission(enrolment))
    let adoption = try Submission.sign(
      at: fixture.clock.now, by: [SubmissionSigner(governing.vkey, governing.key, n: 2)],
      seen: fixture.seen(),
      events: [
        Event(type: "rules.adopted", subject: .none, data: ["version": .integer(99)])
      ])
    let after = try fixture.sign([fixture.register("D02")])
    let results = try fixture.writer.append([CarriedSubmission(adoption), after])
    #expect(try results[0].get().index == 2)
    guard case .failure(let rejection) = results[1] else {
      Issue.record("an entry under rules that nobody here knows")
      return
    }
    #expect(rejection.code == "newer-rules")
    #expect(try fixture.store.head()?.size == 3)
  }
}
