import Cryptography
import FoundationEssentials
import Ledger
import Testing
import TransparencyLog

@Suite struct `The guard` {
  let key: SigningKey
  let logKey: VerifierKey
  let folder = TemporaryFolder()

  init() throws {
    key = try SigningKey(seed: [UInt8](repeating: 9, count: 32))
    logKey = try VerifierKey(name: "beihe.example/plan", publicKey: key.publicKey)
  }

  func checkpoint(_ size: UInt64, _ seed: UInt8 = 0) throws -> SignedCheckpoint {
    try SignedCheckpoint.sign(
      Checkpoint(origin: logKey.name, size: size, root: SHA256.hash([seed, UInt8(size)])), with: key
    )
  }

  // MARK: The table

  @Test func `lets a ledger open where neither has anything`() throws {
    #expect(try GuardVerdict(head: nil, guard: nil) { _ in MerkleTree.emptyRoot } == .fresh)
    let empty = Checkpoint(origin: logKey.name, size: 0, root: MerkleTree.emptyRoot)
    #expect(try GuardVerdict(head: nil, guard: empty) { _ in MerkleTree.emptyRoot } == .fresh)
  }

  @Test func `goes on where both are the same`() throws {
    let head = try checkpoint(5).checkpoint
    #expect(try GuardVerdict(head: head, guard: head) { _ in MerkleTree.emptyRoot } == .same)
  }

  @Test func `finds a committed tail where the head is beyond it and matches`() throws {
    let guarded = try checkpoint(3).checkpoint
    let verdict = try GuardVerdict(head: checkpoint(5).checkpoint, guard: guarded) { size in
      #expect(size == 3)
      return guarded.root
    }
    #expect(verdict == .ahead(from: 3))
  }

