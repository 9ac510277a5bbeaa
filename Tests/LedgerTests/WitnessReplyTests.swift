import Cryptography
import Encoding
import Ledger
import Testing
import TransparencyLog

/// What goes over the wire, without the wire: the network is `Tests/outside/test_network.py`.
@Suite struct `A witness that is asked by HTTP` {
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

  private func signed(
    _ size: Int, origin: String? = nil, with key: SigningKey? = nil, root: Digest? = nil
  ) throws -> SignedCheckpoint {
    try SignedCheckpoint.sign(
      Checkpoint(
        origin: origin ?? log.name, size: UInt64(size),
        root: root ?? MerkleTree.root(of: leaves[..<size])), with: key ?? logKey)
  }

  private func request(from old: Int, to new: Int) throws -> WitnessRequest {
    try .make(since: UInt64(old), to: signed(new), from: MemoryTiles(leaves: leaves))
  }

  private func ask(_ request: WitnessRequest) throws -> WitnessReply {
    try state.reply(toAddCheckpoint: request.bytes, at: 5, with: key, as: witness)
  }

  @Test func `answers with its line alone`() throws {
    let asked = try request(from: 0, to: 7)
    let reply = try ask(asked)
    #expect(reply.answer.status == 200)
    #expect(reply.remark == ["a.example/log", "old=0", "new=7"])
    let line = try Cosignature.line(on: asked.checkpoint, at: 5, with: key, as: witness).line
    #expect(reply.answer.body == line)
    #expect(try state.latest(of: log.name)?.cosignature(of: witness)?.time == 5)
  }

  @Test func `answers each mistake with its status, and keeps what it had`() throws {
    _ = try ask(request(from: 0, to: 7))
    let before = try state.latest(of: log.name)
    let bytes = try request(from: 7, to: 9).bytes
    for broken in [[], Array("old 7\n".utf8), bytes.dropLast(), bytes + [10]] {
      let reply = try state.reply(
        toAddCheckpoint: Array(broken), at: 6, with: key, as: witness)
      #expect(reply.answer.status == 400)
      #expect(reply.remark.isEmpty)
    }
    let stranger = SigningKey()
    let cases: [(WitnessRequest, Int)] = [
      (WitnessRequest(oldSize: 7, path: [], checkpoint: try signed(3)), 400),
      (
        WitnessRequest(oldSize: 0, path: [], checkpoint: try signed(3, origin: "b.example/log")),
        404
      ),
      (WitnessRequest(oldSize: 7, path: [], checkpoint: try signed(9, with: stranger)), 403),
      (WitnessRequest(oldSize: 7, path: [], checkpoint: try signed(9)), 422),
      (WitnessRequest(oldSize: 7, path: [], checkpoint: try signed(7, root: leaves[0])), 422),
      (WitnessRequest(oldSize: 0, path: [], checkpoint: try signed(9)), 409),
    ]
    for (request, status) in cases { #expect(try ask(request).answer.status == status) }
    let conflict = try ask(request(from: 3, to: 9)).answer
    #expect(conflict.contentType == "text/x.tlog.size")
    #expect(conflict.body == Array("7\n".utf8))
    #expect(try state.latest(of: log.name) == before)
  }

  @Test func `answers 422 to a log of nothing with a root of something`() throws {
    let text = Array("\(log.name)\n0\n\(leaves[0].base64)\n".utf8)
    let note = try SignedNote.sign(text, with: [(log, logKey)])
    let reply = try state.reply(
      toAddCheckpoint: Array("old 0\n\n".utf8) + note.bytes, at: 5, with: key, as: witness)
    #expect(reply.answer.status == 422)
    #expect(try state.latest(of: log.name) == nil)
    // Whose it is comes first.
    let stranger = try VerifierKey(name: "b.example/log", publicKey: logKey.publicKey)
    let foreign = try SignedNote.sign(
      Array("b.example/log\n0\n\(leaves[0].base64)\n".utf8), with: [(stranger, logKey)])
    let other = try state.reply(
      toAddCheckpoint: Array("old 0\n\n".utf8) + foreign.bytes, at: 5, with: key, as: witness)
    #expect(other.answer.status == 404)
  }

  @Test func `shows monitors what it cosigned last`() throws {
    let hash = Hex.encode(SHA256.hash(Array(log.name.utf8)).bytes)
    #expect(try state.reply(toMonitor: hash).answer.status == 404)
    _ = try ask(request(from: 0, to: 7))
    let reply = try state.reply(toMonitor: hash)
    #expect(reply.answer.status == 200)
    #expect(reply.remark == ["a.example/log", "size=7"])
    #expect(try SignedCheckpoint(reply.answer.body) == state.latest(of: log.name))
    for other in ["", "..", hash.uppercased(), String(hash.dropLast()), "logs", "witness"] {
      #expect(try state.reply(toMonitor: other).answer.status == 404)
    }
  }

  @Test func `throws, and says nothing, when its memory cannot be read`() throws {
    _ = try ask(request(from: 0, to: 7))
    let name = try #require(try folder.files().first { $0.hasSuffix(".checkpoint") })
    try folder.write(Array("rubbish\n".utf8), to: name)
    #expect(throws: LedgerError.self) { try ask(request(from: 7, to: 8)) }
    #expect(throws: LedgerError.self) {
      try state.reply(toMonitor: Hex.encode(SHA256.hash(Array(log.name.utf8)).bytes))
    }
    #expect(WitnessReply.failed.answer.status == 500)
  }
}
