import Accountability
import Cryptography
import Encoding
@testable import Ledger
import Testing
import TransparencyLog

@Suite struct `An audit of what was not allowed` {
  /// What a cheating writer commits to break one rule of authority.
  enum Cheat: String, CaseIterable {
    case keyLimited = "key-limited"
    case notParty = "not-party"
    case notIndependent = "not-independent"
    case separation
    case unknownSubject = "unknown-subject"
    case unknownCitation = "unknown-citation"
    case wrongState = "wrong-state"
    case notReady = "not-ready"
    case stale
    case tooLate = "too-late"
    case wrongDate = "wrong-date"
    case lastHolder = "last-holder"
    case nothingToDo = "nothing-to-do"
  }

  @Test(arguments: Cheat.allCases) func `names the rule, the place and the axis`(
    _ cheat: Cheat
  ) async throws {
    let ledger = try AuditLedger()
    try ledger.open()
    let plan = try ledger.issuePlan(due: cheat == .tooLate ? "2026-11-22" : "2027-06-30")
    let place = try commit(cheat, ledger, plan)
    let code = FindingCode(try #require(Refusal.Code(rawValue: cheat.rawValue)))
    let report = try await ledger.source().audit(expecting: ledger.checkpoint().bytes)
    #expect(report.codes == [code], "\(report.findings.map(\.sentence.english))")
    #expect(report.found.first?.entry == place)
    #expect(report[.authority] == .failed)
    for axis in Axis.allCases where axis != .authority { #expect(report[axis] != .failed) }
    #expect(report.exitCode == 3)
  }

  private func commit(
    _ cheat: Cheat, _ ledger: AuditLedger, _ plan: AuditLedger.Plan
  ) throws -> UInt64 {
    func byLead(_ type: EventType, _ data: JSONObject) throws -> UInt64 {
      try ledger.append([ledger.onTask(type, data)], by: [plan.lead])
    }
    func revoke(_ signer: AuditLedger.Signer) throws -> UInt64 {
      try ledger.append([
        Event(
          type: "key.revoked", subject: .none,
          data: ["key": .string(signer.vkey.keyName.description), "reason": .string("left")])
      ])
    }
    switch cheat {
    case .keyLimited: return try useLimitedKey(ledger, plan)
    case .notParty:
      return try ledger.append([ledger.onTask("task.accepted", [:])], by: [plan.issuer])
    case .notIndependent:
      return try ledger.append(
        [
          Event(
            type: "role.granted", subject: .organisation(ledger.id("D04")),
            data: ["role": .string("supervisor"), "task": .string("T1")])
        ], by: [plan.governor])
    case .separation:
      try ledger.grant("supervisor", to: "D03", by: plan.governor)
      return ledger.size - 1
    case .unknownSubject:
      let task = try #require(TaskID("T9"))
      return try ledger.append(
        [Event(type: "task.accepted", subject: .task(task), data: [:])], by: [plan.lead])
    case .unknownCitation:
      return try byLead(
        "progress.reported",
        [
          "period": .string("2026-11"), "percent": .integer(5),
          "evidence": .array([.string("\(plan.lead.vkey.keyName)/1.7")]),
        ])
    case .wrongState: return try byLead("task.accepted", [:])
    case .notReady:
      _ = try byLead(
        "progress.reported", ["period": .string("2026-11"), "percent": .integer(5)])
      return try byLead("completion.claimed", [:])
    case .stale: return try acceptUnseen(ledger, plan)
    case .tooLate:
      ledger.time = ledger.time.adding(milliseconds: 86_400_000)
      return try byLead(
        "extension.requested", ["to": .string("2027-01-31"), "reason": .string("floods")])
    case .wrongDate:
      let opening = try Opening(
        media: "image/jpeg", salt: [UInt8](repeating: 1, count: 32), content: [1])
      let seal = Seal.file(opening, by: plan.lead.vkey.keyName)
      return try byLead(
        "evidence.attached",
        [
          "kind": .string("photograph"), "capturedOn": .string("2027-11-01"),
          "content": seal.json,
        ])
    case .lastHolder: return try revoke(ledger.registrar)
    case .nothingToDo:
      _ = try revoke(plan.lead)
      return try revoke(plan.lead)
    }
  }

  /// A key of the issuer that is limited to another role issues an objective.
  private func useLimitedKey(_ ledger: AuditLedger, _ plan: AuditLedger.Plan) throws -> UInt64 {
    let limited = try AuditLedger.Signer("D03", seed: 33)
    let enrolment = try ledger.enrol(limited)
    try ledger.append(
      [
        Event(
          type: enrolment.type, subject: enrolment.subject,
          data: enrolment.data.with(["roles": .array([.string("statistics")])]))
      ], by: [plan.issuer, limited])
    return try ledger.append(
      [
        Event(
          type: "objective.defined", subject: .none,
          data: ["id": .string("O2"), "titleEn": .string("Two"), "titleZh": .string("二")])
      ], by: [limited])
  }

  /// The lead signs for a second task without having seen that it was assigned.
  private func acceptUnseen(_ ledger: AuditLedger, _ plan: AuditLedger.Plan) throws -> UInt64 {
    let task = try #require(TaskID("T2"))
    let seen = ledger.seen
    let issued = try Entry(ledger.entries[6]).submission.events
    try ledger.append(
      issued[2...3].map { Event(type: $0.type, subject: .task(task), data: $0.data) },
      by: [plan.issuer])
    return try ledger.append(
      [Event(type: "task.accepted", subject: .task(task), data: [:])], by: [plan.lead], seen: seen)
  }

  @Test func `names keys that were recovered or reported compromised`() async throws {
    let ledger = try AuditLedger()
    try ledger.open()
    let plan = try ledger.issuePlan()
    try ledger.append([
      Event(
        type: "key.revoked", subject: .none,
        data: [
          "key": .string(plan.lead.vkey.keyName.description), "reason": .string("stolen"),
          "compromisedSince": .string("2026-11-01T00:00:00.000Z"),
        ])
    ])
    let report = try await ledger.source().audit(expecting: ledger.checkpoint().bytes)
    #expect(report.findings == [])
    #expect(report.compromisedKeys.map(\.key) == [plan.lead.vkey.keyName])
    #expect(
      report.compromisedKeys.first?.compromisedSince?.description == "2026-11-01T00:00:00.000Z")
    #expect(report.recoveredKeys == [])
  }
}

@Suite struct `The roots that submissions have seen` {
  @Test func `are read again from their entries once they are no longer kept`() throws {
    let ledger = try AuditLedger.sound(40)
    var seen = SeenRoots(source: try ledger.source(), capacity: 8)
    var roots: [Digest] = []
    var frontier = Frontier()
    for (index, leaf) in ledger.entries.enumerated() {
      let entry = try Entry(leaf)
      roots.append(frontier.root)
      // Entry 3 had been changed, so what its header says does not count.
      seen.append(
        root: index == 3 ? MerkleTree.emptyRoot : frontier.root, time: entry.time,
        isAsStated: index != 3)
      frontier.append(entry.leafHash)
      for size in 0...index {
        let root = size == 3 ? MerkleTree.emptyRoot : roots[size]
        #expect(try seen.root(at: UInt64(size)) == root)
        #expect(try seen.time(of: UInt64(size)) == Entry(ledger.entries[size]).time)
      }
      #expect(try seen.root(at: UInt64(index + 1)) == nil)
    }
  }

  @Test func `are the same however a chunk is hashed`() throws {
    for start in [0, 256, 512, 768, 1024, 1792] {
      var before = Frontier()
      for number in 0..<start { before.append(MerkleTree.leafHash(Array("\(number)".utf8))) }
      var tree = ChunkTree(start: before)
      for number in 0..<256 {
        #expect(tree.root == before.root)
        let leaf = MerkleTree.leafHash(Array("more \(number)".utf8))
        tree.append(leaf)
        before.append(leaf)
        #expect(tree.frontier == before)
      }
    }
  }
}
