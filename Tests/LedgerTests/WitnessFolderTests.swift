import Cryptography
import Encoding
import FoundationEssentials
@testable import Ledger
import Testing
import TransparencyLog

@Suite struct `A witness` {
  let folder = TemporaryFolder()
  let logKey: SigningKey
  let log: VerifierKey
  let key: SigningKey
  let witness: CosignerKey
  let leaves = (0..<40).map { MerkleTree.leafHash([$0]) }
  let state: WitnessFolder

  init() throws {
    logKey = try SigningKey(seed: [UInt8](repeating: 1, count: 32))
    log = try VerifierKey(name: "a.example/log", publicKey: logKey.publicKey)
    key = try SigningKey(seed: [UInt8](repeating: 2, count: 32))
    witness = try CosignerKey(name: "w.example", publicKey: key.publicKey)
    state = WitnessFolder("\(folder.path)/witness")
    try state.create()
    try state.serve(log)
  }

  private func request(
    from old: Int, to new: Int, of leaves: [Digest]? = nil
  ) throws -> WitnessRequest {
    let leaves = leaves ?? self.leaves
    let signed = try SignedCheckpoint.sign(
      Checkpoint(origin: log.name, size: UInt64(new), root: MerkleTree.root(of: leaves[..<new])),
      with: logKey)
    return try .make(since: UInt64(old), to: signed, from: MemoryTiles(leaves: leaves))
  }

  private func cosign(_ request: WitnessRequest, at time: UInt64 = 5) throws -> SignedCheckpoint {
    try state.cosign(request, at: time, with: key, as: witness)
  }

  @Test func `cosigns what extends what it cosigned, and keeps it`() throws {
    let first = try cosign(request(from: 0, to: 7))
    #expect(first.isSigned(by: log))
    #expect(first.cosignature(of: witness)?.time == 5)
    #expect(try WitnessFolder(state.path).latest(of: log.name) == first)
    let second = try cosign(request(from: 7, to: 30), at: 6)
    #expect(try state.latest(of: log.name) == second)
    // The same again is cosigned anew.
    #expect(try cosign(request(from: 30, to: 30), at: 9).cosignature(of: witness)?.time == 9)
  }

  @Test func `never goes back, nor along another history, whatever it is shown`() throws {
    _ = try cosign(request(from: 0, to: 20))
    let before = try folder.files()
    let other = (0..<40).map { MerkleTree.leafHash([$0 < 10 ? $0 : 99]) }
    for request in [
      try request(from: 0, to: 20), try request(from: 10, to: 15),
      try request(from: 20, to: 30, of: other), try request(from: 20, to: 20, of: other),
    ] { #expect(throws: WitnessRefusal.self) { try cosign(request) } }
    #expect(try state.latest(of: log.name)?.checkpoint.size == 20)
    #expect(try folder.files() == before)
  }

  @Test func `keeps only the lines that it can vouch for`() throws {
    let stranger = SigningKey()
    let asked = try request(from: 0, to: 7)
    let line = try NoteSignature(
      name: "x.example", id: 9, payload: stranger.sign([1]).bytes)
    let noisy = WitnessRequest(
      oldSize: 0, path: [], checkpoint: try asked.checkpoint.adding([line]))
    let cosigned = try cosign(noisy)
    #expect(cosigned.note.signatures.map(\.name) == [log.name, witness.name])
  }

  @Test func `asked by many at once goes forward only`() async throws {
    let (state, key, witness) = (state, key, witness)
    let requests = try (1...40).map { try request(from: 0, to: $0) }
    let count = await withTaskGroup(of: Bool.self) { group in
      for request in requests {
        group.addTask {
          (try? state.cosign(request, at: 5, with: key, as: witness)) != nil
        }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    // Each says that nothing was cosigned before, which holds for one of them.
    #expect(count == 1)
  }

  @Test func `does not answer when it cannot keep what it would say`() throws {
    _ = try cosign(request(from: 0, to: 7))
    try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: state.path)
    defer {
      try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: state.path)
    }
    guard !FileManager.default.isWritableFile(atPath: state.path) else { return }  // As root.
    #expect(throws: LedgerError.self) { try cosign(request(from: 7, to: 8)) }
    #expect(try state.latest(of: log.name)?.checkpoint.size == 7)
  }

  @Test func `with a memory that is none cosigns nothing`() throws {
    _ = try cosign(request(from: 0, to: 7))
    let name = try #require(
      try folder.files().first { $0.hasSuffix(".checkpoint") })
    for bytes in [[], Array("rubbish\n".utf8), try folder.bytes(of: name).dropLast()] {
      try folder.write(bytes, to: name)
      #expect(throws: LedgerError.self) { try cosign(request(from: 0, to: 8)) }
      #expect(throws: LedgerError.self) { try cosign(request(from: 7, to: 8)) }
    }
    // A link that leads nowhere is not the absence of a memory.
    try FileManager.default.removeItem(atPath: "\(folder.path)/\(name)")
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/\(name)", withDestinationPath: "nowhere")
    #expect(throws: LedgerError.self) { try cosign(request(from: 0, to: 8)) }
    try FileManager.default.removeItem(atPath: "\(folder.path)/\(name)")
    // One of another log does not pass for it either.
    let foreign = try SignedCheckpoint.sign(
      Checkpoint(origin: "b.example/log", size: 0, root: MerkleTree.emptyRoot), with: logKey)
    try folder.write(foreign.bytes, to: name)
    #expect(throws: LedgerError.self) { try cosign(request(from: 0, to: 8)) }
  }

