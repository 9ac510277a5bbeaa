import Accountability
import Cryptography
import Encoding
import Ledger
import TestAuthority
import Testing
import TransparencyLog

@Suite(.enabled(if: TestAuthority.isAvailable, "openssl is not installed"))
struct `An audit with timestamps` {
  let folder = TemporaryFolder()
  let ledger: AuditLedger
  let authority: TestAuthority

  init() throws {
    ledger = try AuditLedger.sound(8)
    authority = try TestAuthority(in: folder.path)
  }

  private func timestamp(
    _ checkpoint: [UInt8], by authority: TestAuthority? = nil, at time: String = "20261122030500Z",
    _ change: (inout TestAuthority.Statement) -> Void = { _ in }
  ) throws -> StoredTimestamp {
    var statement = TestAuthority.Statement(imprint: SHA256.hash(checkpoint).bytes)
    statement.time = time
    change(&statement)
    return StoredTimestamp(
      checkpoint: checkpoint, response: try (authority ?? self.authority).response(statement))
  }

  private func audit(
    _ timestamps: [StoredTimestamp], of ledger: AuditLedger? = nil,
    trusting authorities: [TestAuthority] = []
  ) async throws -> AuditReport {
    var source = try (ledger ?? self.ledger).source()
    source.timestamped = timestamps
    let roots = try authorities.flatMap { try $0.root }
    return try await source.audit {
      $0.anchors.authorities = roots.isEmpty ? nil : try? TrustedCertificates(pem: roots)
    }
  }

