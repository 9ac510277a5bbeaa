import Accountability
import Cryptography
import Encoding
import Ledger
import Testing
import TransparencyLog

@Suite struct `An audit with witnesses` {
  let ledger: AuditLedger
  let keys: [(key: SigningKey, cosigner: CosignerKey)]

  init() throws {
    ledger = try AuditLedger.sound(8)
    keys = try ["court", "city"].enumerated().map { seed, name in
      let key = try SigningKey(seed: [UInt8](repeating: UInt8(100 + seed), count: 32))
      return (key, try CosignerKey(name: "\(name).example/w", publicKey: key.publicKey))
    }
  }

  private func policy(_ quorum: String, log: VerifierKey? = nil) throws -> Policy {
    try Policy(
      Array(
        """
        log \(log ?? ledger.log.vkey)
        witness court \(keys[0].cosigner)
        witness city \(keys[1].cosigner)
        group both all court city
        quorum \(quorum)

        """.utf8))
  }

  private func cosigned(
    _ checkpoint: [UInt8], by witness: Int, at time: UInt64 = 1_800_000_000
  ) throws -> StoredCosignature {
    let signed = try SignedCheckpoint(checkpoint)
    let (key, cosigner) = keys[witness]
    let line = try Cosignature.line(on: signed, at: time, with: key, as: cosigner)
    return StoredCosignature(
      vkey: cosigner.description, checkpoint: try signed.adding([line]).bytes)
  }

  private func audit(
    _ cosignatures: [StoredCosignature], _ policy: Policy? = nil, of ledger: AuditLedger? = nil,
    _ change: (inout AuditOptions) -> Void = { _ in }
  ) async throws -> AuditReport {
    var source = try (ledger ?? self.ledger).source()
    source.cosigned = cosignatures
    return try await source.audit {
      $0.anchors.policy = policy
      change(&$0)
    }
  }

  @Test func `is anchored by the quorum, as far as that has cosigned`() async throws {
    let both = [
      try cosigned(ledger.checkpoints[5], by: 0), try cosigned(ledger.checkpoints[5], by: 1),
    ]
    let report = try await audit(both, policy("both"))
    #expect(report.codes == [])
    #expect(report.isAnchored)
    #expect(report.exitCode == 0)
    #expect(report.witnessed?.size == 6)
    #expect(report.witnessed?.witnesses.map(\.name) == ["court", "city"])
    #expect(report.witnessed?.witnesses[0].time.description == "2027-01-15T08:00:00.000Z")
    #expect(report.json.contains(#""witnessed":{"by":[{"name":"court","#))
    // The newest that has it counts, whatever one of them cosigned later.
    let later = try cosigned(ledger.checkpoints[7], by: 0)
    #expect(try await audit([later, both[1]], policy("court")).witnessed?.size == 8)
    #expect(try await audit([later, both[1]], policy("city")).witnessed?.size == 6)
  }

  @Test func `is not checked where the quorum is missing, and says how many there are`()
    async throws
  {
    let one = [try cosigned(ledger.checkpoints[5], by: 0)]
    for cosignatures in [[], one, [try cosigned(ledger.checkpoints[6], by: 1)] + one] {
      let report = try await audit(cosignatures, policy("both"))
      #expect(report.codes == [.quorumMissing])
      #expect(!report.isAnchored)
      #expect(report[.anchoring] == .notChecked)
      #expect(report.witnessed == nil)
    }
    // Without a policy nobody is trusted, and with `none` nobody is needed.
    #expect(try await !audit(one).isAnchored)
    #expect(try await audit(one, policy("none")).codes == [])
  }

  @Test func `takes cosignatures from the checkpoint itself and from one that was brought`()
    async throws
  {
    let (court, city) = (
      try cosigned(ledger.checkpoints[7], by: 0), try cosigned(ledger.checkpoints[7], by: 1)
    )
    var source = try ledger.source()
    source.newest = court.checkpoint
    source.released = court.checkpoint
    let policy = try policy("both")
    let report = try await source.audit {
      $0.anchors.policy = policy
      $0.anchors.expected = [city.checkpoint]
    }
    #expect(report.codes == [])
    #expect(report.witnessed?.size == 8)
  }

  @Test func `finds every cosignature that does not hold, trusted or not`() async throws {
    let good = try cosigned(ledger.checkpoints[5], by: 0)
    #expect(try await audit([good]).codes == [])
    for index in stride(from: 0, to: good.checkpoint.count, by: 3) {
      var bytes = good.checkpoint
      bytes[index] ^= 1
      let changed = StoredCosignature(vkey: good.vkey, checkpoint: bytes)
      let codes = try await audit([changed]).codes
      #expect(codes == [.wrongCosignature], "byte \(index): \(codes)")
    }
    for index in good.vkey.utf8.indices {
      var text = Array(good.vkey.utf8)
      text[good.vkey.utf8.distance(from: good.vkey.startIndex, to: index)] ^= 1
      let changed = StoredCosignature(
        vkey: String(decoding: text, as: UTF8.self), checkpoint: good.checkpoint)
      #expect(try await audit([changed]).codes == [.wrongCosignature])
    }
    let stranger = try AuditLedger.sound(8, logSeed: 201)
    let foreign = try cosigned(stranger.checkpoints[5], by: 0)
    #expect(try await audit([foreign]).codes == [.wrongCosignature])
  }

  @Test func `finds that a witness was shown another history`() async throws {
    let other = try AuditLedger.sound(3)
    for name in ["Z1", "Z2", "Z3"] { try other.append([other.register(name)]) }
    let theirs = try cosigned(other.checkpoints[5], by: 0)
    let report = try await audit([theirs], policy("court"))
    #expect(report.codes.contains(.cosignedOtherwise))
    #expect(report[.anchoring] == .failed)
    #expect(report.witnessed == nil)
  }

  @Test func `accuses a shorter log of no other history`() async throws {
    let whole = try cosigned(ledger.checkpoints[7], by: 0)
    let short = try await audit([whole], policy("court"), of: AuditLedger.sound(6))
    #expect(short.codes.contains(.shorterThanExpected))
    #expect(!short.codes.contains(.cosignedOtherwise))
    #expect(short.exitCode == 3)
    let finding = try #require(short.findings.first { $0.code == .shorterThanExpected })
    #expect(finding.entry == 6)
    #expect(finding.affected == 2)
    #expect(finding.sentence.english.contains("the last 2 are missing"))
  }

  @Test func `under a policy of another log fails`() async throws {
    let foreign = try AuditLedger(logSeed: 201).log.vkey
    let report = try await audit(
      [try cosigned(ledger.checkpoints[5], by: 0)], policy("court", log: foreign))
    #expect(report.codes.contains(.otherLogKey))
    #expect(report[.anchoring] == .failed)
  }
}