  @Test func `refuses a head behind it as rolled back`() throws {
    for head in [nil, try checkpoint(3).checkpoint] {
      let error = #expect(throws: LedgerError.self) {
        try GuardVerdict(head: head, guard: checkpoint(5).checkpoint) { _ in MerkleTree.emptyRoot }
      }
      #expect(error?.code == .rolledBack)
      #expect(error?.hint?.contains("restore --from") == true)
    }
  }

  @Test func `refuses another root at its size as forked`() throws {
    let error = #expect(throws: LedgerError.self) {
      try GuardVerdict(head: checkpoint(5).checkpoint, guard: checkpoint(5, 1).checkpoint) { _ in
        MerkleTree.emptyRoot
      }
    }
    #expect(error?.code == .forked)
    let below = #expect(throws: LedgerError.self) {
      try GuardVerdict(head: checkpoint(7).checkpoint, guard: checkpoint(5).checkpoint) { _ in
        MerkleTree.emptyRoot
      }
    }
    #expect(below?.code == .forked)
  }

  @Test func `refuses entries without a guard and says how to rebuild it`() throws {
    let error = #expect(throws: LedgerError.self) {
      try GuardVerdict(head: checkpoint(5).checkpoint, guard: nil) { _ in MerkleTree.emptyRoot }
    }
    #expect(error?.code == .guardMissing)
    #expect(error?.hint?.contains("witness") == true)
  }

  // MARK: The file

  @Test func `is named by the hash of the verifier key and holds the checkpoint verbatim`() throws {
    let file = Guard(folder: folder.path, logKey: logKey)
    let name = SHA256.hash(Array(logKey.description.utf8)).bytes
      .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    #expect(file.path == "\(folder.path)/\(name).guard")
    #expect(try file.read() == nil)
    try file.withLock { try $0.advance(to: checkpoint(1)) }
    #expect(try folder.bytes(of: "\(name).guard") == checkpoint(1).bytes)
    #expect(try folder.names() == ["\(name).guard", "\(name).guard.lock"])
    try file.withLock { try $0.advance(to: checkpoint(2)) }
    #expect(try file.read() == checkpoint(2))
  }

  @Test func `never goes back, nor to another root of the same size`() throws {
    let file = Guard(folder: folder.path, logKey: logKey)
    try file.withLock { try $0.advance(to: checkpoint(5)) }
    for other in [try checkpoint(4), try checkpoint(5, 1)] {
      let error = #expect(throws: LedgerError.self) {
        try file.withLock { try $0.advance(to: other) }
      }
      #expect(error?.code == .forked)
    }
    try file.withLock { try $0.advance(to: checkpoint(5)) }
    #expect(try file.read() == checkpoint(5))
  }

  @Test func `refuses a checkpoint of another key, and a file that holds one`() throws {
    let file = Guard(folder: folder.path, logKey: logKey)
    let other = try SigningKey(seed: [UInt8](repeating: 8, count: 32))
    let foreign = try SignedCheckpoint.sign(checkpoint(3).checkpoint, with: other)
    #expect(throws: LedgerError.self) { try file.withLock { try $0.advance(to: foreign) } }
    #expect(try file.read() == nil)
    for bytes in [foreign.bytes, [], Array("rubbish".utf8)] {
      try folder.write(bytes, to: String(file.path.dropFirst(folder.path.count + 1)))
      let error = #expect(throws: LedgerError.self) { try file.read() }
      #expect(error?.code == .guardUnusable)
    }
  }

  @Test func `that cannot be looked at is never taken for none`() throws {
    let file = Guard(folder: folder.path, logKey: logKey)
    try FileManager.default.createSymbolicLink(
      atPath: file.path, withDestinationPath: file.path)
    #expect(errorCode { try file.read() } == .fileFailed)
  }

  @Test func `is held by one at a time`() throws {
    let file = Guard(folder: folder.path, logKey: logKey)
    try file.withLock { _ in
      let error = #expect(throws: LedgerError.self) {
        try Guard(folder: folder.path, logKey: logKey).withLock(patience: .milliseconds(20)) { _ in
        }
      }
      #expect(error?.code == .locked)
    }
    try file.withLock { _ in }
  }

  @Test func `is rebuilt from a checkpoint only where there is none`() throws {
    let file = Guard(folder: folder.path, logKey: logKey)
    try file.rebuild(from: checkpoint(4))
    #expect(try file.read() == checkpoint(4))
    #expect(throws: LedgerError.self) { try file.rebuild(from: checkpoint(6)) }
    #expect(try file.read() == checkpoint(4))
  }

  // MARK: What is known of a lost one

  func evidence(
    head: UInt64, _ others: [(String, SignedCheckpoint)], root: Digest? = nil
  ) throws -> GuardEvidence {
    let items = others.map { GuardEvidence.Item(source: $0.0, checkpoint: $0.1) }
    return try GuardEvidence(head: checkpoint(head), others: items, logKey: logKey) { size in
      try root ?? checkpoint(size).checkpoint.root
    }
  }

  @Test func `is rebuilt from the newest that anybody holds, be it beyond the ledger`() throws {
    let whole = try evidence(head: 5, [("a", checkpoint(3)), ("b", checkpoint(5))])
    #expect(whole.newest.source == "b")
    #expect(!whole.isRolledBack)
    let own = try evidence(head: 5, [("a", checkpoint(3))])
    #expect(own.newest.size == 5)
    #expect(try own.newest.checkpoint == checkpoint(5))
    let short = try evidence(head: 5, [("a", checkpoint(7)), ("b", checkpoint(6))])
    #expect(short.newest.source == "a")
    #expect(short.isRolledBack)
    #expect(short.ledgerSize == 5)
  }

  @Test func `is not rebuilt where the key has signed two histories`() throws {
    let other = try checkpoint(3, 1)
    for items in [[("a", other)], [("a", try checkpoint(5, 1))]] {
      let error = #expect(throws: LedgerError.self) { try evidence(head: 5, items) }
      #expect(error?.code == .forked)
    }
    let beyond = #expect(throws: LedgerError.self) {
      try evidence(head: 5, [("a", checkpoint(8)), ("b", checkpoint(8, 1))])
    }
    #expect(beyond?.code == .forked)
    #expect(beyond?.message.contains("the root of b is") == true)
    #expect(beyond?.message.contains("that of a is") == true)
  }

  @Test func `is not rebuilt from what the log key has not signed`() throws {
    let other = try SigningKey(seed: [UInt8](repeating: 8, count: 32))
    let foreign = try SignedCheckpoint.sign(checkpoint(5).checkpoint, with: other)
    let error = #expect(throws: LedgerError.self) { try evidence(head: 5, [("a", foreign)]) }
    #expect(error?.code == .wrongLogKey)
    #expect(error?.message.contains("a holds no checkpoint") == true)
  }
}
