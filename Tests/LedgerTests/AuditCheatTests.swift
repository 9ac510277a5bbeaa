import Accountability
import Cryptography
import Encoding
import Ledger
import Testing
import TransparencyLog

@Suite struct `An audit of a changed copy` {
  /// Audits a changed copy of a sound ledger, held against its own checkpoint.
  private func audit(
    _ size: Int = 12, _ change: (inout EditableSource, AuditLedger) throws -> Void
  ) async throws -> AuditReport {
    let ledger = try AuditLedger.sound(size)
    var source = try ledger.source()
    try change(&source, ledger)
    return try await source.audit(expecting: ledger.checkpoint().bytes)
  }

  @Test(arguments: [0, 1, 5, 11]) func `lays an edited entry at its place`(_ index: UInt64)
    async throws
  {
    let report = try await audit { source, _ in
      let leaf = try #require(source.entries[index])
      source.entries[index]?[leaf.count - 40] ^= 1
    }
    #expect(report.codes == [.entryAltered])
    #expect(report.found.first?.entry == index)
    #expect(report[.integrity] == .failed)
    #expect(report[.anchoring] == .ok)
    #expect(report.exitCode == 3)
  }

  @Test func `lays an edit at its place in a later tile as well`() async throws {
    for index: UInt64 in [255, 256, 300, 511, 512, 599] {
      let report = try await audit(600) { source, _ in source.entries[index]?[200] ^= 4 }
      #expect(report.codes == [.entryAltered], "entry \(index)")
      #expect(report.found.first?.entry == index)
    }
  }

  @Test(arguments: [0, 3, 255, 256, 511]) func `tells a changed fingerprint from a changed entry`(
    _ index: UInt64
  ) async throws {
    let report = try await audit(600) { source, _ in
      let place = EditableSource.Place(level: 0, index: index / 256)
      source.tiles[place]?[Int(index % 256)] = MerkleTree.emptyRoot
    }
    #expect(report.codes == [.tileAltered])
    #expect(report.found.first?.entry == index)
  }

  @Test func `finds one entry and its fingerprint changed, each in its place`() async throws {
    let report = try await audit(300) { source, _ in
      source.entries[7]?[200] ^= 4
      source.tiles[EditableSource.Place(level: 0, index: 0)]?[90] = MerkleTree.emptyRoot
      source.entries[260]?[200] ^= 4
    }
    #expect(Set(report.codes) == [.entryAltered, .tileAltered])
    #expect(Set(report.found.map(\.entry)) == [7, 90, 260])
  }

  @Test func `finds two swapped entries, side by side or apart`() async throws {
    for (one, other): (UInt64, UInt64) in [(4, 5), (3, 9)] {
      let report = try await audit { source, _ in
        (source.entries[one], source.entries[other]) = (source.entries[other], source.entries[one])
      }
      #expect(report.codes.prefix(2) == [.entryAltered, .entryAltered])
      #expect(report.found.prefix(2).map(\.entry) == [one, other])
      #expect(report.found[0].sentence.english.contains("number \(other)"))
    }
  }

  @Test func `finds a row that is missing in the middle`() async throws {
    let report = try await audit { source, _ in
      source.entries[6] = nil
      source.entries[7] = nil
    }
    #expect(report.codes.first == .entryMissing)
    #expect(report.found.first?.entry == 6)
    // Two are missing, and the numbers of the four after them have a gap.
    #expect(report.found.first?.affected == 6)
    #expect(report[.integrity] == .failed)
  }

  @Test func `finds the last entries dropped`() async throws {
    let report = try await audit(300) { source, _ in
      for index: UInt64 in 280..<300 { source.entries[index] = nil }
    }
    #expect(report.codes.contains(.wrongCheckpointSize))
    let found = report.found.first { $0.code == .wrongCheckpointSize }
    #expect(found?.entry == 280)
    #expect(found?.affected == 20)
    #expect(report.codes.contains(.shorterThanExpected))
  }

  @Test func `finds the last entries dropped with everything that named them`() async throws {
    let ledger = try AuditLedger.sound(12)
    let shorter = try AuditLedger.sound(9)
    let report = try await shorter.source().audit(expecting: ledger.checkpoint().bytes)
    #expect(report.codes == [.shorterThanExpected])
    #expect(report.found.first?.entry == 9)
    #expect(report.found.first?.affected == 3)
    #expect(report[.anchoring] == .failed)
    #expect(report[.integrity] == .ok)
    #expect(!report.isAnchored)
    // Without the checkpoint it cannot be told from a short ledger, and is said to be so.
    #expect(try await shorter.source().audit().exitCode == 4)
  }

