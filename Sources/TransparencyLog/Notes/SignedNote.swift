public import Cryptography

/// A text signed by one or more keys (c2sp.org/signed-note).
///
/// ```
/// This is an example message.
///
/// — example.com/foo Uw2QOkn8srV1yJGh…IneyaQM=
/// ```
///
/// The text runs to its last blank line and includes its own final LF; that is what is signed. The
/// exact bytes are kept and nothing is ever re-encoded in order to be verified.
/// `docs/formats/signed-note.md` describes the form byte for byte.
public struct SignedNote: Hashable, Sendable {
  /// The most signature lines a note may have. The specification asks for at least 16.
  public static let maximumSignatureCount = 64

  /// The note as it was read or made, where it lies in what it was read from; nothing is copied.
  ///
  /// The slice shares the memory of the whole array and keeps all of it alive as long as the note, or a
  /// copy of it, is: a note out of a chunk of the log holds the chunk. Its indices are the array's and do
  /// not begin at 0. Nobody can change the bytes through it, nor under it: who writes into the array gets
  /// a copy. ``bytes`` holds nothing but the note.
  package let slice: ArraySlice<UInt8>
  /// The signature lines, in the note's order; at least one. Not verified.
  public let signatures: [NoteSignature]
  /// What is signed: everything before the blank line, with its final LF. It shares the memory of what
  /// the note was read from, and keeps all of that alive; its indices need not begin at 0.
  public let text: ArraySlice<UInt8>

  /// Parses a note, accepting exactly one encoding of it.
  ///
  /// Throws `tooLong` beyond `maximumByteCount` bytes or 64 signatures, `forbiddenByte` for bytes
  /// that are not UTF-8 or below 0x20 (but LF), `malformedNote` without a blank line or a final LF,
  /// and `malformedSignature`. No signature is verified.
  public init(_ bytes: [UInt8], maximumByteCount: Int = 1_000_000) throws(NoteError) {
    try self.init(bytes[...], maximumByteCount: maximumByteCount)
  }

  /// Parses a note that is a part of something longer, without copying it out: the note keeps all of
  /// that in memory.
  ///
  /// Accepts and throws what the note alone would.
  public init(
    _ bytes: ArraySlice<UInt8>, maximumByteCount: Int = 1_000_000
  ) throws(NoteError) {
    guard bytes.count <= maximumByteCount else {
      throw NoteError(.tooLong, "A note may have at most \(maximumByteCount) bytes.")
    }
    try Self.checkBytes(bytes)
    guard let endOfText = Self.endOfText(bytes) else {
      throw NoteError(
        .malformedNote, "A note is a text that ends in a line feed, a blank line, and signatures.")
    }
    slice = bytes
    text = bytes[..<endOfText]
    try Self.requireUTF8(text)
    let block = bytes[(endOfText + 1)...]
    do {
      signatures = try Self.parseSignatures(block)
    } catch {
      try Self.requireUTF8(block)
      throw error
    }
  }

  /// Joins a text and signature lines into a note. No signature is verified.
  ///
  /// The text must not be empty and must end in LF; there must be at least one signature.
  public init(text: [UInt8], signatures: [NoteSignature]) throws(NoteError) {
    guard text.last == ASCII.lineFeed else {
      throw NoteError(.malformedNote, "The text of a note ends in a line feed.")
    }
    guard !signatures.isEmpty else {
      throw NoteError(.malformedNote, "A note has at least one signature.")
    }
    let bytes = text + [ASCII.lineFeed] + signatures.flatMap(\.line)
    try self.init(bytes, maximumByteCount: .max)
  }

  /// The note as it was read or made, in an array that holds nothing of what lay around it: copied each
  /// time where it was a part of something longer.
  public var bytes: [UInt8] { Array(slice) }

