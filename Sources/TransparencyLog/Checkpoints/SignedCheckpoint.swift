public import Cryptography

/// A checkpoint as a log publishes it: a signed note, kept verbatim, and what its text says.
public struct SignedCheckpoint: Hashable, Sendable {
  /// The note, byte for byte.
  public let note: SignedNote
  /// What its text says.
  public let checkpoint: Checkpoint

  /// Parses a signed checkpoint. No signature is verified; lines of unknown keys are kept.
  public init(_ bytes: [UInt8], allowingExtensions: Bool = false) throws(NoteError) {
    try self.init(SignedNote(bytes), allowingExtensions: allowingExtensions)
  }

  /// The checkpoint in a note that is already parsed.
  public init(
    _ note: SignedNote, allowingExtensions: Bool = false, allowingAnyEmptyRoot: Bool = false
  ) throws(NoteError) {
    self.note = note
    self.checkpoint = try Checkpoint(
      text: note.text, allowingExtensions: allowingExtensions,
      allowingAnyEmptyRoot: allowingAnyEmptyRoot)
  }

  /// The note's bytes.
  public var bytes: [UInt8] { note.bytes }

  /// Signs a checkpoint with the key of its log; the key's name is the origin.
  ///
  /// Throws if the origin cannot be the name of a key: it is empty, or has a space or a plus sign
  /// in it.
  public static func sign(
    _ checkpoint: Checkpoint, with key: SigningKey
  ) throws(NoteError) -> SignedCheckpoint {
    let verifierKey: VerifierKey
    do {
      verifierKey = try VerifierKey(name: checkpoint.origin, publicKey: key.publicKey)
    } catch {
      throw NoteError(.malformedCheckpoint, error.message)
    }
    return try SignedCheckpoint(SignedNote.sign(checkpoint.text, with: [(verifierKey, key)]))
  }

  /// The same checkpoint with more signature lines, as a witness adds its own.
  public func adding(_ more: [NoteSignature]) throws(NoteError) -> SignedCheckpoint {
    let note = try note.adding(more)
    return try SignedCheckpoint(note, allowingExtensions: !checkpoint.extensions.isEmpty)
  }

  /// The same as the log made it: with its own signature alone, whoever has cosigned it since.
  ///
  /// Throws `malformedNote` if no line of the log's is there.
  public func signed(onlyBy log: VerifierKey) throws(NoteError) -> SignedCheckpoint {
    let own = note.signatures.filter { $0.claims(log) }.prefix(1)
    let note = try SignedNote(text: Array(note.text), signatures: Array(own))
    return try SignedCheckpoint(note, allowingExtensions: !checkpoint.extensions.isEmpty)
  }

  /// Whether this is a checkpoint of the log with this key: the origin is the key's name, byte for
  /// byte, and the key has signed.
  public func isSigned(by log: VerifierKey) -> Bool {
    checkpoint.origin.utf8.elementsEqual(log.name.utf8) && note.isSigned(by: log)
  }
}
