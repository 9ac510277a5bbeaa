import Accountability
import Cryptography
import Encoding
import Ledger
import Testing
import TransparencyLog

@Suite struct `An entry` {
  let submission: Submission
  let root = SHA256.hash([7])
  let time: Timestamp

  init() throws {
    let key = try SigningKey(seed: [UInt8](repeating: 3, count: 32))
    let vkey = try VerifierKey(name: "D03", publicKey: key.publicKey)
    time = try #require(Timestamp("2026-11-22T03:00:01.412Z"))
    submission = try Submission.sign(
      at: time, by: [SubmissionSigner(vkey, key, n: 1)], seen: .init(size: 5, root: root),
      events: [Event(type: "note.added", subject: .none, data: [:])])
  }

  var entry: Entry { Entry(index: 412, time: time, root: root, submission: submission) }

  @Test func `has exactly these bytes`() {
    let header = "onus/entry/v1\nindex 412\ntime 2026-11-22T03:00:01.412Z\nroot \(root)\n\n"
    #expect(entry.bytes == Array(header.utf8) + submission.bytes)
    #expect(entry.headerBytes.elementsEqual(header.utf8))
    #expect(entry.leafHash == SHA256.hash([0] + entry.bytes))
  }

  @Test func `reads what it wrote`() throws {
    let read = try Entry(entry.bytes)
    #expect(read == entry)
    #expect(read.index == 412)
    #expect(read.time == time)
    #expect(read.root == root)
    #expect(read.submission == submission)
    #expect(try EntryHeader(Array(entry.headerBytes)) == entry.header)
  }

  @Test func `refuses every truncation`() {
    for count in 0..<entry.bytes.count {
      #expect(throws: LedgerError.self) { try Entry(Array(entry.bytes[..<count])) }
    }
  }

  @Test func `is another one, or none, after any bit is flipped`() throws {
    for index in entry.bytes.indices {
      for bit in 0..<8 {
        var bytes = entry.bytes
        bytes[index] ^= 1 << UInt8(bit)
        guard let parsed = try? Entry(bytes) else { continue }
        #expect(parsed.header.bytes + parsed.submission.bytes == bytes)
      }
    }
  }

  @Test(arguments: [
    ("onus/entry/v1", "onus/entry/v2", 1), ("index 412", "index 0412", 2),
    ("index 412", "index +412", 2), ("index 412", "index -1", 2), ("index 412", "index ", 2),
    ("index 412", "index 9007199254740992", 2), ("index 412", "Index 412", 2),
    ("index 412", "index 412 ", 2), ("index 412", "index 99999999999999999999", 2),
    ("time 2026", "time 2026-", 3), ("412Z", "41Z", 3), ("time ", "time  ", 3),
    ("root ", "root  ", 4), ("=\n\n", "\n\n", 4), ("=\n\n", "=\n", 5), ("=\n\n", "= \n\n", 4),
  ])
  func `refuses a header that is written in another way`(
    old: String, new: String, line: Int
  ) throws {
    let header = String(decoding: entry.headerBytes, as: UTF8.self).replacing(old, with: new)
    let bytes = Array(header.utf8) + submission.bytes
    let error = #expect(throws: LedgerError.self) { try Entry(bytes) }
    #expect(error?.line == line)
  }

  @Test func `counts the lines of its note on from the header`() throws {
    var bytes = entry.bytes
    let brace = try #require(bytes.firstIndex(of: UInt8(ascii: "{")))
    bytes[brace] = UInt8(ascii: "[")
    let error = #expect(throws: LedgerError.self) { try Entry(bytes) }
    #expect(error?.line == 7)
  }

  @Test func `of the largest submission is a leaf that fits`() {
    #expect(EntryHeader.maximumByteCount + Limits.submissionByteCount <= Limits.leafByteCount)
    let header = EntryHeader(index: UInt64(Limits.number), time: time, root: root)
    #expect(header.bytes.count <= EntryHeader.maximumByteCount)
    #expect(throws: Never.self) { try EntryHeader(header.bytes) }
  }
}

