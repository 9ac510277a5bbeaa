import Accountability
import Cryptography
import Encoding
import Ledger
import Testing
import TransparencyLog

@Suite struct `Anchoring an audit` {
  private let folder = TemporaryFolder()
  private var memory: HeadMemory { HeadMemory(folder: "\(folder.path)/heads") }

  private func audit(
    _ ledger: AuditLedger, logKey: VerifierKey? = nil
  ) async throws -> AuditReport {
    let memory = memory
    return try await ledger.source().audit {
      $0.anchors.memory = memory
      $0.anchors.logKey = logKey
    }
  }

  @Test func `remembers what it saw, and holds the next audit against it`() async throws {
    let ledger = try AuditLedger.sound(4)
    let first = try await audit(ledger)
    #expect(first.codes == [])
    #expect(first.exitCode == 4)
    #expect(!first.isAnchored)
    let second = try await audit(ledger)
    #expect(second.findings == [])
    #expect(second.exitCode == 0)
    #expect(second.isAnchored)
    try ledger.append([ledger.register("Y1")])
    #expect(try await audit(ledger).exitCode == 0)
    #expect(try folder.files().count == 1)
  }

  @Test func `verifies only what is new, if asked, and says so`() async throws {
    let ledger = try AuditLedger.sound(6)
    let memory = memory
    func audit(_ ledger: AuditLedger, skipping: Bool = false) async throws -> AuditReport {
      try await ledger.source().audit {
        $0.anchors.memory = memory
        $0.trustsRemembered = !skipping
        $0.checksSignatures = !skipping
      }
    }
    // What was remembered without its signatures is verified all the same.
    _ = try await audit(ledger, skipping: true)
    let first = try await audit(ledger)
    #expect(first.signatureCount == 6)
    #expect(first.earlierVerifiedCount == 0)
    for name in ["Y1", "Y2"] { try ledger.append([ledger.register(name)]) }
    let second = try await audit(ledger)
    #expect(second.exitCode == 0)
    #expect(second.signatureCount == 2)
    #expect(second.earlierVerifiedCount == 6)
    #expect(second.json.contains(#""signaturesFrom":6"#))
    // An audit without signatures does not take back what was verified.
    _ = try await audit(ledger, skipping: true)
    #expect(try await audit(ledger).signatureCount == 0)
    // Without being asked, everything is verified.
    #expect(try await self.audit(ledger).signatureCount == 8)
    // In another history nothing was verified.
    let other = try AuditLedger.sound(3)
    for name in ["Z1", "Z2", "Z3", "Z4", "Z5", "Z6"] { try other.append([other.register(name)]) }
    let forked = try await audit(other)
    #expect(forked.codes == [.differsFromExpected, .signaturesSkipped])
    #expect(forked[.signatures] == .notChecked)
    let short = try await audit(AuditLedger.sound(4))
    #expect(short.codes == [.shorterThanExpected, .signaturesSkipped])
  }

  @Test func `does not trust signatures that did not hold`() async throws {
    let ledger = try AuditLedger.sound(6)
    let stranger = try AuditLedger.Signer("D01", seed: 99)
    try ledger.append([ledger.register("Y1")], by: [stranger])
    let memory = memory
    for _ in 0..<2 {
      let report = try await ledger.source().audit {
        $0.anchors.memory = memory
        $0.trustsRemembered = true
      }
      #expect(report[.signatures] == .failed)
      #expect(report.earlierVerifiedCount == 0)
    }
  }

  @Test func `finds an older copy`() async throws {
    _ = try await audit(AuditLedger.sound(6))
    let older = try await audit(AuditLedger.sound(5))
    #expect(older.codes == [.shorterThanExpected])
    #expect(older.found.first?.entry == 5)
    #expect(older[.anchoring] == .failed)
    #expect(older.exitCode == 3)
    // Nor is it remembered in the place of the newer.
    #expect(try await audit(AuditLedger.sound(6)).exitCode == 0)
  }

  @Test func `finds a past rewritten by who holds every key`() async throws {
    _ = try await audit(AuditLedger.sound(6))
    let other = try AuditLedger.sound(3)
    for name in ["Z1", "Z2", "Z3", "Z4"] { try other.append([other.register(name)]) }
    let report = try await audit(other)
    #expect(report.codes == [.differsFromExpected])
    #expect(report[.integrity] == .ok)
    #expect(report[.authority] == .ok)
  }

  @Test func `finds another beginning under the same key, and the same name under another`()
    async throws
  {
    _ = try await audit(AuditLedger.sound(6))
    let other = try AuditLedger()
    other.time = other.time.adding(milliseconds: 5000)
    try other.open()
    #expect(try await audit(other).codes == [.otherBeginning])
    let foreign = try await audit(AuditLedger.sound(6, logSeed: 201))
    #expect(foreign.codes == [.originTaken])
    #expect(foreign[.anchoring] == .failed)
    // A ledger of another name is nobody's successor.
    let elsewhere = try AuditLedger(origin: "elsewhere.example/plan", logSeed: 202)
    try elsewhere.open()
    #expect(try await audit(elsewhere).codes == [])
  }

