import Accountability
import Cryptography
import Encoding
import FoundationEssentials
import Ledger
import Testing
import TransparencyLog
@testable import Views

@Suite struct `Views` {
  @Test func `have the same rows however they came to be`() throws {
    let fixture = try ViewsFixture()
    let follower = try fixture.fresh()
    for step in 0..<6 {
      try fixture.append(step * 7 + 1...step * 7 + 7)
      if step.isMultiple(of: 2) { try follower.catchUp(with: fixture.store) }
    }
    try follower.catchUp(with: fixture.store)
    let late = try fixture.fresh()
    let rebuilt = try fixture.fresh()
    try rebuilt.rebuild(from: fixture.store)
    let unverified = try fixture.fresh()
    try unverified.rebuild(from: fixture.store, verifying: .nothing)
    let hash = try fixture.views.dumpHash()
    #expect(try fixture.views.position().size == 43)
    for other in [follower, late, rebuilt, unverified] { #expect(try other.dumpHash() == hash) }
  }

  @Test func `hold at every size the records that the entries fold to`() throws {
    let fixture = try ViewsFixture()
    for step in 1...12 {
      try fixture.append(step...step)
      let records = try fixture.records()
      let stored = try fixture.views.load(records.keys.sorted())
      #expect(stored == records.keys.sorted().map { records[$0] })
      #expect(try fixture.views.programme().records().count == records.count)
    }
    #expect(
      try fixture.views.load([StateKey(.task, "T1"), StateKey(.organisation, "nobody")])
        == [nil, nil])
  }

