import Accountability
import Cryptography
import Encoding
import Ledger
import Testing
import TransparencyLog

@Suite struct `Opening a ledger` {
  @Test func `makes entry 0, releases it and gives a receipt`() throws {
    let fixture = try LedgerFixture()
    let first = try fixture.opening()
    let appended = try fixture.writer.open(with: first)
    #expect(appended.index == 0)
    #expect(!appended.isRepeat)
    let head = try #require(try fixture.store.head())
    #expect(head.size == 1)
    #expect(head.released == head.checkpoint)
    #expect(try fixture.guardFile.read()?.bytes == head.checkpoint)
    let entry = try appended.receipt.check(
      note: first.submission.bytes, logKey: fixture.log.vkey)
    #expect(entry.root == MerkleTree.emptyRoot)
    #expect(appended.receipt.consistency == nil)
    try fixture.check()
  }

  @Test func `is refused where there is a ledger`() throws {
    let fixture = try LedgerFixture.opened()
    #expect(errorCode { try fixture.writer.open(with: fixture.opening()) } == .alreadyOpened)
    try fixture.check()
  }

  @Test func `is refused where the log key has signed something already`() throws {
    let fixture = try LedgerFixture.opened()
    let second = try LedgerFixture()
    for name in try fixture.folder.names() {
      try second.folder.write(fixture.folder.bytes(of: name), to: name)
    }
    #expect(errorCode { try second.writer.open(with: second.opening()) } == .rolledBack)
    #expect(try second.store.head() == nil)
  }

  @Test func `is refused if it names another log key`() throws {
    let fixture = try LedgerFixture()
    let other = try LedgerFixture.Signer(LedgerFixture.origin, seed: 77)
    let first = try fixture.opening(vkey: other.vkey)
    #expect(errorCode { try fixture.writer.open(with: first) } == .wrongLogKey)
    #expect(try fixture.store.head() == nil)
  }

  @Test func `is refused with anything but the four events that open a ledger`() throws {
    let fixture = try LedgerFixture()
    let events = try fixture.opening().submission.events
    for wrong in [events + [try fixture.register("D02")], [try fixture.register("D02")]] {
      let carried = try fixture.sign(wrong, seen: .nothing, n: 1)
      let code = rejection { try fixture.writer.open(with: carried) }?.code
      #expect(code == "misplaced" || code == "unknown-key")
    }
    #expect(try fixture.store.head() == nil)
    #expect(try fixture.guardFile.read() == nil)
  }

  @Test func `comes before any append`() throws {
    let fixture = try LedgerFixture()
    let early = try fixture.sign([fixture.register("D02")], seen: .nothing)
    #expect(errorCode { try fixture.writer.append(early) } == .noLedger)
  }

  @Test func `needs the log's own private key`() throws {
    let fixture = try LedgerFixture()
    #expect(
      errorCode {
        try Writer(
          store: fixture.store, signingKey: fixture.registrar.key, guard: fixture.guardFile,
          state: WholeState(), clock: { Timestamp(milliseconds: 0) })
      } == .wrongLogKey)
  }
}

@Suite struct `Appending` {
  @Test func `gives each submission the next place and a receipt that its author can check`() throws
  {
    let fixture = try LedgerFixture.opened()
    for index in 1...20 as ClosedRange<UInt64> {
      fixture.clock.advance(1)
      let carried = try fixture.sign([fixture.register("D1\(index)")])
      let appended = try fixture.writer.append(carried)
      #expect(appended.index == index)
      let entry = try appended.receipt.check(
        note: carried.submission.bytes, logKey: fixture.log.vkey)
      #expect(entry.index == index)
      #expect(entry.time == fixture.clock.now)
      #expect(appended.receipt.consistency?.oldSize == index)
    }
    try fixture.check()
  }

  @Test func `of the same note again gives its receipt, whatever has happened since`() throws {
    let fixture = try LedgerFixture.opened()
    let carried = try fixture.sign([fixture.register("D02")])
    let first = try fixture.writer.append(carried)
    try fixture.append("D03")
    fixture.clock.advance(100 * 24 * 3600)
    let again = try fixture.writer.append(carried)
    #expect(again.index == first.index)
    #expect(again.isRepeat)
    _ = try again.receipt.check(note: carried.submission.bytes, logKey: fixture.log.vkey)
    #expect(try fixture.store.head()?.size == 3)
    try fixture.check()
  }