@Suite struct `A carried submission` {
  let key: SigningKey
  let vkey: VerifierKey
  let salt = [UInt8](repeating: 5, count: 32)

  init() throws {
    key = try SigningKey(seed: [UInt8](repeating: 3, count: 32))
    vkey = try VerifierKey(name: "D03", publicKey: key.publicKey)
  }

  func submission(_ seals: [Seal]) throws -> Submission {
    try Submission.sign(
      at: Timestamp(milliseconds: 0), by: [SubmissionSigner(vkey, key, n: 1)],
      seen: .init(size: 1, root: SHA256.hash([1])),
      events: [
        Event(
          type: "note.added", subject: .none, data: ["seals": .array(seals.map(\.json))])
      ])
  }

  @Test func `has exactly these bytes and reads them`() throws {
    let text = try Opening.text("done", salt: salt)
    let file = try Opening(media: "image/jpeg", salt: salt.reversed(), content: [10, 10, 0, 255])
    let submission = try submission([
      .text(text, by: vkey.keyName), .file(file, by: vkey.keyName),
    ])
    let carried = try CarriedSubmission(submission, openings: [text, file])
    let header = """
      onus/carried/v1
      note \(submission.bytes.count)
      opening text/plain 256 \(Base64.encode(salt))
      opening image/jpeg 4 \(Base64.encode(salt))


      """
    #expect(carried.bytes == Array(header.utf8) + submission.bytes + text.content + file.content)
    #expect(try CarriedSubmission(carried.bytes) == carried)
    #expect(
      carried.openingsByCommitment.map(\.commitment)
        == [text.commitment(by: vkey.keyName), file.commitment(by: vkey.keyName)])
  }

  @Test func `may bring nothing`() throws {
    let carried = try CarriedSubmission(submission([]))
    #expect(try CarriedSubmission(carried.bytes) == carried)
  }

  @Test func `refuses an opening of another seal, and the same twice`() throws {
    let text = try Opening.text("done", salt: salt)
    let other = try Opening.text("undone", salt: salt)
    let submission = try submission([.text(text, by: vkey.keyName)])
    for openings in [[other], [text, other], [text, text]] {
      let error = #expect(throws: LedgerError.self) {
        try CarriedSubmission(submission, openings: openings)
      }
      #expect(error?.code == .wrongOpening)
    }
  }

  @Test func `refuses every truncation, and anything after its end`() throws {
    let text = try Opening.text("done", salt: salt)
    let bytes = try CarriedSubmission(
      submission([.text(text, by: vkey.keyName)]), openings: [text]
    ).bytes
    for count in 0..<bytes.count {
      #expect(throws: LedgerError.self) { try CarriedSubmission(Array(bytes[..<count])) }
    }
    #expect(throws: LedgerError.self) { try CarriedSubmission(bytes + [0]) }
  }

  @Test(arguments: [
    ("note ", "note 0"), ("note ", "note  "), ("opening ", "Opening "),
    ("text/plain", "text/html"), (" 256 ", " 0256 "), (" 256 ", " 257 "), (" 256 ", " -1 "),
    (" 256 ", " 99999999999999999999 "), ("=\n\n", "=\n"), ("onus/carried/v1", "onus/carried/v2"),
  ])
  func `refuses a header that is written in another way`(old: String, new: String) throws {
    let text = try Opening.text("done", salt: salt)
    let carried = try CarriedSubmission(
      submission([.text(text, by: vkey.keyName)]), openings: [text])
    let headerCount = carried.bytes.count - carried.submission.bytes.count - 256
    let header = String(decoding: carried.bytes[..<headerCount], as: UTF8.self)
    #expect(header.contains(old))
    let bytes = Array(header.replacing(old, with: new).utf8) + carried.bytes[headerCount...]
    #expect(throws: LedgerError.self) { try CarriedSubmission(bytes) }
  }
}