  @Test func `ignore what an audit ignores, and say why`() throws {
    let fixture = try ViewsFixture()
    try fixture.append(1...3)
    let stranger = try LedgerFixture.Signer("D01", seed: 66)
    let seen = try fixture.ledger.seen()
    func sign(_ signer: LedgerFixture.Signer, as vkey: VerifierKey, n: UInt64, _ id: String) throws
      -> Submission
    {
      let forged = try VerifierKey(name: vkey.name, publicKey: signer.vkey.publicKey)
      return try Submission.sign(
        at: fixture.ledger.clock.now, by: [SubmissionSigner(forged, signer.key, n: n)], seen: seen,
        events: [fixture.ledger.register(id)])
    }
    let registrar = fixture.ledger.registrar
    try fixture.cheat(try sign(stranger, as: stranger.vkey, n: 1, "X1"))
    try fixture.cheat(try sign(registrar, as: registrar.vkey, n: 40, "X2"))
    try fixture.cheat(try sign(registrar, as: registrar.vkey, n: registrar.n + 1, "U1"))
    registrar.n += 1  // Its signature verified and its number was next.
    let header = try #require(try fixture.store.header(3))
    try fixture.cheat(leaf: header.bytes + Array("rubbish".utf8))
    try fixture.append(4...5)

    let voids = try fixture.views.voidEntries()
    #expect(voids.map(\.entry) == [4, 5, 6, 7])
    #expect(
      voids.map(\.refusal.code) == [.unknownKey, .wrongCount, .alreadyExists, .malformed])
    #expect(try fixture.views.voidEntries(before: 6).map(\.entry) == [4, 5])
    #expect(
      try fixture.views.load([StateKey(.organisation, "X1"), StateKey(.organisation, "X2")])
        == [nil, nil])
    #expect(try fixture.views.newestEvents(1, before: 8).map(\.entry) == [3])
    #expect(
      try (1...7).map {
        try fixture.views.entry(ofSubmission: $0, by: registrar.vkey.keyName)
      } == [0, 1, 2, 3, nil, 8, 9])
    let hash = try fixture.views.dumpHash()
    #expect(try fixture.fresh().dumpHash() == hash)
    let rebuilt = try fixture.fresh()
    try rebuilt.rebuild(from: fixture.store)
    #expect(try rebuilt.dumpHash() == hash)

    let folded = try FoldedLog(of: fixture.store)
    #expect(folded.voidEntries == voids)
    let policy = try fixture.views.policy(before: 10)
    let quick = try FoldedLog(of: fixture.store, verifying: policy)
    #expect(quick.voidEntries == voids)
    #expect(try quick.programme.records().map(\.value) == folded.programme.records().map(\.value))
  }

  @Test func `name an entry that is none and go on`() throws {
    let fixture = try ViewsFixture()
    try fixture.cheat(leaf: Array("rubbish".utf8))
    let next = try fixture.ledger.sign([fixture.ledger.register("U1")])
    try fixture.cheat(next.submission)
    try fixture.views.catchUp(with: fixture.store)
    #expect(try fixture.views.voidEntries().map(\.entry) == [1])
    #expect(try fixture.views.position().size == 3)
    #expect(try fixture.fresh().dumpHash() == fixture.views.dumpHash())
  }

  @Test func `find a forged signature unless they are told that there is none`() throws {
    let fixture = try ViewsFixture()
    let registrar = fixture.ledger.registrar
    let honest = try fixture.ledger.sign([fixture.ledger.register("X1")])
    let text = String(decoding: honest.submission.bytes, as: UTF8.self)
    let forged = try Submission(
      Array(text.replacing("\"org\":\"X1\"", with: "\"org\":\"X2\"").utf8))
    try fixture.cheat(forged)
    try fixture.views.catchUp(with: fixture.store)
    #expect(try fixture.views.voidEntries().map(\.refusal.code) == [.badSignature])
    #expect(
      try fixture.views.entry(ofSubmission: honest.submission.author.n, by: registrar.vkey.keyName)
        == nil)
    let rebuilt = try fixture.fresh()
    for (policy, count) in [
      (VerificationPolicy.everything, 1), (.only([1]), 1), (.nothing, 0),
    ] {
      try rebuilt.rebuild(from: fixture.store, verifying: policy)
      #expect(try rebuilt.voidEntries().count == count)
    }
  }

  @Test func `answer where a submission stands and what happened in which order`() throws {
    let fixture = try ViewsFixture()
    try fixture.append(1...5)
    let views = fixture.views
    let key = fixture.ledger.registrar.vkey.keyName
    #expect(
      try (1...7).map { try views.entry(ofSubmission: $0, by: key) } == [0, 1, 2, 3, 4, 5, nil])
    #expect(try views.entry(ofSubmission: .max, by: key) == nil)
    #expect(try views.entry(ofSubmission: 1, by: KeyName(name: "D01", id: 1)) == nil)
    let first = Array(try views.newestEvents(4, before: 1).reversed())
    #expect(
      first.map(\.type) == ["ledger.opened", "org.registered", "key.enrolled", "role.granted"])
    #expect(first.map(\.event) == [1, 2, 3, 4])
    #expect(first.map(\.author) == [key, key, key, key])
    let newest = try views.newestEvents(2)
    #expect(newest.map(\.entry) == [5, 4])
    #expect(newest.first?.subject == .organisation(try #require(OrganisationID("U5"))))
    #expect(newest.first?.time == fixture.ledger.clock.now)
    #expect(try views.newestEvents(1, before: 3).map(\.entry) == [2])
  }

  @Test func `find every row by an index`() throws {
    let fixture = try ViewsFixture()
    for statement in ViewsStatement.allCases {
      let sql = statement.rawValue.replacing("?", with: "1")
      let plan = try fixture.views.rows(of: "EXPLAIN QUERY PLAN \(sql)").map { $0[3] }
      #expect(
        !plan.contains { $0.hasPrefix("SCAN ") || $0.contains("TEMP B-TREE") },
        "\(statement): \(plan)")
    }
  }

  @Test func `say how long the log was at a time`() throws {
    let fixture = try ViewsFixture()
    let start = fixture.ledger.clock.now
    try fixture.append(1...9)
    for seconds in -1...11 {
      let time = start.adding(milliseconds: Int64(seconds) * 1000 + 500)
      #expect(
        try fixture.store.size(at: time, of: 10) == UInt64(max(0, min(10, seconds + 1))))
    }
    #expect(try fixture.store.size(at: start, of: 10) == 1)
    #expect(try FoldedLog(of: fixture.store, size: 4).programme.organisations.count == 4)
    #expect(try FoldedLog(of: fixture.store, size: 0).programme.organisations.count == 0)
    #expect(throws: StorageError.self) { try FoldedLog(of: fixture.store, size: 11) }
  }
}
