import Accountability
import Cryptography
import Encoding
import Ledger
import Testing

/// A ledger with a programme of one task, `T1`, which D03 has signed for: where seals are used.
final class PlanFixture {
  let ledger: LedgerFixture
  let governing: LedgerFixture.Signer
  let issuer: LedgerFixture.Signer
  let lead: LedgerFixture.Signer
  let task: TaskID

  init() throws {
    ledger = try LedgerFixture.opened()
    governing = try LedgerFixture.Signer("G01", seed: 31)
    issuer = try LedgerFixture.Signer("D02", seed: 32)
    lead = try LedgerFixture.Signer("D03", seed: 33)
    task = try #require(TaskID("T1"))
    try enrol(governing, roles: ["governing"])
    try enrol(issuer)
    try enrol(lead)
    try append(
      [
        Event(
          type: "role.granted", subject: .organisation(try id(issuer)),
          data: ["role": .string("issuer")])
      ], by: governing)
    try issuePlan()
    try append([Event(type: "task.accepted", subject: .task(task), data: [:])], by: lead)
  }

  /// Evidence of D03's with a file, and a report with a text, each sealed.
  func report(_ text: Opening, _ file: Opening) -> [Event] {
    let key = lead.vkey.keyName
    return [
      Event(
        type: "evidence.attached", subject: .task(task),
        data: [
          "capturedOn": .string("2026-11-20"), "content": Seal.file(file, by: key).json,
          "kind": .string("photograph"),
        ]),
      Event(
        type: "progress.reported", subject: .task(task),
        data: [
          "done": Seal.text(text, by: key).json, "percent": .integer(10),
          "period": .string("2026-11"),
        ]),
    ]
  }

  /// Signs with a key's next number.
  func sign(
    _ events: [Event], by signers: [LedgerFixture.Signer], openings: [Opening] = []
  ) throws -> CarriedSubmission {
    for signer in signers { signer.n += 1 }
    return try CarriedSubmission(
      Submission.sign(
        at: ledger.clock.now, by: signers.map { SubmissionSigner($0.vkey, $0.key, n: $0.n) },
        seen: ledger.seen(), events: events),
      openings: openings)
  }

  private func append(_ events: [Event], by signers: LedgerFixture.Signer...) throws {
    ledger.clock.advance(1)
    _ = try ledger.writer.append(sign(events, by: signers))
  }

  private func enrol(_ signer: LedgerFixture.Signer, roles: [String] = []) throws {
    let id = try id(signer)
    var events = [
      try ledger.register(signer.vkey.name),
      Event(
        type: "key.enrolled", subject: .organisation(id),
        data: ["vkey": .string(signer.vkey.description)]),
    ]
    events += roles.map {
      Event(type: "role.granted", subject: .organisation(id), data: ["role": .string($0)])
    }
    ledger.clock.advance(1)
    _ = try ledger.writer.append(sign(events, by: [ledger.registrar, signer]))
  }

  private func issuePlan() throws {
    let titles: JSONObject = ["titleEn": .string("A title"), "titleZh": .string("标题")]
    func with(_ more: JSONObject) -> JSONObject {
      var data = titles
      for (key, value) in more.members { data[key] = value }
      return data
    }
    try append(
      [
        Event(
          type: "programme.issued", subject: .none,
          data: with([
            "end": .string("2028-12-31"), "id": .string("P1"), "offset": .string("+08:00"),
            "start": .string("2026-01-01"),
          ])),
        Event(type: "objective.defined", subject: .none, data: with(["id": .string("O1")])),
        Event(
          type: "task.issued", subject: .task(task),
          data: with([
            "criterion": .string("It is done."), "cycle": .string("monthly"),
            "evidenceRequired": .integer(0), "objective": .string("O1"), "weight": .integer(1),
          ])),
        Event(
          type: "task.assigned", subject: .task(task),
          data: [
            "due": .string("2027-12-31"), "lead": .string("D03"), "start": .string("2026-11-01"),
          ]),
      ], by: issuer)
  }

  private func id(_ signer: LedgerFixture.Signer) throws -> OrganisationID {
    try #require(OrganisationID(signer.vkey.name))
  }
}
