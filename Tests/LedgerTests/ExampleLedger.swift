import Accountability
import Cryptography
import Encoding
import FoundationEssentials
import Ledger
import Testing
import TransparencyLog

/// The one example that runs through the pages of `docs/formats`: a log whose first two leaves are
/// the texts `entry 0` and `entry 1`, and whose third is a report by D03.
///
/// Everything in it is fixed, so the pages can be checked byte for byte. The rules would not let it
/// in; formats are what the pages are about.
struct ExampleLedger {
  /// The log's key: seed 0x00, 0x01 … 0x1F.
  let logKey: SigningKey
  let log: VerifierKey
  /// D03's key: seed 0x20, 0x21 … 0x3F.
  let authorKey: SigningKey
  let author: VerifierKey
  let opening: Opening
  let submission: Submission
  let entry: Entry
  let checkpoint: SignedCheckpoint
  let receipt: Receipt

  init() throws {
    logKey = try SigningKey(seed: Array(0..<32))
    log = try VerifierKey(name: "beihe.example/plan", publicKey: logKey.publicKey)
    authorKey = try SigningKey(seed: Array(32..<64))
    author = try VerifierKey(name: "D03", publicKey: authorKey.publicKey)
    opening = try Opening.text("Bridge deck poured.\n", salt: Array(64..<96))

    let leaves = ["entry 0", "entry 1"].map { MerkleTree.leafHash(Array($0.utf8)) }
    let at = try #require(Timestamp("2026-11-22T03:00:00.000Z"))
    submission = try Submission.sign(
      at: at, by: [SubmissionSigner(author, authorKey, n: 17)],
      seen: .init(size: 1, root: MerkleTree.root(of: leaves[..<1])),
      events: [
        Event(
          type: "progress.reported", subject: .task(try #require(TaskID("O03-T04"))),
          data: [
            "done": Seal.text(opening, by: author.keyName).json, "percent": .integer(60),
            "period": .string("2026-10"),
          ])
      ])
    entry = Entry(
      index: 2, time: at.adding(milliseconds: 1412), root: MerkleTree.root(of: leaves),
      submission: submission)
    let all = leaves + [entry.leafHash]
    checkpoint = try SignedCheckpoint.sign(
      Checkpoint(origin: log.name, size: 3, root: MerkleTree.root(of: all)), with: logKey)
    let tiles = MemoryTiles(leaves: all)
    receipt = Receipt(
      proof: TransparencyProof(
        extra: Array(entry.headerBytes), index: 2,
        path: try InclusionProof.make(index: 2, size: 3, from: tiles).path,
        checkpoint: checkpoint),
      consistency: try ConsistencyProof.make(oldSize: 1, newSize: 3, from: tiles),
      stored: [opening.commitment(by: author.keyName)])
  }

  var carried: CarriedSubmission {
    get throws { try CarriedSubmission(submission, openings: [opening]) }
  }

  /// The name of the guard's file.
  var guardName: String {
    Hex.encode(SHA256.hash(Array(log.description.utf8)).bytes) + ".guard"
  }

  /// Every example: page, tag of its block, and what must stand there.
  var blocks: [(page: String, tag: String, text: String)] {
    get throws {
      let carriedBytes = try carried.bytes
      let header = carriedBytes.prefix(
        carriedBytes.count - submission.bytes.count - opening.content.count)
      return [
        ("submission", "vkey", "\(author)\n"),
        ("submission", "submission", String(decoding: submission.bytes, as: UTF8.self)),
        ("entry", "entry", String(decoding: entry.bytes, as: UTF8.self)),
        ("entry", "leaf-hash", "\(entry.leafHash)\n"),
        ("seal", "salt", Base64.encode(opening.salt) + "\n"),
        ("seal", "content", Self.wrapped(opening.content)),
        ("seal", "commitment", "\(opening.commitment(by: author.keyName))\n"),
        ("carried-submission", "header", String(decoding: header, as: UTF8.self)),
        ("guard", "vkey", "\(log)\n"),
        ("guard", "file-name", "\(guardName)\n"),
        ("guard", "guard", String(decoding: checkpoint.bytes, as: UTF8.self)),
        ("onus-receipt", "vkey", "\(log)\n"),
        ("onus-receipt", "receipt", String(decoding: receipt.bytes, as: UTF8.self)),
      ]
    }
  }

  /// Hexadecimal, 32 bytes on a line.
  static func wrapped(_ bytes: [UInt8]) -> String {
    stride(from: 0, to: bytes.count, by: 32).map {
      Hex.encode(bytes[$0..<min($0 + 32, bytes.count)]) + "\n"
    }.joined()
  }
}

@Suite struct `The pages of the formats` {
  /// The fenced block with this tag in a page of `docs/formats`.
  static func block(_ tag: String, in page: String) throws -> String {
    let folder = URL(filePath: #filePath).resolvingSymlinksInPath()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let url = folder.appending(path: "docs/formats/\(page).md")
    let text = String(decoding: try Data(contentsOf: url), as: UTF8.self)
    let start = try #require(text.firstRange(of: "\n```\(tag)\n"), "no block \(tag) in \(page).md")
    let rest = text[start.upperBound...]
    let end = try #require(rest.firstRange(of: "\n```\n"))
    return String(rest[..<end.lowerBound]) + "\n"
  }

  @Test func `show the bytes that the code makes`() throws {
    for (page, tag, text) in try ExampleLedger().blocks {
      #expect(try Self.block(tag, in: page).utf8.elementsEqual(text.utf8), "\(page): \(tag)")
    }
  }

  @Test func `show a submission that parses and is signed`() throws {
    let bytes = Array(try Self.block("submission", in: "submission").utf8)
    let key = try VerifierKey(String(try Self.block("vkey", in: "submission").dropLast()))
    let submission = try Submission(bytes)
    #expect(submission.isSigned(0, by: key.publicKey))
    #expect(submission.author.key == key.keyName)
  }

  @Test func `show an entry whose note is that submission`() throws {
    let entry = try Entry(Array(try Self.block("entry", in: "entry").utf8))
    #expect(entry.submission.bytes == Array(try Self.block("submission", in: "submission").utf8))
  }

  @Test func `show a seal that opens to the text the page gives`() throws {
    let content = try Self.block("content", in: "seal").split(separator: "\n").joined()
    let salt = try #require(Base64.decode(String(try Self.block("salt", in: "seal").dropLast())))
    let opening = try Opening(
      media: "text/plain", salt: salt, content: try #require(Hex.decode(content)))
    #expect(opening.text == "Bridge deck poured.\n")
    let seal = try #require(
      try Submission(Array(Self.block("submission", in: "submission").utf8)).seals.first)
    try seal.check(opening, by: try ExampleLedger().author.keyName)
    #expect("\(seal.commitment)\n" == (try Self.block("commitment", in: "seal")))
  }

  @Test func `show a receipt that holds for that submission`() throws {
    let receipt = try Receipt(Array(try Self.block("receipt", in: "onus-receipt").utf8))
    let key = try VerifierKey(String(try Self.block("vkey", in: "onus-receipt").dropLast()))
    let note = Array(try Self.block("submission", in: "submission").utf8)
    #expect(try receipt.check(note: note, logKey: key).index == 2)
  }

  @Test func `show a guard that is read from the file it names`() throws {
    let folder = TemporaryFolder()
    let key = try VerifierKey(String(try Self.block("vkey", in: "guard").dropLast()))
    let name = String(try Self.block("file-name", in: "guard").dropLast())
    try folder.write(Array(try Self.block("guard", in: "guard").utf8), to: name)
    #expect(try Guard(folder: folder.path, logKey: key).read()?.checkpoint.size == 3)
  }
}
