import Accountability
import Cryptography
import Encoding
import Ledger
import Testing

@Suite struct `An unfinished submission` {
  let one: LedgerFixture.Signer
  let two: LedgerFixture.Signer
  let three: LedgerFixture.Signer

  init() throws {
    one = try LedgerFixture.Signer("D01", seed: 1)
    two = try LedgerFixture.Signer("D02", seed: 2)
    three = try LedgerFixture.Signer("D03", seed: 3)
  }

  private func signer(_ signer: LedgerFixture.Signer, _ n: UInt64) -> SubmissionSigner {
    SubmissionSigner(signer.vkey, signer.key, n: n)
  }

  private func begun(_ openings: [Opening] = []) throws -> UnfinishedSubmission {
    let seals = openings.map { opening in
      JSONValue.object([
        "media": .string(opening.media),
        "sealed": .string(opening.commitment(by: one.vkey.keyName).base64),
      ])
    }
    let event = Event(
      type: "duty.handed-over", subject: .none, data: ["note": .array(seals)])
    return try UnfinishedSubmission(
      at: try #require(Timestamp("2026-11-22T03:00:00.000Z")),
      by: [
        .init(key: one.vkey.keyName, n: 4), .init(key: two.vkey.keyName, n: 9),
        .init(key: three.vkey.keyName, n: 1),
      ], seen: .init(size: 412, root: SHA256.hash([1])), events: [event],
      signers: [signer(one, 4)], openings: openings)
  }

  @Test func `goes from hand to hand, in any order, and ends as if all had signed at once`() throws
  {
    let opening = try Opening.text("why")
    let begun = try begun([opening])
    #expect(begun.missing.map(\.key) == [two.vkey.keyName, three.vkey.keyName])
    #expect(try begun.finished() == nil)
    let passed = try UnfinishedSubmission(begun.bytes).signed(by: signer(three, 1))
    #expect(passed.missing.map(\.key) == [two.vkey.keyName])
    let whole = try UnfinishedSubmission(passed.bytes).signed(by: signer(two, 9))
    let carried = try #require(try whole.finished())
    let atOnce = try Submission.sign(
      at: begun.at, by: [signer(one, 4), signer(two, 9), signer(three, 1)], seen: begun.seen,
      events: begun.events)
    #expect(carried == (try CarriedSubmission(atOnce, openings: [opening])))
    #expect(carried.submission.isSigned(1, by: two.vkey.publicKey))
  }

  @Test func `takes each signature once, and of nobody else`() throws {
    let begun = try begun()
    let stranger = try LedgerFixture.Signer("D04", seed: 4)
    for wrong in [signer(one, 4), signer(two, 8), signer(stranger, 1)] {
      #expect(errorCode { _ = try begun.signed(by: wrong) } == .wrongSignatureLines)
    }
    let swapped = SubmissionSigner(two.vkey, stranger.key, n: 9)
    #expect(errorCode { _ = try begun.signed(by: swapped) } == .malformedSubmission)
    #expect(throws: LedgerError.self) {
      try UnfinishedSubmission(
        at: begun.at, by: begun.by, seen: begun.seen, events: begun.events, signers: [])
    }
  }

  @Test func `is read in exactly one form, and never as a finished one`() throws {
    let bytes = try begun([Opening.text("why")]).bytes
    #expect(throws: LedgerError.self) { try CarriedSubmission(bytes) }
    for count in stride(from: 0, to: bytes.count, by: 7) {
      #expect(throws: LedgerError.self) { try UnfinishedSubmission(Array(bytes[..<count])) }
    }
    #expect(throws: LedgerError.self) { try UnfinishedSubmission(bytes + [0]) }
    for index in stride(from: 0, to: bytes.count, by: 5) {
      var changed = bytes
      changed[index] ^= 1
      guard let read = try? UnfinishedSubmission(changed) else { continue }
      #expect(read.bytes == changed)
    }
  }
}