  @Test func `of another note with a number that is taken names the entry`() throws {
    let fixture = try LedgerFixture.opened()
    try fixture.append("D02")
    let other = try fixture.sign([fixture.register("D99")], n: 2)
    let rejection = rejection { try fixture.writer.append(other) }
    #expect(rejection?.code == "wrong-count")
    #expect(rejection?.entry == 1)
    try fixture.check()
  }

  @Test func `that is refused consumes nothing`() throws {
    let fixture = try LedgerFixture.opened()
    let before = try fixture.store.head()
    let twice = try fixture.sign([fixture.register("D02"), fixture.register("D02")])
    let rejection = rejection { try fixture.writer.append(twice) }
    #expect(rejection?.code == "already-exists")
    guard case .rules(let refusal)? = rejection else { return }
    #expect(refusal.event == 2)
    #expect(try fixture.store.head() == before)
    fixture.registrar.n -= 1
    #expect(try fixture.append("D02").index == 1)
    try fixture.check()
  }

  @Test func `refuses a signature that does not verify`() throws {
    let fixture = try LedgerFixture.opened()
    let note = try fixture.sign([fixture.register("D02")]).submission.note
    var payload = note.signatures[0].payload
    payload[0] ^= 1
    let line = try NoteSignature(
      name: "D01", id: note.signatures[0].id, payload: payload)
    let forged = try CarriedSubmission(
      Submission(SignedNote(text: Array(note.text), signatures: [line]).bytes))
    #expect(rejection { try fixture.writer.append(forged) }?.code == "bad-signature")
    try fixture.check()
  }

  @Test func `refuses what was signed for another ledger, or for more than this one holds`() throws
  {
    let fixture = try LedgerFixture.opened()
    try fixture.append("D02")
    let seen = try fixture.seen()
    let n = fixture.registrar.n + 1
    for wrong in [
      Submission.Seen(size: seen.size, root: SHA256.hash([1])),
      Submission.Seen(size: seen.size + 1, root: seen.root),
      Submission.Seen(size: 1, root: seen.root), .nothing,
    ] {
      let carried = try fixture.sign([fixture.register("D03")], seen: wrong, n: n)
      let code = rejection { try fixture.writer.append(carried) }?.code
      #expect(code == "wrong-seen" || code == "falling-seen")
    }
    try fixture.check()
  }

  @Test func `takes a submission signed some entries ago`() throws {
    let fixture = try LedgerFixture.opened()
    let seen = try fixture.seen()
    let at = fixture.clock.now
    let offline = try fixture.sign([fixture.register("D02")], at: at, seen: seen)
    let after = try fixture.sign([fixture.register("D03")], at: at, seen: seen)
    _ = try fixture.writer.append(offline)
    fixture.clock.advance(30 * 24 * 3600)
    let appended = try fixture.writer.append(after)
    #expect(appended.receipt.consistency?.oldSize == 1)
    _ = try appended.receipt.check(note: after.submission.bytes, logKey: fixture.log.vkey)
    try fixture.check()
  }

  @Test func `refuses at above ten minutes ahead of the ledger or sixty days behind`() throws {
    let fixture = try LedgerFixture.opened()
    let now = fixture.clock.now
    let ahead = try fixture.sign(
      [fixture.register("D02")], at: now.adding(milliseconds: 600_001), n: 2)
    #expect(rejection { try fixture.writer.append(ahead) }?.code == "wrong-time")
    let old = try fixture.sign([fixture.register("D03")], at: now, n: 3)
    let older = try fixture.sign([fixture.register("D04")], at: now, n: 4)
    fixture.clock.advance(59 * 24 * 3600 - 1)
    try fixture.append("D02")
    fixture.clock.advance(24 * 3600)
    _ = try fixture.writer.append(old)
    fixture.clock.advance(1)
    #expect(rejection { try fixture.writer.append(older) }?.code == "wrong-time")
    try fixture.check()
  }