  @Test func `that lost its memory cosigns nothing until it is given back`() throws {
    let file = state.stateFile(of: log.name)
    // Of a log that is served and was never cosigned too: nothing shows that it never was.
    for size in [0, 7, 20] {
      if size > 0 { _ = try cosign(request(from: size == 7 ? 0 : 7, to: size)) }
      let kept = try Data(contentsOf: URL(filePath: file))
      try FileManager.default.removeItem(atPath: file)
      let actions: [() throws -> Void] = [
        { _ = try cosign(request(from: 0, to: 8)) },
        { _ = try cosign(request(from: size, to: 30)) },
        { _ = try state.latest(of: log.name) }, { try state.serve(log) },
        { _ = try state.reply(toMonitor: WitnessFolder.hash(of: log.name)) },
      ]
      for action in actions {
        #expect(#expect(throws: LedgerError.self) { try action() }?.code == .memoryLost)
      }
      #expect(!FileManager.default.fileExists(atPath: file), "nothing was made in its place")
      try kept.write(to: URL(filePath: file))
    }
    #expect(try state.latest(of: log.name)?.checkpoint.size == 20)
  }

  @Test func `is given back what it cosigned last, and nothing else`() throws {
    let cosigned = try cosign(request(from: 0, to: 7))
    let file = state.stateFile(of: log.name)
    #expect(throws: LedgerError.self) { try state.recall(cosigned, of: log, as: witness) }
    #expect(throws: LedgerError.self) { try state.recall(nil, of: log, as: witness) }
    try FileManager.default.removeItem(atPath: file)
    let other = try CosignerKey(name: "x.example", publicKey: logKey.publicKey)
    let stranger = try VerifierKey(name: "b.example/log", publicKey: logKey.publicKey)
    #expect(throws: LedgerError.self) { try state.recall(cosigned, of: log, as: other) }
    #expect(throws: LedgerError.self) { try state.recall(cosigned, of: stranger, as: witness) }
    let bare = try request(from: 0, to: 7).checkpoint
    #expect(throws: LedgerError.self) { try state.recall(bare, of: log, as: witness) }
    #expect(!FileManager.default.fileExists(atPath: file))
    try state.recall(cosigned, of: log, as: witness)
    #expect(try state.latest(of: log.name) == cosigned)
    #expect(throws: WitnessRefusal.self) { try cosign(request(from: 0, to: 8)) }
    #expect(try cosign(request(from: 7, to: 9)).checkpoint.size == 9)
    // Whoever says that nothing was cosigned says it of one log, once.
    try FileManager.default.removeItem(atPath: file)
    try state.recall(nil, of: log, as: witness)
    #expect(try state.latest(of: log.name) == nil)
    #expect(try cosign(request(from: 0, to: 9)).checkpoint.size == 9)
  }

  @Test func `takes nothing that it could not read again`() throws {
    let asked = try request(from: 0, to: 7)
    let text = asked.checkpoint.checkpoint.text + [UInt8](repeating: 0x61, count: 300_000) + [10]
    let long = try SignedCheckpoint(
      SignedNote.sign(text, with: [(log, logKey)]), allowingExtensions: true)
    let request = WitnessRequest(oldSize: 0, path: [], checkpoint: long)
    let error = #expect(throws: NoteError.self) { try WitnessRequest(request.bytes) }
    #expect(error?.code == .tooLong)
  }

  @Test func `is made once, and serves a name under one key`() throws {
    #expect(throws: LedgerError.self) { try state.create() }
    try state.serve(log)
    #expect(try state.logs() == [log])
    let other = try VerifierKey(name: log.name, publicKey: key.publicKey)
    #expect(throws: LedgerError.self) { try state.serve(other) }
    let second = try VerifierKey(name: "b.example/log", publicKey: SigningKey().publicKey)
    try state.serve(second)
    #expect(try state.logs() == [log, second])
    #expect(throws: LedgerError.self) { try WitnessFolder(folder.path).logs() }
    #expect(throws: LedgerError.self) { try WitnessFolder(folder.path).serve(log) }
    #expect(try folder.names() == ["witness"])
  }

  @Test func `serves no log whose signatures it cannot check`() throws {
    let publicKey = [UInt8](repeating: 7, count: 1312)  // by ML-DSA-44, kind 0x06
    let id = SHA256.hash(Array("c.example\n".utf8) + [6] + publicKey).bytes.prefix(4)
    let vkey = "c.example+\(Hex.encode(id))+\(Base64.encode([6] + publicKey))"
    let lines = "log \(log)\nlog \(vkey)\nquorum none\n"
    #expect(try Policy(Array(lines.utf8)).logs.map(\.key) == [log, nil])
    try folder.write(Array(lines.utf8), to: "witness/logs")
    let error = #expect(throws: LedgerError.self) { try state.logs() }
    #expect(error?.code == .fileFailed)
    #expect(error?.message.contains("whose signatures this witness cannot check") == true)
    #expect(throws: LedgerError.self) { try state.serve(log) }
  }
}
