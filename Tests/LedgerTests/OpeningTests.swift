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
    options.withoutOpenings = true
    #expect(
      rejection { try fixture.writer.append(carried([]), options: options) }?.code == "unknown-type")
    try fixture.store.scanOpenings { _ in Issue.record("a refusal keeps nothing") }
  }
}