  @Test func `finds an entry rewritten together with its fingerprints and the checkpoint`()
    async throws
  {
    let report = try await audit(300) { source, ledger in
      source.entries[40]?[200] ^= 4
      try source.resign(ledger)
    }
    let found = report.found.first { $0.code == .entryRewritten }
    #expect(found?.entry == 40)
    #expect(found?.affected == 260)
    #expect(report[.integrity] == .failed)
    #expect(report[.history] == .failed)
    #expect(report[.anchoring] == .failed)
  }

  @Test func `finds a root line that a cheating log wrote`() async throws {
    let ledger = try AuditLedger.sound(6)
    let entry = try Entry(ledger.entries[5])
    ledger.append(
      leaf: Entry(
        index: 6, time: entry.time, root: MerkleTree.emptyRoot,
        submission: try Submission.sign(
          at: entry.time,
          by: [SubmissionSigner(ledger.registrar.vkey, ledger.registrar.key, n: 7)],
          seen: ledger.seen, events: [ledger.register("Y1")])
      ).bytes)
    ledger.registrar.n = 7
    try ledger.append([ledger.register("Y2")])
    let report = try await ledger.source().audit(expecting: ledger.checkpoint().bytes)
    #expect(report.codes == [.wrongRoot])
    #expect(report.found.first?.entry == 6)
  }

  @Test func `finds a clock that went back, a wrong index and a form that is none`() async throws {
    let ledger = try AuditLedger.sound(4)
    func submission(_ n: UInt64, _ name: String, _ at: Timestamp) throws -> Submission {
      try Submission.sign(
        at: at, by: [SubmissionSigner(ledger.registrar.vkey, ledger.registrar.key, n: n)],
        seen: ledger.seen, events: [ledger.register(name)])
    }
    let early = ledger.time.adding(milliseconds: -1)
    ledger.append(
      leaf: Entry(
        index: 4, time: early, root: ledger.root, submission: try submission(5, "Y1", early)
      ).bytes)
    ledger.append(
      leaf: Entry(
        index: 9, time: ledger.time, root: ledger.root,
        submission: try submission(6, "Y2", ledger.time)
      ).bytes)
    ledger.append(leaf: Array("no entry at all".utf8))
    ledger.registrar.n = 6
    try ledger.append([ledger.register("Y3")])
    let report = try await ledger.source().audit(expecting: ledger.checkpoint().bytes)
    #expect(report.codes == [.timeWentBack, .wrongIndex, .entryUnreadable])
    #expect(report.found.map(\.entry) == [4, 5, 6])
  }

  @Test func `finds a tile that is missing, too wide, too narrow or not wanted`() async throws {
    let last = EditableSource.Place(level: 0, index: 2)
    let upper = EditableSource.Place(level: 1, index: 0)
    for place in [EditableSource.Place(level: 0, index: 1), last, upper] {
      let missing = try await audit(600) { source, _ in source.tiles[place] = nil }
      #expect(missing.codes.contains(.tileMissing), "\(place)")
      let wide = try await audit(600) { source, _ in
        source.tiles[place]?.append(MerkleTree.emptyRoot)
      }
      #expect(wide.codes == [.wrongTile], "\(place)")
      let narrow = try await audit(600) { source, _ in source.tiles[place]?.removeLast() }
      #expect(narrow.codes == [.wrongTile], "\(place)")
    }
    let changed = try await audit(600) { source, _ in
      source.tiles[upper]?[1] = MerkleTree.emptyRoot
    }
    #expect(changed.codes == [.wrongTile])
    #expect(changed.found.first?.entry == 256)
    let stray = try await audit(600) { source, _ in
      source.tiles[EditableSource.Place(level: 5, index: 77)] = [MerkleTree.emptyRoot]
    }
    #expect(stray.codes == [.strayRows])
  }

  @Test func `finds rows beyond the end`() async throws {
    let beyond = try await audit { source, _ in source.entries[12] = source.entries[11] }
    #expect(beyond.codes.contains(.strayRows))
    let far = try await audit { source, _ in source.entries[1 << 60] = source.entries[11] }
    #expect(far.codes.contains(.strayRows))
    #expect(far[.integrity] == .failed)
  }

  @Test func `finds a checkpoint that is none, or of something else, or by someone else`()
    async throws
  {
    let other = try AuditLedger.sound(12, logSeed: 201)
    let broken = try await audit { source, _ in source.newest = [1, 2, 3] }
    #expect(broken.codes.contains(.checkpointUnreadable))
    let foreign = try await audit { source, _ in
      source.newest = try other.checkpoint().bytes
      source.released = source.newest
    }
    #expect(foreign.codes.contains(.checkpointUnsigned))
    let wrong = try await audit { source, ledger in
      source.newest = try SignedCheckpoint.sign(
        Checkpoint(origin: ledger.log.vkey.name, size: 12, root: MerkleTree.emptyRoot),
        with: ledger.log.key
      ).bytes
      source.released = source.newest
    }
    #expect(wrong.codes == [.wrongCheckpointRoot, .wrongReleased])
    #expect(wrong[.integrity] == .failed)
  }

