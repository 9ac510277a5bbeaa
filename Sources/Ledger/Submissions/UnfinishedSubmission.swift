public import Accountability
public import Cryptography
public import Encoding
internal import TransparencyLog

/// A submission that not every key of its `by` has signed yet, as a file to carry from one signer to
/// the next: nobody's private key leaves its machine.
///
/// The bytes are those of a ``CarriedSubmission`` with another first line, and with the signature
/// lines of those who have signed, in the order of `by`. The text is fixed by the first signer; a
/// further one can only sign it as it stands. No ledger takes it until all have signed.
/// `docs/formats/carried-submission.md` describes it.
public struct UnfinishedSubmission: Sendable {
  /// The first line.
  public static let magic = "onus/unfinished/v1"

  private let note: SignedNote
  private let parts: Submission.Parts
  /// The openings of what it seals that came with it.
  public let openings: [Opening]

  /// Begins a submission: the text, and the signatures of those keys of `by` that are at hand.
  ///
  /// - Throws: `LedgerError` if the parts do not make a submission, if nobody is at hand, or if a
  ///   signer is not in `by` with that number.
  public init(
    at: Timestamp, by: [SubmissionFacts.Signer], seen: Submission.Seen, events: [Event],
    signers: [SubmissionSigner], openings: [Opening] = []
  ) throws(LedgerError) {
    let text = Submission.text(at: at, by: by, seen: seen, events: events)
    var lines: [NoteSignature] = []
    for signer in signers { lines.append(try Self.line(of: signer, on: text[...])) }
    try self.init(text: text, lines: lines, openings: openings)
  }

  /// Parses an unfinished submission, accepting exactly one encoding. No signature is verified.
  public init(_ bytes: [UInt8]) throws(LedgerError) {
    let file = try CarriedFile(bytes, magic: Self.magic)
    let note: SignedNote
    do {
      note = try SignedNote(file.note, maximumByteCount: Limits.submissionByteCount)
    } catch {
      throw LedgerError(.malformedCarried, error.message)
    }
    do {
      try self.init(
        text: Array(note.text), lines: note.signatures, openings: file.openings)
    } catch {
      throw file.located(error)
    }
    guard self.bytes == bytes else {
      throw LedgerError(.malformedCarried, "An unfinished submission has exactly one encoding.")
    }
  }

  private init(
    text: [UInt8], lines: [NoteSignature], openings: [Opening]
  ) throws(LedgerError) {
    parts = try Submission.Parts(text[...])
    self.openings = openings
    try Seal.check(openings, of: parts.events, by: parts.by[0].key)
    // In the order of `by`, each once; a line of anybody else is left over.
    let order = parts.by.compactMap { signer in lines.first { $0.keyName == signer.key } }
    guard order.count == lines.count, !lines.isEmpty,
      lines.allSatisfy({ $0.payload.count == Submission.signatureByteCount })
    else {
      throw LedgerError(
        .wrongSignatureLines, "Every signature is of a key that the header lists, each once.")
    }
    do {
      note = try SignedNote(text: text, signatures: order)
    } catch {
      throw LedgerError(.malformedCarried, error.message)
    }
    guard note.bytes.count <= Limits.submissionByteCount else {
      throw LedgerError(
        .tooLong, "A submission has at most \(Limits.submissionByteCount) bytes.")
    }
  }

  /// Who must sign, the author first.
  public var by: [SubmissionFacts.Signer] { parts.by }
  /// What is signed.
  public var text: ArraySlice<UInt8> { note.text }
  /// The author's own clock.
  public var at: Timestamp { parts.at }
  /// What the author had seen, and every further signer with it.
  public var seen: Submission.Seen { parts.seen }
  /// What is said.
  public var events: [Event] { parts.events }

  /// Who has not signed yet, in the order of `by`.
  public var missing: [SubmissionFacts.Signer] {
    parts.by.filter { signer in !note.signatures.contains { $0.keyName == signer.key } }
  }

  /// Whether a key has signed it, and its signature verifies over the text.
  public func isSigned(by vkey: VerifierKey) -> Bool { note.isSigned(by: vkey) }

  /// The file.
  public var bytes: [UInt8] {
    CarriedFile(note: note.bytes, openings: openings).bytes(magic: Self.magic)
  }

  /// The submission, once everybody has signed; `nil` before.
  ///
  /// - Throws: `LedgerError` if an opening that came with it opens none of its seals.
  public func finished() throws(LedgerError) -> CarriedSubmission? {
    guard missing.isEmpty else { return nil }
    return try CarriedSubmission(try Submission(note.bytes), openings: openings)
  }

  /// The same with the signature of one more key.
  ///
  /// - Throws: `LedgerError` unless the header lists that key with that number, and it has not signed.
  public func signed(by signer: SubmissionSigner) throws(LedgerError) -> UnfinishedSubmission {
    let line = try Self.line(of: signer, on: note.text)
    guard
      missing.contains(
        SubmissionFacts.Signer(key: signer.verifierKey.keyName, n: signer.n))
    else {
      throw LedgerError(
        .wrongSignatureLines,
        "The submission does not wait for \(signer.verifierKey.keyName) with number \(signer.n).")
    }
    return try UnfinishedSubmission(
      text: Array(note.text), lines: note.signatures + [line], openings: openings)
  }

  private static func line(
    of signer: SubmissionSigner, on text: ArraySlice<UInt8>
  ) throws(LedgerError) -> NoteSignature {
    guard signer.signingKey.publicKey == signer.verifierKey.publicKey else {
      throw LedgerError(
        .malformedSubmission,
        "The private key does not belong to \(signer.verifierKey.keyName).")
    }
    do throws(NoteError) {
      return try NoteSignature(
        name: signer.verifierKey.name, id: signer.verifierKey.id,
        payload: signer.signingKey.sign(Array(text)).bytes)
    } catch {
      throw LedgerError(.malformedSubmission, error.message)
    }
  }
}
