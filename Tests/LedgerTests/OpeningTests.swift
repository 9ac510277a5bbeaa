import Accountability
import Cryptography
import Encoding
import Ledger
import Testing
import TransparencyLog

/// The gate for openings stands before the rules, so an event of a type that the rules refuse shows
/// on which side of it a submission was stopped.
@Suite struct `A submission with seals` {
  let fixture: LedgerFixture
  let opening: Opening
  let photo: Opening

  init() throws {
    fixture = try LedgerFixture.opened()
    opening = try Opening.text("done", salt: [UInt8](repeating: 1, count: 32))
    photo = try Opening(
      media: "image/jpeg", salt: [UInt8](repeating: 2, count: 32), content: [1, 2, 3])
  }

  func carried(_ openings: [Opening]) throws -> CarriedSubmission {
    let key = fixture.registrar.vkey.keyName
    return try fixture.sign(
      [
        Event(
          type: "unheard.of", subject: .none,
          data: [
            "a": Seal.text(opening, by: key).json,
            "b": .array([Seal.file(photo, by: key).json]),
          ])
      ], n: 2, openings: openings)
  }

  @Test func `is rejected without all of its openings`() throws {
    for openings in [[], [opening], [photo]] {
      let rejection = rejection { try fixture.writer.append(carried(openings)) }
      #expect(rejection?.code == "missing-opening")
      #expect(rejection?.hint?.contains("--without-openings") == true)
    }
    #expect(try fixture.store.head()?.size == 1)
  }

  @Test func `comes before the rules with all of them, or where none are asked for`() throws {
    #expect(
      rejection { try fixture.writer.append(carried([opening, photo])) }?.code == "unknown-type")
    var options = AppendOptions()
    options.allowsMissingOpenings = true
    #expect(
      rejection { try fixture.writer.append(carried([]), options: options) }?.code == "unknown-type"
    )
    try fixture.store.scanOpenings { _ in Issue.record("a refusal keeps nothing") }
  }
}

@Suite struct `Openings in a ledger` {
  let plan: PlanFixture
  let text: Opening
  let file: Opening

  init() throws {
    plan = try PlanFixture()
    text = try Opening.text("桥面浇筑完成。", salt: [UInt8](repeating: 1, count: 32))
    file = try Opening(
      media: "image/jpeg", salt: [UInt8](repeating: 2, count: 32), content: [0, 10, 255])
  }

  @Test func `are kept with the entry that sealed them, and the receipt lists them`() throws {
    let carried = try plan.sign(plan.report(text, file), by: [plan.lead], openings: [file, text])
    let appended = try plan.ledger.writer.append(carried)
    let commitments = [text, file].map { $0.commitment(by: plan.lead.vkey.keyName) }
    #expect(appended.receipt.stored == commitments.sorted())
    for (commitment, opening) in zip(commitments, [text, file]) {
      let stored = try #require(try plan.ledger.store.opening(commitment))
      #expect(stored.entry == appended.index)
      #expect(stored.opening == opening)
    }
    #expect(try Receipt(appended.receipt.bytes) == appended.receipt)
    try plan.ledger.check()
  }

  @Test func `can be left at home, and the receipt says so`() throws {
    let carried = try plan.sign(plan.report(text, file), by: [plan.lead], openings: [text])
    var options = AppendOptions()
    options.allowsMissingOpenings = true
    let appended = try plan.ledger.writer.append(carried, options: options)
    #expect(appended.receipt.stored == [text.commitment(by: plan.lead.vkey.keyName)])
    try plan.ledger.check()
  }

  @Test func `that were left at home can be brought with the same submission later`() throws {
    let events = plan.report(text, file)
    let bare = try plan.sign(events, by: [plan.lead])
    var options = AppendOptions()
    options.allowsMissingOpenings = true
    let first = try plan.ledger.writer.append(bare, options: options)
    #expect(first.receipt.stored.isEmpty)
    let whole = try CarriedSubmission(bare.submission, openings: [file, text])
    let later = try plan.sign([plan.report(text, file)[1]], by: [plan.lead])
    let results = try plan.ledger.writer.append([whole, later])
    let again = try results[0].get()
    #expect(again.isRepeat)
    #expect(again.index == first.index)
    #expect(again.receipt.stored.count == 2)
    #expect(try results[1].get().index == first.index + 1)
    for commitment in again.receipt.stored {
      #expect(try plan.ledger.store.opening(commitment)?.entry == first.index)
    }
    try plan.ledger.check()
  }

  @Test func `that are stored from before need not be brought again`() throws {
    let first = try plan.sign(plan.report(text, file), by: [plan.lead], openings: [text, file])
    _ = try plan.ledger.writer.append(first)
    let second = try plan.sign([plan.report(text, file)[0]], by: [plan.lead])
    let appended = try plan.ledger.writer.append(second)
    #expect(appended.receipt.stored == [file.commitment(by: plan.lead.vkey.keyName)])
    let stored = try plan.ledger.store.opening(appended.receipt.stored[0])
    #expect(stored?.entry == appended.index - 1)
    try plan.ledger.check()
  }

