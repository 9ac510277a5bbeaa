public import Accountability
public import Cryptography
internal import Encoding

/// What a commitment hides: a salt and some content (DESIGN §3.4).
///
/// The commitment stands in the log for ever; the opening is stored beside it and can be erased.
///
/// ```
/// commitment = SHA-256("onus/seal/v1\n" || key || "\n" || media type || "\n" || salt || content)
/// ```
///
/// Text is padded, so that its length says little: ``content`` is then a 4-byte big-endian byte
/// count, the text, and zeros to a multiple of 256. `docs/formats/seal.md` has a worked example.
public struct Opening: Hashable, Sendable {
  /// How many bytes of salt.
  public static let saltByteCount = 32
  /// The media type of sealed text.
  public static let textMedia = "text/plain"
  /// Padded text is a multiple of this.
  public static let textBlockByteCount = 256

  /// The media type; never empty, printable ASCII.
  public let media: String
  /// 32 random bytes.
  public let salt: [UInt8]
  /// The content as it is hashed: padded if the media type is `text/plain`.
  public let content: [UInt8]
}
