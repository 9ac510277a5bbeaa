internal import Accountability
internal import Cryptography
internal import Encoding
internal import TransparencyLog

extension Submission {
  /// Parses a submission, accepting exactly one encoding of it.
  ///
  /// Bounds come first, then the form, then the signature lines, which must be those of `by` in its
  /// order. No signature is verified.
  ///
  /// - Throws: `LedgerError` with the line that is wrong.
  public init(_ bytes: [UInt8]) throws(LedgerError) { try self.init(bytes[...]) }

  /// Parses a submission that is a part of something longer, without copying it out.
  ///
  /// - Throws: `LedgerError` with the line that is wrong.
  init(_ bytes: ArraySlice<UInt8>) throws(LedgerError) {
    guard bytes.count <= Limits.submissionByteCount else {
      throw LedgerError(
        .tooLong,
        "A submission has at most \(Limits.submissionByteCount) bytes, and this has \(bytes.count).",
        hint: "Split it into several submissions.")
    }
    let note: SignedNote
    do {
      note = try SignedNote(bytes, maximumByteCount: Limits.submissionByteCount)
    } catch {
      throw LedgerError(.malformedSubmission, error.message)
    }
    try self.init(note)
  }

  /// Parses the submission in a note.
  init(_ note: SignedNote) throws(LedgerError) {
    let parts = try Parts(note.text)
    try Self.checkSignatureLines(note.signatures, parts.by, firstLine: parts.lineCount + 2)
    self.init(note: note, at: parts.at, by: parts.by, seen: parts.seen, events: parts.events)
  }

  /// What the text says, whoever has signed it.
  struct Parts {
    let at: Timestamp
    let by: [SubmissionFacts.Signer]
    let seen: Seen
    let events: [Event]
    /// How many lines it has.
    let lineCount: Int
  }

  /// An Ed25519 signature; with the key's id a line carries 68 bytes.
  static let signatureByteCount = 64
}

extension Submission.Parts {
  /// Parses the text of a submission, accepting exactly one encoding of it.
  init(_ text: ArraySlice<UInt8>) throws(LedgerError) {
    guard text.starts(with: Submission.magicLine) else {
      throw LedgerError(
        .malformedSubmission, "The first line of a submission is \(Submission.magic).", line: 1)
    }
    var position = text.startIndex + Submission.magicLine.count
    var line = 2
    guard let header = Submission.nextLine(text, &position) else {
      throw LedgerError(.malformedSubmission, "A submission has a header.", line: line)
    }
    let (at, by, seen) =
      if let parts = HeaderText.parse(header) { parts } else { try Submission.parseHeader(header) }
    var events: [Event] = []
    while let eventLine = Submission.nextLine(text, &position) {
      line += 1
      guard events.count < Limits.eventCount else {
        throw LedgerError(
          .tooLong, "A submission has at most \(Limits.eventCount) events.", line: line)
      }
      if let event = Event(line: eventLine.span) {
        events.append(event)
        continue
      }
      do {
        events.append(try Event(try Submission.parseJSON(eventLine, line: line)))
      } catch let error as LedgerError {
        throw error
      } catch let error as Refusal {
        throw LedgerError(.malformedSubmission, error.message, hint: error.hint, line: line)
      } catch {
        throw LedgerError(.malformedSubmission, "The line is not an event.", line: line)
      }
    }
    guard !events.isEmpty else {
      throw LedgerError(.malformedSubmission, "A submission has at least one event.", line: 3)
    }
    self.init(at: at, by: by, seen: seen, events: events, lineCount: line)
  }
}

extension Submission {
  fileprivate static let magicLine = Array("\(magic)\n".utf8)

  /// The bytes up to the next LF, which is consumed; the text of a note always ends in one.
  fileprivate static func nextLine(
    _ text: ArraySlice<UInt8>, _ position: inout Int
  ) -> ArraySlice<UInt8>? {
    guard position < text.endIndex,
      let end = text[position...].firstIndex(of: UInt8(ascii: "\n"))
    else { return nil }
    defer { position = end + 1 }
    return text[position..<end]
  }

  fileprivate static func parseJSON(
    _ bytes: ArraySlice<UInt8>, line: Int
  ) throws(LedgerError) -> JSONValue {
    do {
      return try CanonicalJSON.parse(bytes)
    } catch {
      throw LedgerError(
        .malformedSubmission, "At byte \(error.offset): \(error.message)", line: line)
    }
  }

  /// Reads a header by way of a JSON value, which says what is wrong where ``HeaderText`` gives up.
  static func parseHeader(
    _ line: ArraySlice<UInt8>
  ) throws(LedgerError) -> (at: Timestamp, by: [SubmissionFacts.Signer], seen: Seen) {
    guard let header = try parseJSON(line, line: 2).object, header.members.count == 3,
      let atText = header["at"]?.string, let signers = header["by"]?.array,
      let seen = header["seen"]?.object
    else {
      throw wrongHeader("The header has exactly the members at, by and seen.")
    }
    guard let at = Timestamp(atText) else {
      throw wrongHeader("`at` is a time such as 2026-11-22T03:00:00.000Z.")
    }
    guard (1...Limits.signerCount).contains(signers.count) else {
      throw wrongHeader("`by` lists 1 to \(Limits.signerCount) keys.")
    }
    var by: [SubmissionFacts.Signer] = []
    for signer in signers {
      let signer = try parseSigner(signer)
      guard !by.contains(where: { $0.key == signer.key }) else {
        throw wrongHeader("`by` lists the key \(signer.key) twice.")
      }
      by.append(signer)
    }
    guard seen.members.count == 2, let size = seen["size"]?.integer, size >= 0,
      let root = seen["root"]?.string.flatMap({ Digest(base64: $0) }),
      size > 0 || root == MerkleTree.emptyRoot
    else {
      throw wrongHeader("`seen` has exactly the members root, a digest in base64, and size.")
    }
    return (at, by, Seen(size: UInt64(size), root: root))
  }

  private static func parseSigner(
    _ json: JSONValue
  ) throws(LedgerError) -> SubmissionFacts.Signer {
    guard let signer = json.object, signer.members.count == 2,
      let key = signer["key"]?.string.flatMap({ KeyName($0) }), TextRules.isIdentifier(key.name),
      let n = signer["n"]?.integer, n >= 1
    else {
      throw wrongHeader("A member of `by` has a key such as D03+1a2b3c4d and its n, from 1.")
    }
    return SubmissionFacts.Signer(key: key, n: UInt64(n))
  }

  private static func wrongHeader(_ message: String) -> LedgerError {
    LedgerError(.malformedSubmission, message, line: 2)
  }

  /// `by` is inside the signed text, and the lines must be its: so none is stripped or added.
  private static func checkSignatureLines(
    _ lines: [NoteSignature], _ by: [SubmissionFacts.Signer], firstLine: Int
  ) throws(LedgerError) {
    guard lines.count == by.count else {
      throw LedgerError(
        .wrongSignatureLines,
        "The header lists \(by.count) keys, and there are \(lines.count) signature lines.",
        hint: "Every key of `by` signs, in its order, and no other.", line: firstLine)
    }
    for (offset, (signature, signer)) in zip(lines, by).enumerated() {
      guard signature.keyName == signer.key else {
        throw LedgerError(
          .wrongSignatureLines,
          "Signature \(offset + 1) is to be the one of \(signer.key).", line: firstLine + offset)
      }
      guard signature.payload.count == signatureByteCount else {
        throw LedgerError(
          .wrongSignatureLines,
          "A signature line carries 68 bytes: the key's id and 64 of signature.",
          line: firstLine + offset)
      }
    }
  }
}