  @Test func `lets a successor go on under the name, if it names what was remembered`()
    async throws
  {
    let old = try AuditLedger.sound(6)
    _ = try await audit(old)
    func successor(_ checkpoint: [UInt8]) throws -> AuditLedger {
      let ledger = try AuditLedger(logSeed: 201)
      try ledger.open([
        "predecessor": .object([
          "checkpoint": .string(Base64.encode(checkpoint)), "reason": .string("the disk was lost"),
          "root": .string(old.root.base64), "size": .integer(6),
        ])
      ])
      return ledger
    }
    // One that goes back to before what was remembered is none.
    let early = try await audit(successor(old.checkpoints[3]))
    #expect(early.codes == [.originTaken])
    // Anybody can name a checkpoint that was published, so the auditor says once that the key is right.
    let good = try successor(old.checkpoint().bytes)
    for _ in 0..<2 {
      let report = try await audit(good)
      #expect(report.codes == [.successorUnconfirmed])
      #expect(report[.anchoring] == .notChecked)
    }
    #expect(try await audit(good, logKey: good.log.vkey).codes == [])
    #expect(try await audit(good).exitCode == 0)
  }

  @Test func `takes checkpoints that were brought, of this log and no other`() async throws {
    let ledger = try AuditLedger.sound(300)
    for size in [1, 255, 256, 257, 300] {
      let report = try await ledger.source().audit(expecting: ledger.checkpoints[size - 1])
      #expect(report.exitCode == 0, "\(size)")
    }
    let foreign = try await ledger.source().audit(
      expecting: AuditLedger.sound(3, logSeed: 201).checkpoint().bytes)
    #expect(foreign.codes == [.foreignCheckpoint])
    #expect(foreign.exitCode == 3)
    let other = try await ledger.source().audit(
      expecting: AuditLedger.sound(3, origin: "other.example/plan").checkpoint().bytes)
    // It proves nothing of this ledger, neither good nor bad; and so nothing passes.
    #expect(other.codes == [.checkpointOfAnother])
    #expect(other.exitCode == 4)
    #expect(!other.isAnchored)
    await #expect(throws: LedgerError.self) { try await ledger.source().audit(expecting: [1, 2]) }
  }

  @Test func `pins the log's key, and keys that departments vouch for`() async throws {
    let ledger = try AuditLedger.sound(3)
    let d02 = try ledger.addOrganisation("D02", seed: 2)
    let good = try await ledger.source().audit {
      $0.anchors.logKey = ledger.log.vkey
      $0.anchors.pins = [d02.vkey, ledger.registrar.vkey]
    }
    // A first audit stays unanchored: the right key can have signed less than there was.
    #expect(good.findings.map(\.code) == [.unanchored])
    let other = try LedgerFixture.Signer("D02", seed: 3)
    let bad = try await ledger.source().audit {
      $0.anchors.logKey = other.vkey
      $0.anchors.pins = [other.vkey]
    }
    #expect(bad.codes == [.otherLogKey, .pinNotEnrolled])
    #expect(bad[.anchoring] == .failed)
  }

  @Test func `says so if its memory cannot be read, and does not take it for none`() async throws {
    let ledger = try AuditLedger.sound(3)
    _ = try await audit(ledger)
    let name = try #require(try folder.files().first)
    var bytes = try folder.bytes(of: name)
    bytes[bytes.count - 20] ^= 1
    try folder.write(bytes, to: name)
    let report = try await audit(ledger)
    #expect(report.codes == [.memoryUnusable])
    #expect(report[.anchoring] == .notChecked)
  }

  @Test func `remembers nothing of a ledger that is not whole`() async throws {
    let ledger = try AuditLedger.sound(4)
    var source = try ledger.source()
    source.entries[2]?[150] ^= 1
    let memory = memory
    _ = try await source.audit { $0.anchors.memory = memory }
    #expect(try folder.files() == [])
  }

  @Test func `keeps one encoding of a head`() throws {
    let ledger = try AuditLedger.sound(3)
    let head = try RememberedHead(
      logKey: ledger.log.vkey, firstLeaf: MerkleTree.leafHash(ledger.entries[0]),
      checkpoint: ledger.checkpoint())
    #expect(try RememberedHead(head.bytes) == head)
    for place in head.bytes.indices {
      var bytes = head.bytes
      bytes[place] ^= 1
      // A changed leaf hash is still a leaf hash; everything else is refused.
      if let other = try? RememberedHead(bytes) { #expect(other != head) }
    }
    #expect(throws: LedgerError.self) { try RememberedHead(head.bytes + [10]) }
    // One of the first version is read, and has verified nothing.
    let text = String(decoding: head.bytes, as: UTF8.self)
    let first = text.replacing("head/v2", with: "head/v1").replacing(#""verified":0,"#, with: "")
    #expect(try RememberedHead(Array(first.utf8)) == head)
    #expect(throws: LedgerError.self) {
      try RememberedHead(Array(text.replacing(":0,", with: ":4,").utf8))
    }
  }
}
