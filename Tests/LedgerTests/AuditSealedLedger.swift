import Accountability
import Cryptography
import Encoding
import Ledger
import Testing
import TransparencyLog

extension AuditLedger {
  /// A programme with one task, and the keys that work on it.
  struct Plan {
    var governor: Signer
    var issuer: Signer
    var lead: Signer
  }

  /// Grants the roles, issues a programme and a task, and has it signed for: eleven entries or so.
  func issuePlan(due: String = "2027-06-30") throws -> Plan {
    let governor = try addOrganisation("D02", seed: 2)
    let issuer = try addOrganisation("D03", seed: 3)
    let lead = try addOrganisation("D04", seed: 4)
    try grant("governing", to: "D02", by: registrar)
    try grant("issuer", to: "D03", by: governor)
    let titles: JSONObject = ["titleEn": .string("Plan"), "titleZh": .string("方案")]
    try append(
      [
        Event(
          type: "programme.issued", subject: .none,
          data: titles.with([
            "id": .string("P1"), "start": .string("2026-01-01"), "end": .string("2027-12-31"),
            "offset": .string("+08:00"),
          ])),
        Event(type: "objective.defined", subject: .none, data: titles.with(["id": .string("O1")])),
        try onTask(
          "task.issued",
          titles.with([
            "criterion": .string("Done"), "cycle": .string("monthly"),
            "evidenceRequired": .integer(1), "objective": .string("O1"), "weight": .integer(1),
          ])),
        try onTask(
          "task.assigned",
          [
            "due": .string(due), "lead": .string("D04"), "start": .string("2026-09-01"),
          ]),
      ], by: [issuer])
    try append([onTask("task.accepted", [:])], by: [lead])
    return Plan(governor: governor, issuer: issuer, lead: lead)
  }

  /// A sound ledger of that many entries whose lead files sealed evidence, and keeps the openings.
  static func sealed(_ size: Int) throws -> AuditLedger {
    let ledger = try AuditLedger()
    try ledger.open()
    let plan = try ledger.issuePlan()
    while ledger.entries.count < size {
      let number = UInt8(truncatingIfNeeded: ledger.entries.count)
      let opening = try Opening(
        media: "image/jpeg", salt: [UInt8](repeating: number, count: 32),
        content: [UInt8](repeating: number, count: 40))
      try ledger.append(
        [ledger.evidence(opening, by: plan.lead)], by: [plan.lead], openings: [opening])
    }
    return ledger
  }

  func grant(_ role: String, to name: String, by signer: Signer) throws {
    try append(
      [
        Event(
          type: "role.granted", subject: .organisation(id(name)), data: ["role": .string(role)])
      ], by: [signer])
  }

  func onTask(_ type: EventType, _ data: JSONObject) throws -> Event {
    Event(type: type, subject: .task(try #require(TaskID("T1"))), data: data)
  }

  func evidence(_ opening: Opening, by signer: Signer) throws -> Event {
    try evidence(Seal.file(opening, by: signer.vkey.keyName))
  }

  /// - Parameter size: What the seal says of its content's size, if it is not what it is.
  func evidence(_ seal: Seal, size: Int64? = nil) throws -> Event {
    var content: JSONObject = [
      "media": .string(seal.media), "sealed": .string(seal.commitment.base64),
    ]
    content["size"] = (size ?? seal.size).map { .integer($0) }
    return try onTask(
      "evidence.attached",
      [
        "kind": .string("photograph"), "capturedOn": .string("2026-11-01"),
        "content": .object(content),
      ])
  }
}

extension JSONObject {
  func with(_ more: JSONObject) -> JSONObject {
    var object = self
    for (key, value) in more.members { object[key] = value }
    return object
  }
}