  @Test func `holds the published checkpoint against the log as well`() async throws {
    let older = try await audit { source, ledger in source.released = ledger.checkpoints[7] }
    #expect(older.codes == [.tailUnreleased])
    #expect(older.found.first?.entry == 8)
    #expect(older.found.first?.affected == 4)
    #expect(older[.integrity] == .notChecked)
    let none = try await audit { source, _ in source.released = nil }
    #expect(none.codes == [.tailUnreleased])
    let rewritten = try await audit { source, ledger in
      source.released = try SignedCheckpoint.sign(
        Checkpoint(origin: ledger.log.vkey.name, size: 5, root: MerkleTree.emptyRoot),
        with: ledger.log.key
      ).bytes
    }
    #expect(rewritten.codes == [.wrongReleased])
    #expect(rewritten[.integrity] == .failed)
    let broken = try await audit { source, _ in source.released = [] }
    #expect(broken.codes == [.wrongReleased])
  }

  @Test func `does not lay what follows from a damaged entry at others`() async throws {
    let ledger = try AuditLedger.sound(3)
    let d02 = try ledger.addOrganisation("D02", seed: 2)
    for name in ["Y1", "Y2", "Y3"] { try ledger.append([ledger.register(name)]) }
    _ = d02
    var source = try ledger.source()
    source.entries[3] = Array("gone".utf8)
    let report = try await source.audit(expecting: ledger.checkpoint().bytes)
    #expect(report.codes == [.entryAltered])
    #expect(report.found.first?.entry == 3)
    #expect(report.found.first?.affected == 4)
    #expect(report[.authority] == .notChecked)
    #expect(report[.history] == .notChecked)
  }

  @Test(arguments: [FindingCode.unknownKey, .wrongCount, .wrongTime])
  func `calls no axis ok that a damaged entry keeps from being judged`(
    _ following: FindingCode
  ) async throws {
    let ledger = try AuditLedger.sound(3)
    let d02 = try ledger.addOrganisation("D02", seed: 2)
    if following == .unknownKey {
      let second = try LedgerFixture.Signer("D02", seed: 3)
      try ledger.append([ledger.enrol(second)], by: [d02, second])
    } else {
      try ledger.append([ledger.register("Y")])
    }
    var source = try ledger.source()
    #expect(try await source.audit().codes == [])
    let entry = try Entry(#require(source.entries[3]))
    source.entries[3] = Array("gone".utf8)
    if following == .wrongTime {
      source.entries[3] =
        Entry(
          index: 3, time: entry.time.adding(milliseconds: 3_600_000), root: entry.root,
          submission: entry.submission
        ).bytes
    }
    let report = try await source.audit()
    #expect(report.codes == [.entryAltered])
    #expect(report.found.first?.affected == 2)
    for axis in [Axis.signatures, .history, .authority, .content] {
      #expect(report[axis] == .notChecked, "\(axis)")
    }
  }

  @Test func `lays a change of the opening at entry 0 alone`() async throws {
    for word in ["vkey", "origin", "rules", "D01"] {
      let report = try await audit { source, _ in
        let leaf = try #require(source.entries[0])
        let text = String(decoding: leaf, as: UTF8.self)
        let place = try #require(
          text.utf8.indices.first {
            text[$0...].hasPrefix("\(word)\":") || text[$0...].hasPrefix(word)
          })
        let offset = text.utf8.distance(from: text.startIndex, to: place)
        source.entries[0]?[offset + word.utf8.count + 5] ^= 1
      }
      #expect(report.found.filter(\.isViolation).map(\.code) == [.entryAltered], "\(word)")
      #expect(report[.integrity] == .failed)
      #expect(report[.anchoring] != .failed, "\(word)")
    }
  }

  @Test func `ends where nothing is stored, however many entries are claimed`() async throws {
    let report = try await audit { source, _ in
      source.entries[1 << 61] = source.entries.removeValue(forKey: 11)
      source.newest = [0]
      source.released = [0]
    }
    #expect(report.codes.contains(.entryMissing))
    #expect(report.codes.contains(.checkpointUnreadable))
    #expect(report[.integrity] == .failed)
    #expect(report[.authority] == .notChecked)
    #expect(report.exitCode == 3)
  }

  @Test func `judges nothing under a ledger that was never opened`() async throws {
    let report = try await audit { source, _ in source.entries[0] = Array("gone".utf8) }
    #expect(report.codes.first == .entryAltered)
    #expect(report[.authority] == .notChecked)
    #expect(report[.signatures] == .notChecked)
    #expect(report[.history] == .notChecked)
    #expect(report.exitCode == 3)
  }
}