  @Test func `says by when the entries existed, whose word it is, and whether that counts`()
    async throws
  {
    let kept = [
      try timestamp(ledger.checkpoints[7]),
      try timestamp(ledger.checkpoints[5], at: "20261122030400.25Z") { $0.accuracy = nil },
    ]
    let unasked = try await audit(kept)
    #expect(unasked.codes == [])
    #expect(unasked.timestamps.map(\.size) == [6, 8])
    #expect(unasked.timestamps.map(\.standing) == [.notChecked, .notChecked])
    #expect(unasked.timestamps[0].time.description == "2026-11-22T03:04:00.250Z")
    #expect(unasked.newestTimestamps == [])
    #expect(!unasked.json.contains(#""trusted""#))

    let report = try await audit(kept, trusting: [authority])
    #expect(report.codes == [])
    #expect(report.timestamps.map(\.isTrusted) == [true, true])
    #expect(report.newestTimestamps.map(\.size) == [8])
    #expect(report.newestTimestamps[0].latest.description == "2026-11-22T03:05:01.000Z")
    #expect(
      report.json.contains(
        #""timestamps":[{"authority":"CN=Test TSA,O=Beihe","policy":"1.2.3.4.1","serial":"07","size":6,"time":"2026-11-22T03:04:00.250Z","trusted":true},{"accuracy":1000,"#
      ))
  }

  @Test func `anchors nothing by them: two histories can be stamped alike`() async throws {
    let report = try await audit([timestamp(ledger.checkpoints[7])], trusting: [authority])
    #expect(!report.isAnchored)
    #expect(report.findings.map(\.code) == [.unanchored])
    #expect(report.exitCode == 4)
  }

  @Test func `trusts none that its certificates do not vouch for, and says when that is all`()
    async throws
  {
    let other = try TestAuthority(in: folder.path)
    let (ours, theirs) = (
      try timestamp(ledger.checkpoints[7]), try timestamp(ledger.checkpoints[7], by: other)
    )
    // One that counts is enough; the other is listed.
    let both = try await audit([ours, theirs], trusting: [other])
    #expect(both.codes == [])
    #expect(both.timestamps.count { $0.isTrusted } == 1)
    #expect(both.json.contains(#""trusted":false"#))
    for kept in [[ours], []] {
      let report = try await audit(kept, trusting: [other])
      #expect(report.codes == [.timestampMissing])
      #expect(report[.anchoring] == .notChecked)
      #expect(report.timestamps.count == kept.count)
    }
    #expect(try await audit([theirs], trusting: [authority, other]).codes == [])
  }

  @Test func `finds every bit of a row that is not as it was`() async throws {
    let good = try timestamp(ledger.checkpoints[5])
    #expect(try await audit([good]).codes == [])
    func check(_ changed: StoredTimestamp, _ what: String) async throws {
      let report = try await audit([changed])
      #expect(report.codes == [.wrongTimestamp], "\(what): \(report.codes)")
      #expect(report[.anchoring] == .failed)
      #expect(report.timestamps == [])
    }
    for byte in 0..<32 {
      var digest = good.digest
      digest[byte] ^= 1
      try await check(
        StoredTimestamp(digest: digest, checkpoint: good.checkpoint, response: good.response),
        "digest \(byte)")
    }
    for byte in stride(from: 0, to: good.checkpoint.count, by: 5) {
      var checkpoint = good.checkpoint
      checkpoint[byte] ^= 4
      try await check(
        StoredTimestamp(checkpoint: checkpoint, response: good.response), "checkpoint \(byte)")
    }
    for byte in stride(from: 0, to: good.response.count, by: 23) {
      var response = good.response
      response[byte] ^= 8
      try await check(
        StoredTimestamp(digest: good.digest, checkpoint: good.checkpoint, response: response),
        "response \(byte)")
    }
  }

  @Test func `finds those that prove something else, or nothing`() async throws {
    let (six, eight) = (ledger.checkpoints[5], ledger.checkpoints[7])
    let good = try timestamp(eight)
    let stranger = try AuditLedger.sound(8, logSeed: 201)
    var forged = good.response
    forged[forged.count - 1] ^= 1
    let wrong: [(StoredTimestamp, String)] = [
      (StoredTimestamp(checkpoint: six, response: good.response), "something else"),
      (try timestamp(stranger.checkpoints[7]), "not of this log"),
      (StoredTimestamp(checkpoint: eight, response: forged), "does not verify"),
      (StoredTimestamp(checkpoint: eight, response: []), "cannot be read"),
      (StoredTimestamp(checkpoint: [], response: good.response), "cannot be read"),
      (
        StoredTimestamp(
          checkpoint: eight + [UInt8](repeating: 0x0A, count: 1 << 16), response: good.response),
        "cannot be read"
      ),
      (try timestamp(eight) { $0.options = ["-md", "sha256"] }, "does not verify"),
    ]
    for (stored, reason) in wrong {
      let report = try await audit([stored, good], trusting: [authority])
      #expect(report.codes == [.wrongTimestamp])
      #expect(report.findings.first?.sentence.english.contains(reason) == true)
      #expect(report.timestamps.count == 1)
    }
  }

  @Test func `finds that an authority was shown another history`() async throws {
    let other = try AuditLedger.sound(3)
    for name in ["Z1", "Z2", "Z3"] { try other.append([other.register(name)]) }
    let report = try await audit([timestamp(other.checkpoints[5])])
    #expect(report.codes == [.timestampedOtherwise])
    #expect(report[.anchoring] == .failed)
    #expect(report.timestamps == [])
    let short = try await audit([timestamp(ledger.checkpoints[7])], of: AuditLedger.sound(6))
    // Nothing shows that what is left of it is of another history.
    #expect(short.codes == [.shorterThanExpected])
  }

  @Test(arguments: [
    // Entry 7 is of 03:00:08; an accuracy of a second, and ten minutes, are forgiven.
    ("20261122025007Z", true, [] as [FindingCode]),
    ("20261122025006Z", true, [.laterThanTimestamp]),
    ("20261122025006Z", false, []), ("19990101000000Z", false, []),
  ])
  func `finds an entry that states a later time than a trusted timestamp on it`(
    _ time: String, _ isTrusted: Bool, _ codes: [FindingCode]
  ) async throws {
    let report = try await audit(
      [timestamp(ledger.checkpoints[7], at: time)], trusting: isTrusted ? [authority] : [])
    // The first certificate is of 2020.
    #expect(report.codes == codes)
    guard let finding = report.found.first else { return }
    #expect(finding.entry == 7)
    #expect(
      finding.sentence.english.hasPrefix("It says that it was recorded at 2026-11-22T03:00:08.000Z")
    )
  }

  @Test func `holds a simulated clock against no other`() async throws {
    let simulated = try AuditLedger()
    try simulated.open(["clock": .string("simulated")])
    let early = try timestamp(simulated.checkpoints[0], at: "20220101000000Z")
    #expect(try await audit([early], of: simulated, trusting: [authority]).codes == [])
  }

  @Test func `looks at ten thousand, and says that there are more`() async throws {
    let rubbish = StoredTimestamp(digest: [], checkpoint: [], response: [])
    let report = try await audit(
      Array(repeating: rubbish, count: StoredTimestamp.maximumCount + 5))
    #expect(report.findings.count == FindingLogLimit.value)
    #expect(report.furtherFindingCount == 1)
  }
}

/// As many findings as a report keeps.
private enum FindingLogLimit { static let value = 10_000 }
