import Cryptography
import Testing
import TransparencyLog

@Suite struct `An answer of a witness` {
  let log = SigningKey()
  let key = SigningKey()
  let witness: CosignerKey
  let checkpoint: SignedCheckpoint

  init() throws {
    witness = try CosignerKey(name: "w.example", publicKey: key.publicKey)
    checkpoint = try SignedCheckpoint.sign(
      Checkpoint(origin: "a.example/log", size: 1, root: MerkleTree.leafHash([1])), with: log)
  }

  private func line(on checkpoint: SignedCheckpoint) throws -> NoteSignature {
    try Cosignature.line(on: checkpoint, at: 7, with: key, as: witness)
  }

  private func meaning(
    _ status: Int, _ type: String, _ body: String
  ) throws -> WitnessAnswer.Meaning {
    try WitnessAnswer(status: status, contentType: type, body: Array(body.utf8))
      .meaning(for: checkpoint)
  }

  @Test func `is read as it is written`() throws {
    let answer = WitnessAnswer(cosignature: try line(on: checkpoint))
    guard case .cosigned(let cosigned) = try answer.meaning(for: checkpoint) else {
      Issue.record("\(answer)")
      return
    }
    #expect(cosigned.cosignature(of: witness)?.time == 7)
    #expect(cosigned.checkpoint == checkpoint.checkpoint)
    let request = try WitnessRequest.make(
      since: 0, to: checkpoint, from: MemoryTiles(leaves: [MerkleTree.leafHash([1])]))
    let logKey = try VerifierKey(name: "a.example/log", publicKey: log.publicKey)
    let refusals: [(logs: [VerifierKey], latest: Checkpoint?, meaning: WitnessAnswer.Meaning)] = [
      ([], nil, .refused(404)), ([logKey], checkpoint.checkpoint, .conflict(1)),
      (
        [try VerifierKey(name: "a.example/log", publicKey: key.publicKey)], nil, .refused(403)
      ),
    ]
    for (logs, latest, meaning) in refusals {
      let refusal = try #require(throws: WitnessRefusal.self) {
        try request.check(logs: logs) { _ in latest }
      }
      #expect(try WitnessAnswer(refusal).meaning(for: checkpoint) == meaning)
    }
  }

  @Test func `of another checkpoint does not count for this one`() throws {
    let other = try SignedCheckpoint.sign(
      Checkpoint(origin: "a.example/log", size: 1, root: MerkleTree.leafHash([2])), with: log)
    let answer = WitnessAnswer(cosignature: try line(on: other))
    guard case .cosigned(let cosigned) = try answer.meaning(for: checkpoint) else {
      Issue.record("\(answer)")
      return
    }
    #expect(cosigned.cosignature(of: witness) == nil)
    #expect(cosigned.note.signatures.contains { $0.keyName == witness.keyName })
  }

  @Test(arguments: [
    "", "\n", "ok\n", "— w.example\n", "— w.example AAAA\n", "— w.example AAAAAAA=",
    "a\n\n— b AAAAAAA=\n",
    "<html>\n", "— w.example AAAAAAA=\n\n", "\n— w.example AAAAAAA=\n",
  ]) func `that is no lines of signatures is none`(_ body: String) {
    #expect(throws: NoteError.self) { try meaning(200, "text/plain", body) }
  }

  @Test func `is bounded`() throws {
    let line = "— w.example " + String(repeating: "AAAA", count: 20) + "\n"
    #expect(throws: Never.self) { try meaning(200, "-", String(repeating: line, count: 63)) }
    #expect(throws: NoteError.self) { try meaning(200, "-", String(repeating: line, count: 65)) }
    let long = String(repeating: "x", count: WitnessAnswer.maximumByteCount + 1)
    #expect(throws: NoteError.self) { try meaning(500, "-", long) }
  }

  @Test func `with another size says it in one way`() throws {
    for type in ["text/x.tlog.size", "Text/X.TLog.Size", "text/x.tlog.size;charset=utf-8"] {
      #expect(try meaning(409, type, "412\n") == .conflict(412))
    }
    for body in ["412", "0412\n", "-1\n", "412\n\n", "412 \n", "", "\n", "9223372036854775808\n"] {
      #expect(throws: NoteError.self) { try meaning(409, "text/x.tlog.size", body) }
    }
    for type in ["", "-", "text/plain", "text/x.tlog.sizes"] {
      #expect(throws: NoteError.self) { try meaning(409, type, "412\n") }
    }
  }
}

@Suite struct `The files of a log` {
  @Test(arguments: [0, 1, 2, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 70_000] as [UInt64])
  func `are its tiles and bundles`(_ size: UInt64) {
    let files = Array(TreeFile.files(ofSize: size))
    let tiles = Array(Tile.tiles(forSize: size))
    let bundles = tiles.filter { $0.level == 0 }
    #expect(
      files.map(\.path)
        == tiles.map(\.path) + bundles.map { EntryBundle.path(index: $0.index, width: $0.width) })
    #expect(files.prefix(tiles.count).map(\.maximumByteCount) == tiles.map { $0.width * 32 })
    #expect(
      files.dropFirst(tiles.count).map(\.maximumByteCount) == bundles.map { $0.width * 65_537 })
    // What a larger log need not have is what is not full.
    #expect(Set(TreeFile.edges(ofSize: size)) == Set(files.filter { !$0.isFull }))
  }

  @Test func `of a size that somebody made up cost nothing before they are asked for`() {
    var files = TreeFile.files(ofSize: UInt64(Int64.max)).makeIterator()
    #expect(files.next()?.path == "tile/0/000")
  }
}
