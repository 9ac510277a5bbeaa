import Accountability
import Cryptography
import Encoding
import Ledger
import Testing

/// A ledger of another log that passes for a known one, sound in itself.
@Suite struct `A ledger that passes for another` {
  private let folder: TemporaryFolder
  private let memory: HeadMemory

  init() throws {
    folder = try TemporaryFolder()
    memory = HeadMemory(folder: "\(folder.path)/heads")
  }

  private func audit(_ truth: Truth, logKey: VerifierKey? = nil) async throws -> AuditReport {
    try await truth.audit {
      $0.anchors.memory = memory
      $0.anchors.logKey = logKey
      $0.remembersHead = true
    }
  }

  @Test func `under the same name and another key is found by who knew the name`() async throws {
    let known = try Cast()
    _ = try await audit(Teller.opened(known))
    let impostor = try Teller.opened(Cast(log: 3))
    let expected = Expectation.at(0, .originTaken)
    let report = try await audit(impostor)
    #expect(expected.complaint(about: report) == nil, "\(report.summary)")
    let pinned = try await audit(impostor, logKey: known.log.vkey)
    #expect(pinned.findings.map(\.code) == [.otherLogKey, .originTaken])
  }

  /// A capital I for a small l: two names that look the same are two ledgers, and nothing that is
  /// known of one is said of the other.
  @Test func `under a name that only looks the same is nobody's, and has not the expected key`()
    async throws
  {
    let known = try Cast()
    _ = try await audit(Teller.opened(known))
    #expect(try await audit(Teller.opened(known)).exitCode == 0)
    let impostor = try Teller.opened(Cast(log: 3, origin: "beihe.example/pIan"))
    let alone = try await audit(impostor)
    #expect(alone.findings.map(\.code) == [.unanchored])
    #expect(!alone.isAnchored)
    let pinned = try await audit(impostor, logKey: known.log.vkey)
    #expect(pinned.findings.first?.code == .otherLogKey)
    #expect(pinned[.anchoring] == .failed)
  }

  @Test func `under a name with letters of another script was never opened`() async throws {
    let cast = try Cast(log: 3, origin: "b\u{435}ihe.example/plan")
    var opening = try Chronicle.whole.get().statements[0]
    var data = opening.events[0].data
    data["origin"] = .string(cast.log.vkey.name)
    data["vkey"] = .string(cast.log.vkey.description)
    opening.events[0] = Event(type: "ledger.opened", subject: .none, data: data)
    let report = try await Forger(cast).tell([opening]).audit()
    let expected = Expectation.at(0, .notOpened)
      .then(.notJudged, .signaturesUnjudged, .historyUnjudged, .unanchored)
    #expect(expected.complaint(about: report) == nil, "\(report.summary)")
  }

  @Test func `with other keys of the departments is found by who vouches for theirs`() async throws
  {
    let chronicle = try Chronicle.other.get()
    let theirs = try Cast()["ROADS"].vkey
    let report = try await chronicle.truth.audit { $0.anchors.pins = [theirs] }
    let expected = Expectation.ledger(.pinNotEnrolled)
    #expect(expected.complaint(about: report) == nil, "\(report.summary)")
  }
}
