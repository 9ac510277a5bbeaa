import Accountability
import Cryptography
import Encoding
import FoundationEssentials
import GRDB
import Ledger
import Testing
import Views

/// Views are inside the writer's trust boundary: who edits `views.db` can have the writer commit what
/// the rules refuse. The audit reads no views, finds that entry void, and says that the views differ.
@Suite struct `Whoever edits the views` {
  /// A record as it stood before some entry, put back later; and what it lets somebody do.
  struct Edit: Sendable, CustomTestStringConvertible {
    let name: String
    let key: @Sendable (Cast) -> StateKey
    /// The record is put back to where it stood before the first entry with this event.
    let before: EventType
    let author: String
    let event: @Sendable () throws -> Event
    let code: FindingCode
    var testDescription: String { name }
  }

  static let edits = [
    Edit(
      name: "a role that was withdrawn", key: { _ in StateKey(.organisation, "PARKS") },
      before: "role.withdrawn", author: "PARKS",
      event: {
        try event("urge.issued", task: "T1", #"{"answerBy":"2026-12-31","level":"note"}"#)
      }, code: .noRole),
    Edit(
      name: "a key that was revoked", key: { StateKey(.key, $0["LOST"].name.description) },
      before: "key.revoked", author: "LOST",
      event: {
        let key = try Cast()["LOST/2"].name
        return try event("key.revoked", #"{"key":"\#(key)","reason":"lost"}"#)
      }, code: .endedKey),
    Edit(
      name: "a task that was cancelled", key: { _ in StateKey(.task, "T3") },
      before: "task.cancelled", author: "PARKS",
      event: { try event("task.planned", task: "T3") }, code: .wrongState),
  ]

  private let chronicle: Chronicle
  private let folder: TemporaryFolder

  init() throws {
    chronicle = try Chronicle.whole.get()
    folder = try TemporaryFolder()
  }

  @Test(arguments: edits) func `deceives the writer and nobody else`(_ edit: Edit) async throws {
    // Under the rules of the last entry nobody writes on: it is left out.
    let size = chronicle.size - 1
    let bench = try bench(size)
    let views = try ViewStore.open(at: path, of: bench.store)
    let act = try act(of: edit, at: size)
    let time = chronicle.statements[Int(size)].time
    // The honest views, first: the writer refuses.
    #expect(throws: Rejection.self) {
      try bench.writer(at: time, state: views).append(CarriedSubmission(act))
    }
    try views.close()

    try put(record(of: edit), under: edit.key(chronicle.cast))
    #expect(try await codes(of: bench) == [.viewsDiffer])

    // The writer asks these views, and commits.
    let deceived = try ViewStore.open(at: path, of: bench.store)
    let appended = try bench.writer(at: time, state: deceived).append(CarriedSubmission(act))
    try deceived.close()
    #expect(appended.index == size)
    let report = try await audit(bench)
    let found = report.findings.filter { $0.code != .unanchored }
    #expect(found.map(\.code) == [edit.code, .viewsDiffer])
    #expect(found.map(\.entry) == [size, nil])
    #expect(report[edit.code.axis] == .failed && report[.views] == .failed)

    // Rebuilt, they hold the entry for void, as the audit does.
    let rebuilt = try ViewStore.open(at: path, of: bench.store)
    try rebuilt.rebuild(from: bench.store)
    try rebuilt.close()
    #expect(try await codes(of: bench) == [edit.code])
  }

  // MARK: What is needed for it

  private var path: String { "\(folder.path)/views.db" }

  private func bench(_ size: UInt64) throws -> Bench {
    try Bench(
      Array(chronicle.truth.leaves[..<Int(size)]), chronicle.cast,
      openings: chronicle.truth.openings.map { try $0.stored() })
  }

  /// What the author signs right before `index`.
  private func act(of edit: Edit, at index: UInt64) throws -> Submission {
    let previous = chronicle.statements[Int(index) - 1]
    var statement = Statement(
      [chronicle.cast[edit.author].name], [try edit.event()], after: previous)
    statement.at = chronicle.statements[Int(index)].time
    var telling = chronicle.tellings[Int(index)]
    try telling.say(statement, by: Forger(chronicle.cast))
    return try Entry(telling.truth.entries[index] ?? []).submission
  }

  /// The record as views of a shorter log have it.
  private func record(of edit: Edit) throws -> [UInt8] {
    let size = try #require(
      chronicle.statements.firstIndex { $0.events.contains { $0.type == edit.before } })
    let bench = try bench(UInt64(size))
    let views = try ViewStore.open(at: "\(folder.path)/short.db", of: bench.store)
    defer { try? views.close() }
    return try #require(try views.load([edit.key(chronicle.cast)])[0])
  }

  private func put(_ record: [UInt8], under key: StateKey) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.write { db in
      try db.execute(
        sql: "UPDATE state SET value = ? WHERE kind = ? AND name = ?",
        arguments: [Data(record), Int64(key.kind.rawValue), key.name])
      #expect(db.changesCount == 1)
    }
    try queue.close()
  }

  private func audit(_ bench: Bench) async throws -> AuditReport {
    var options = AuditOptions()
    options.views = try StoredViewsComparison(at: path, of: bench.store)
    return try await Auditor(bench.store, options).run()
  }

  private func codes(of bench: Bench) async throws -> [FindingCode] {
    try await audit(bench).findings.map(\.code).filter { $0 != .unanchored }
  }
}