  /// Signs a text with each key, in this order.
  ///
  /// Throws `wrongKey` when a private key does not belong to the verifier key beside it.
  public static func sign(
    _ text: [UInt8], with keys: [(VerifierKey, SigningKey)]
  ) throws(NoteError) -> SignedNote {
    var signatures: [NoteSignature] = []
    for (verifierKey, signingKey) in keys {
      guard signingKey.publicKey == verifierKey.publicKey else {
        throw NoteError(.wrongKey, "The private key does not belong to \(verifierKey.keyName).")
      }
      let payload = Array(signingKey.sign(text).bytes)
      signatures.append(
        try NoteSignature(name: verifierKey.name, id: verifierKey.id, payload: payload))
    }
    return try SignedNote(text: text, signatures: signatures)
  }

  /// The same text with more signature lines after the ones it has, as a witness adds its own.
  public func adding(_ more: [NoteSignature]) throws(NoteError) -> SignedNote {
    try SignedNote(text: Array(text), signatures: signatures + more)
  }

  /// Whether the note is signed by this Ed25519 key: at least one line bears its name and id, and
  /// every such line verifies. Lines of other keys are ignored.
  public func isSigned(by key: VerifierKey) -> Bool {
    let claims = signatures.filter { $0.claims(key) }
    guard !claims.isEmpty else { return false }
    return claims.allSatisfy { claim in
      guard let signature = Signature(claim.payload) else { return false }
      return key.publicKey.isValid(signature, for: text)
    }
  }

  /// Compares the bytes.
  public static func == (left: SignedNote, right: SignedNote) -> Bool { left.slice == right.slice }

  /// Hashes the bytes.
  public func hash(into hasher: inout Hasher) { hasher.combine(slice) }
}

extension SignedNote {
  private static func checkBytes(_ bytes: ArraySlice<UInt8>) throws(NoteError) {
    // Every byte in one pass without a branch: what most notes hold needs nothing more.
    var isForbidden: UInt8 = 0
    for byte in bytes {
      isForbidden |= (byte < 0x20 ? 1 : 0) & (byte == ASCII.lineFeed ? 0 : 1)
    }
    guard isForbidden == 0 else {
      throw NoteError(.forbiddenByte, "A note has no control byte but the line feed.")
    }
  }

  /// Throws unless the bytes are UTF-8; of a signature block that could be parsed, they are.
  private static func requireUTF8(_ bytes: ArraySlice<UInt8>) throws(NoteError) {
    var high: UInt8 = 0
    for byte in bytes { high |= byte }
    guard high >= 0x80 else { return }
    do {
      _ = try UTF8Span(validating: bytes.span)
    } catch {
      throw NoteError(.forbiddenByte, "A note is valid UTF-8.")
    }
  }

  /// Where the last blank line stands, or nil if there is none.
  ///
  /// The last of two adjacent line feeds: a text may hold blank lines of its own, a signature block
  /// cannot.
  private static func endOfText(_ bytes: ArraySlice<UInt8>) -> Int? {
    var index = bytes.endIndex - 1
    while index > bytes.startIndex {
      if bytes[index] == ASCII.lineFeed, bytes[index - 1] == ASCII.lineFeed { return index }
      index -= 1
    }
    return nil
  }

  private static func parseSignatures(
    _ block: ArraySlice<UInt8>
  ) throws(NoteError) -> [NoteSignature] {
    var lines = LineReader(block)
    var signatures: [NoteSignature] = []
    while let line = lines.next() {
      guard signatures.count < maximumSignatureCount else {
        throw NoteError(.tooLong, "A note has at most \(maximumSignatureCount) signatures.")
      }
      signatures.append(try NoteSignature(line: line))
    }
    guard lines.rest.isEmpty else {
      throw NoteError(.malformedNote, "The last signature line ends in a line feed.")
    }
    guard !signatures.isEmpty else {
      throw NoteError(.malformedNote, "A note has at least one signature after its blank line.")
    }
    return signatures
  }
}