  @Test func `loads slices and leaves the same state as a fold of everything`() throws {
    let fixture = try LedgerFixture.opened()
    for index in 0..<30 { try fixture.append("E\(index)") }
    let fresh = WholeState()
    try fresh.catchUp(with: fixture.store)
    let kept = try #require(fixture.state as? WholeState)
    #expect(try fresh.programme.records().map(\.key) == kept.programme.records().map(\.key))
    #expect(try fresh.programme.records().map(\.value) == kept.programme.records().map(\.value))
    #expect(try fresh.position() == kept.position())
  }

  @Test func `catches a state up that was left behind, and one of another ledger`() throws {
    let fixture = try LedgerFixture.opened()
    try fixture.append("D02")
    try fixture.reopen(state: WholeState())
    try fixture.append("D03")
    let foreign = WholeState()
    let other = try LedgerFixture.opened()
    try other.append("X1")
    try foreign.catchUp(with: other.store)
    try fixture.reopen(state: foreign)
    try fixture.append("D04")
    #expect(try foreign.position().size == 4)
    #expect(foreign.programme.organisations[try #require(OrganisationID("X1"))] == nil)
    try fixture.check()
  }

  @Test func `of the same submissions gives two stores the same bytes`() throws {
    let one = try LedgerFixture.opened()
    let two = try LedgerFixture.opened()
    for index in 0..<10 {
      try one.append("E\(index)")
      try two.append("E\(index)")
    }
    #expect(try one.store.head() == two.store.head())
    for index in 0..<11 as Range<UInt64> {
      #expect(try one.store.entry(index) == two.store.entry(index))
    }
  }

  @Test func `across tile boundaries keeps every proof good`() throws {
    let fixture = try LedgerFixture.opened()
    var carried: [CarriedSubmission] = []
    for index in 0..<600 {
      carried.append(
        try fixture.sign([fixture.register("E\(index)")]))
    }
    for start in stride(from: 0, to: 600, by: 100) {
      let results = try fixture.writer.append(Array(carried[start..<start + 100]))
      for result in results { #expect(try result.get().isRepeat == false) }
    }
    for index in [0, 1, 254, 255, 256, 257, 511, 512, 600] as [UInt64] {
      let receipt = try Receipt.make(of: index, in: fixture.store)
      let note = try Entry(#require(try fixture.store.entry(index))).submission.bytes
      #expect(try receipt.check(note: note, logKey: fixture.log.vkey).index == index)
    }
    try fixture.check()
  }
}

@Suite struct `A batch` {
  @Test func `is one commit and one checkpoint, and says what became of each`() throws {
    let fixture = try LedgerFixture.opened()
    let good = try fixture.sign([fixture.register("D02")])
    let bad = try fixture.sign([fixture.register("D02")])
    fixture.registrar.n -= 1
    let next = try fixture.sign([fixture.register("D03")])
    let results = try fixture.writer.append([good, bad, next, good])
    #expect(try results[0].get().index == 1)
    #expect(throws: Rejection.self) { try results[1].get() }
    #expect(try results[2].get().index == 2)
    #expect(try results[3].get().index == 1)
    #expect(try results[3].get().isRepeat)
    for index in [0, 2] {
      let size = try results[index].get().receipt.checkpoint.checkpoint.size
      #expect(size == 3)
    }
    try fixture.check()
  }

  @Test func `can stop at its first rejection and try nothing after it`() throws {
    let fixture = try LedgerFixture.opened()
    let batch = [
      try fixture.sign([fixture.register("D02")]), try fixture.sign([fixture.register("D02")]),
      try fixture.sign([fixture.register("D03")]),
    ]
    var options = AppendOptions()
    options.stopsAtRejection = true
    let results = try fixture.writer.append(batch, options: options)
    #expect(try results[0].get().index == 1)
    #expect(results[2] == .failure(.notTried))
    #expect(try fixture.store.head()?.size == 2)
    try fixture.check()
  }

  @Test func `of which nothing is let in writes nothing`() throws {
    let fixture = try LedgerFixture.opened()
    let before = try fixture.store.head()
    let bad = try fixture.sign([fixture.register("D01")])
    let results = try fixture.writer.append([bad, bad])
    #expect(results.allSatisfy { if case .failure = $0 { true } else { false } })
    #expect(try fixture.store.head() == before)
    #expect(try fixture.writer.append([]).isEmpty)
    try fixture.check()
  }
}