  @Test func `once erased leave the log valid and the receipt without them`() throws {
    let carried = try plan.sign(plan.report(text, file), by: [plan.lead], openings: [text, file])
    let index = try plan.ledger.writer.append(carried).index
    let erased = file.commitment(by: plan.lead.vkey.keyName)
    #expect(try plan.ledger.store.eraseOpenings([erased]) == 1)
    let receipt = try Receipt.make(of: index, in: plan.ledger.store)
    #expect(receipt.stored == [text.commitment(by: plan.lead.vkey.keyName)])
    _ = try receipt.check(note: carried.submission.bytes, logKey: plan.ledger.log.vkey)
    try plan.ledger.check()
  }

  @Test func `come back with the entries that are restored`() throws {
    let carried = try plan.sign(plan.report(text, file), by: [plan.lead], openings: [text, file])
    _ = try plan.ledger.writer.append(carried)
    let empty = try LedgerFixture()
    for name in try plan.ledger.folder.names() {
      try empty.folder.write(plan.ledger.folder.bytes(of: name), to: name)
    }
    let restored = try empty.writer.restore(
      entry: { try plan.ledger.store.entry($0) },
      opening: { try plan.ledger.store.opening($0)?.opening })
    #expect(restored.openingCount == 2)
    #expect(restored.missingOpeningCount == 0)
    var kept: [StoredOpening] = []
    try empty.store.scanOpenings { kept.append($0) }
    var original: [StoredOpening] = []
    try plan.ledger.store.scanOpenings { original.append($0) }
    #expect(kept == original)
    #expect(kept.count == 2)
    try empty.check()
  }

  @Test func `that do not match are left out of what is restored`() throws {
    let carried = try plan.sign(plan.report(text, file), by: [plan.lead], openings: [text, file])
    _ = try plan.ledger.writer.append(carried)
    let empty = try LedgerFixture()
    for name in try plan.ledger.folder.names() {
      try empty.folder.write(plan.ledger.folder.bytes(of: name), to: name)
    }
    let restored = try empty.writer.restore(
      entry: { try plan.ledger.store.entry($0) }, opening: { _ in text })
    #expect(restored.openingCount == 1)
    #expect(restored.missingOpeningCount == 1)
    // Where no entry is missing, what is still sealed comes back by itself.
    let again = try empty.writer.restore(
      entry: { _ in nil }, opening: { try plan.ledger.store.opening($0)?.opening })
    #expect(again.entryCount == 0)
    #expect(again.openingCount == 1)
    #expect(again.missingOpeningCount == 0)
    try empty.check()
  }

  @Test func `of another author are refused, so that nobody adopts a commitment`() throws {
    let events = plan.report(text, file)
    #expect(throws: LedgerError.self) {
      try plan.sign(events, by: [plan.issuer], openings: [text, file])
    }
  }

  @Test func `that are stored from before must be what the new seal says of them`() throws {
    let first = try plan.sign(plan.report(text, file), by: [plan.lead], openings: [text, file])
    _ = try plan.ledger.writer.append(first)
    var options = AppendOptions()
    for withoutOpenings in [false, true] {
      options.allowsMissingOpenings = withoutOpenings
      let other = try plan.sign([evidence(file, size: 4)], by: [plan.lead])
      let adopted = try plan.sign([plan.report(text, file)[0]], by: [plan.issuer])
      for carried in [other, adopted] {
        let rejection = #expect(throws: Rejection.self) {
          try plan.ledger.writer.append(carried, options: options)
        }
        #expect(rejection?.code == LedgerError.Code.wrongOpening.description)
      }
    }
    try plan.ledger.check()
  }

  @Test func `must be what every seal of them says`() throws {
    let events = plan.report(text, file) + [try evidence(file, size: 4)]
    #expect(throws: LedgerError.self) {
      try plan.sign(events, by: [plan.lead], openings: [text, file])
    }
  }

  /// Evidence that says another size of a file than it has.
  private func evidence(_ file: Opening, size: Int64) throws -> Event {
    let seal: JSONObject = [
      "media": .string(file.media), "size": .integer(size),
      "sealed": .string(file.commitment(by: plan.lead.vkey.keyName).base64),
    ]
    return Event(
      type: "evidence.attached", subject: .task(plan.task),
      data: [
        "kind": .string("photograph"), "capturedOn": .string("2026-11-20"),
        "content": .object(seal),
      ])
  }

  @Test func `folded in slices leave the same state as folded whole`() throws {
    let carried = try plan.sign(plan.report(text, file), by: [plan.lead], openings: [text, file])
    _ = try plan.ledger.writer.append(carried)
    let fresh = WholeState()
    try fresh.catchUp(with: plan.ledger.store)
    let kept = try #require(plan.ledger.state as? WholeState)
    let one = try fresh.programme.records()
    let two = try kept.programme.records()
    #expect(one.map(\.key) == two.map(\.key))
    #expect(one.map(\.value) == two.map(\.value))
  }
}
