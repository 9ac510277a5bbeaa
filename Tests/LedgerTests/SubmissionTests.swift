import Accountability
import Cryptography
import Encoding
import Ledger
import Testing
import TransparencyLog

@Suite struct `A submission` {
  let d03: (vkey: VerifierKey, key: SigningKey)
  let d04: (vkey: VerifierKey, key: SigningKey)
  let seen = Submission.Seen(size: 412, root: SHA256.hash([1, 2, 3]))
  let event = Event(
    type: "progress.reported", subject: .task(TaskID("O03-T04") ?? { fatalError() }()),
    data: ["percent": .integer(60), "period": .string("2026-10")])

  init() throws {
    func make(_ name: String, _ seed: UInt8) throws -> (VerifierKey, SigningKey) {
      let key = try SigningKey(seed: [UInt8](repeating: seed, count: 32))
      return (try VerifierKey(name: name, publicKey: key.publicKey), key)
    }
    d03 = try make("D03", 3)
    d04 = try make("D04", 4)
  }

  func at() throws -> Timestamp { try #require(Timestamp("2026-11-22T03:00:00.000Z")) }

  func sign(n: UInt64 = 17, events: [Event]? = nil) throws -> Submission {
    try Submission.sign(
      at: at(), by: [SubmissionSigner(d03.vkey, d03.key, n: n)], seen: seen,
      events: events ?? [event])
  }

  /// Signs any text with D03's key, whatever it says.
  func signed(_ text: String) throws -> [UInt8] {
    try SignedNote.sign(Array(text.utf8), with: [(d03.vkey, d03.key)]).bytes
  }

  func header(_ extra: String = "", by: String? = nil, seen: String? = nil) -> String {
    let by = by ?? #"[{"key":"\#(d03.vkey.keyName)","n":17}]"#
    let seen = seen ?? #"{"root":"\#(self.seen.root)","size":412}"#
    return #"{"at":"2026-11-22T03:00:00.000Z","by":\#(by),\#(extra)"seen":\#(seen)}"#
  }

  let line =
    #"{"data":{"percent":60,"period":"2026-10"},"task":"O03-T04","type":"progress.reported"}"#

  func refusal(_ text: String) throws -> LedgerError? {
    let bytes = try signed(text)
    return #expect(throws: LedgerError.self) { try Submission(bytes) }
  }

  @Test func `has exactly these bytes`() throws {
    let submission = try sign()
    let text = "onus/submission/v1\n\(header())\n\(line)\n"
    #expect(submission.note.text.elementsEqual(text.utf8))
    #expect(submission.bytes == (try signed(text)))
  }

  @Test func `reads what it wrote`() throws {
    let submission = try Submission(sign().bytes)
    #expect(submission.at == (try at()))
    #expect(submission.by == [.init(key: d03.vkey.keyName, n: 17)])
    #expect(submission.seen == seen)
    #expect(submission.events == [event])
    #expect(submission.isSigned(0, by: d03.vkey.publicKey))
    #expect(!submission.isSigned(0, by: d04.vkey.publicKey))
    #expect(!submission.isSigned(1, by: d03.vkey.publicKey))
  }

  @Test func `carries two signatures in the order of by`() throws {
    let submission = try Submission.sign(
      at: at(),
      by: [SubmissionSigner(d03.vkey, d03.key, n: 1), SubmissionSigner(d04.vkey, d04.key, n: 2)],
      seen: seen, events: [event])
    #expect(submission.isSigned(0, by: d03.vkey.publicKey))
    #expect(submission.isSigned(1, by: d04.vkey.publicKey))
    let lines = submission.note.signatures
    for wrong in [[lines[0]], [lines[1], lines[0]], [lines[0], lines[0]], lines + [lines[0]]] {
      let bytes = try SignedNote(text: Array(submission.note.text), signatures: wrong).bytes
      let error = #expect(throws: LedgerError.self) { try Submission(bytes) }
      #expect(error?.code == .wrongSignatureLines)
    }
  }

  @Test func `refuses a signature line of another length`() throws {
    let note = try sign().note
    for payload in [note.signatures[0].payload + [0], Array(note.signatures[0].payload.dropLast())]
    {
      let line = try NoteSignature(name: "D03", id: d03.vkey.id, payload: payload)
      let bytes = try SignedNote(text: Array(note.text), signatures: [line]).bytes
      let error = #expect(throws: LedgerError.self) { try Submission(bytes) }
      #expect(error?.code == .wrongSignatureLines)
      #expect(error?.line == 5)
    }
  }

  @Test func `refuses every truncation and every extension`() throws {
    let bytes = try sign().bytes
    for count in 0..<bytes.count {
      #expect(throws: LedgerError.self) { try Submission(Array(bytes[..<count])) }
    }
    for byte in [0, 10, 32, 65] as [UInt8] {
      #expect(throws: LedgerError.self) { try Submission(bytes + [byte]) }
    }
  }

  @Test func `is another one, or none, after any bit is flipped`() throws {
    let original = try sign()
    for index in original.bytes.indices {
      for bit in 0..<8 {
        var bytes = original.bytes
        bytes[index] ^= 1 << UInt8(bit)
        guard let parsed = try? Submission(bytes) else { continue }
        #expect(parsed.bytes == bytes)
        #expect(!parsed.isSigned(0, by: d03.vkey.publicKey), "byte \(index), bit \(bit)")
      }
    }
  }

  @Test(arguments: [
    #"{"at":"2026-11-22T03:00:00.000Z","by":[]}"#,
    #"[]"#, #"{}"#, #"7"#, "",
  ])
  func `refuses a header of another shape`(header: String) throws {
    let error = try refusal("onus/submission/v1\n\(header)\n\(line)\n")
    #expect(error?.line == 2)
  }

  @Test func `refuses a header with a further member, or a space`() throws {
    #expect(try refusal("onus/submission/v1\n\(header(#""no":1,"#))\n\(line)\n")?.line == 2)
    #expect(try refusal("onus/submission/v1\n\(header()) \n\(line)\n")?.line == 2)
    #expect(try refusal("onus/submission/v1\n \(header())\n\(line)\n")?.line == 2)
    #expect(try refusal("onus/submission/v2\n\(header())\n\(line)\n")?.line == 1)
    #expect(try refusal("onus/submission/v1\n\(header())\n")?.line == 3)
    #expect(try refusal("onus/submission/v1\n")?.line == 2)
  }

  @Test func `refuses by that is empty, doubled, too long or out of form`() throws {
    let key = d03.vkey.keyName
    let wrong = [
      "[]",
      #"[{"key":"\#(key)","n":1},{"key":"\#(key)","n":2}]"#,
      #"[{"key":"\#(key)","n":0}]"#, #"[{"key":"\#(key)","n":-1}]"#,
      #"[{"key":"\#(key)","n":"1"}]"#, #"[{"key":"\#(key)"}]"#,
      #"[{"extra":1,"key":"\#(key)","n":1}]"#, #"["\#(key)"]"#,
      #"[{"key":"D03","n":1}]"#, #"[{"key":"D03+1A2B3C4D","n":1}]"#,
      #"[{"key":"../D03+1a2b3c4d","n":1}]"#, #"[{"key":"+1a2b3c4d","n":1}]"#,
      "[" + (0..<17).map { #"{"key":"D\#($0)+00000001","n":1}"# }.joined(separator: ",") + "]",
    ]
    for by in wrong {
      let error = try refusal("onus/submission/v1\n\(header(by: by))\n\(line)\n")
      #expect(error?.line == 2, "\(by)")
    }
  }

  @Test func `refuses seen that is out of form, and a size of 0 with another root`() throws {
    let wrong = [
      #"{"root":"\#(seen.root)","size":-1}"#, #"{"root":"\#(seen.root)","size":0}"#,
      #"{"root":"x","size":1}"#, #"{"size":1}"#, #"{"root":"\#(seen.root)"}"#,
      #"{"root":"\#(seen.root)","size":9007199254740992}"#,
      #"{"more":1,"root":"\#(seen.root)","size":1}"#, #"[]"#,
    ]
    for seen in wrong {
      let error = try refusal("onus/submission/v1\n\(header(seen: seen))\n\(line)\n")
      #expect(error?.line == 2, "\(seen)")
    }
    let opening = #"{"root":"\#(MerkleTree.emptyRoot)","size":0}"#
    let bytes = try signed("onus/submission/v1\n\(header(seen: opening))\n\(line)\n")
    #expect(try Submission(bytes).seen == .nothing)
  }

  @Test func `refuses a time that is not one`() throws {
    for at in ["2026-11-22T03:00:60.000Z", "2026-11-22T03:00:00Z", "2026-02-30T00:00:00.000Z", ""] {
      let header = header().replacing("2026-11-22T03:00:00.000Z", with: at)
      #expect(try refusal("onus/submission/v1\n\(header)\n\(line)\n")?.line == 2)
    }
  }

  @Test(arguments: [
    #"{"type":"note.added"}"#, #"{"data":{}}"#, #"{"data":{},"more":1,"type":"note.added"}"#,
    #"{"data":{},"org":"D1","task":"T1","type":"note.added"}"#,
    #"{"data":{},"task":"a/b","type":"note.added"}"#, #"{"data":{},"type":"Note Added"}"#,
    #"{"type":"note.added","data":{}}"#, #"{"data":{"a":1,"a":2},"type":"note.added"}"#,
    #"{"data":{"a":null},"type":"note.added"}"#, #"{"data":{"a":1.5},"type":"note.added"}"#,
    #"{"data":{"a":"\u202e"},"type":"note.added"}"#, #"{"data":[],"type":"note.added"}"#, "", "{",
  ])
  func `refuses an event line that is not one, naming it`(wrong: String) throws {
    let error = try refusal("onus/submission/v1\n\(header())\n\(line)\n\(wrong)\n\(line)\n")
    #expect(error?.line == 4)
  }

  @Test func `carries an event of a type that nobody knows`() throws {
    let unknown = Event(type: "moon.landed", subject: .none, data: ["crew": .integer(3)])
    #expect(try sign(events: [unknown, event]).events == [unknown, event])
  }

  @Test func `holds 256 events and no more`() throws {
    let small = Event(type: "note.added", subject: .none, data: [:])
    #expect(try sign(events: [Event](repeating: small, count: 256)).events.count == 256)
    let error = #expect(throws: LedgerError.self) {
      try sign(events: [Event](repeating: small, count: 257))
    }
    #expect(error?.code == .tooLong)
    #expect(error?.line == 259)
  }

  @Test func `holds 60000 bytes and no more`() throws {
    func note(_ count: Int) throws -> [UInt8] {
      let text = String(repeating: "x", count: count)
      let line = #"{"data":{"text":"\#(text)"},"type":"note.added"}"#
      return try signed("onus/submission/v1\n\(header())\n\(line)\n")
    }
    let overhead = try note(1).count - 1
    #expect(try Submission(note(60_000 - overhead)).bytes.count == 60_000)
    let bytes = try note(60_001 - overhead)
    let error = #expect(throws: LedgerError.self) { try Submission(bytes) }
    #expect(error?.code == .tooLong)
  }

  @Test func `refuses control bytes, bytes that are not UTF-8 and a carriage return`() throws {
    let bytes = try sign().bytes
    for byte in [0, 9, 13, 0x1F, 0x7F, 0x80, 0xFF] as [UInt8] {
      var changed = bytes
      changed[30] = byte
      #expect(throws: LedgerError.self) { try Submission(changed) }
    }
  }

  @Test func `does not sign what it would not read`() throws {
    #expect(throws: LedgerError.self) { try sign(n: 0) }
    #expect(throws: LedgerError.self) { try sign(events: []) }
    #expect(throws: LedgerError.self) {
      try Submission.sign(at: at(), by: [], seen: seen, events: [event])
    }
    #expect(throws: LedgerError.self) {
      try Submission.sign(
        at: at(), by: [SubmissionSigner(d03.vkey, d04.key, n: 1)], seen: seen, events: [event])
    }
  }
}
