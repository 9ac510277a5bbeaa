/// Why some bytes are not a signed note, a checkpoint or a proof, or why one could not be made.
///
/// The code is for a program to branch on; the message is one sentence for a person and says what
/// would have been accepted.
public struct NoteError: Error, Hashable, Sendable {
  /// What went wrong. Open: later versions may add codes.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    /// The stable name of the code, in ASCII.
    public let description: String

    /// More bytes, lines or signatures than the bound allows.
    public static let tooLong = Code(description: "too-long")
    /// A byte that no note may hold: a control byte, or bytes that are not UTF-8.
    public static let forbiddenByte = Code(description: "forbidden-byte")
    /// The text or the signature block is missing or has the wrong shape.
    public static let malformedNote = Code(description: "malformed-note")
    /// A signature line that is not `— name base64`.
    public static let malformedSignature = Code(description: "malformed-signature")
    /// The text of the note is not a checkpoint.
    public static let malformedCheckpoint = Code(description: "malformed-checkpoint")
    /// A checkpoint of no entries that does not state the root of the empty tree.
    public static let wrongEmptyRoot = Code(description: "wrong-empty-root")
    /// The bytes are not a proof in the form asked for.
    public static let malformedProof = Code(description: "malformed-proof")
    /// The bytes are not a policy.
    public static let malformedPolicy = Code(description: "malformed-policy")
    /// A private key that does not belong to the verifier key it was given with.
    public static let wrongKey = Code(description: "wrong-key")
  }

  /// What went wrong.
  public let code: Code
  /// One sentence for a person.
  public let message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}
