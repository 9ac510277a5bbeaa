public import Cryptography
internal import Encoding

/// What a commitment hides: a salt and some content (`docs/formats/seal.md`).
///
/// The commitment stands in the log for ever; the opening is stored beside it and can be erased.
///
/// ```
/// commitment = SHA-256("onus/seal/v1\n" || key || "\n" || media type || "\n" || salt || content)
/// ```
///
/// `key` is the author of the submission, so that nobody can adopt another's commitment. Text is
/// padded, so that its length says little: ``content`` is then a 4-byte big-endian byte count, the
/// text, and zeros to a multiple of 256. A file is not; its size stands in the event.
/// `docs/formats/seal.md` has worked examples.
public struct Opening: Hashable, Sendable {
  /// The first line of what is hashed.
  public static let magic = "onus/seal/v1"
  /// How many bytes of salt.
  public static let saltByteCount = 32
  /// The media type of sealed text.
  public static let textMedia = "text/plain"
  /// Padded text is a multiple of this.
  public static let textBlockByteCount = 256

  /// The media type, as the event has it.
  public let media: String
  /// 32 random bytes.
  public let salt: [UInt8]
  /// The content as it is hashed: padded, if it is text.
  public let content: [UInt8]

  /// An opening of these parts, as it was stored or carried.
  ///
  /// - Throws: `LedgerError` unless the salt has 32 bytes, the media type is `type/subtype` in
  ///   lower case, and the content is within its bound.
  public init(media: String, salt: [UInt8], content: [UInt8]) throws(LedgerError) {
    guard TextRules.isMediaType(media) else {
      throw LedgerError(.malformedOpening, "A media type is one such as text/plain or image/jpeg.")
    }
    guard salt.count == Self.saltByteCount else {
      throw LedgerError(.malformedOpening, "A salt has \(Self.saltByteCount) bytes.")
    }
    guard content.count <= Limits.openingByteCount else {
      throw LedgerError(.tooLong, "Sealed content has at most \(Limits.openingByteCount) bytes.")
    }
    self.media = media
    self.salt = salt
    self.content = content
  }

  /// Seals text: pads it and gives it a fresh salt.
  ///
  /// - Throws: `LedgerError` of code ``LedgerError/Code/malformedOpening`` for text with characters
  ///   that no string of an event may hold either; line feeds are allowed here.
  public static func text(_ text: String) throws(LedgerError) -> Opening {
    try self.text(text, salt: SystemRandom.bytes(saltByteCount))
  }

  /// Seals text with a salt of the caller's, for tests and worked examples.
  public static func text(_ text: String, salt: [UInt8]) throws(LedgerError) -> Opening {
    if let scalar = TextRules.firstForbiddenScalar(in: text, allowingLineFeeds: true) {
      throw LedgerError(
        .malformedOpening,
        "Sealed text may not hold \(TextRules.name(of: scalar)): a control character, a line separator, a bidirectional mark or a noncharacter.",
        hint: "Leave it out; line feeds may stay. Attach anything else as a file.")
    }
    let bytes = Array(text.utf8)
    guard let count = UInt32(exactly: bytes.count) else {
      throw LedgerError(.tooLong, "Sealed text has less than 4 GiB.")
    }
    var content = (0..<4).map { UInt8(truncatingIfNeeded: count >> UInt32(24 - 8 * $0)) } + bytes
    let excess = content.count % textBlockByteCount
    if excess > 0 { content += [UInt8](repeating: 0, count: textBlockByteCount - excess) }
    return try Opening(media: textMedia, salt: salt, content: content)
  }

  /// Seals a file: its bytes as they are, with a fresh salt.
  public static func file(_ bytes: [UInt8], media: String) throws(LedgerError) -> Opening {
    try Opening(media: media, salt: SystemRandom.bytes(saltByteCount), content: bytes)
  }

  /// The commitment that this opens when `key` is the author.
  public func commitment(by key: KeyName) -> Digest {
    var hash = SHA256()
    hash.update(Array("\(Self.magic)\n\(key)\n\(media)\n".utf8))
    hash.update(salt)
    hash.update(content)
    return hash.finalize()
  }

  /// The text that was padded; `nil` unless the content is exactly what ``text(_:)`` makes of it.
  public var text: String? {
    guard content.count >= Self.textBlockByteCount,
      content.count.isMultiple(of: Self.textBlockByteCount)
    else { return nil }
    let count = content[..<4].reduce(0) { $0 << 8 | Int($1) }
    let used = 4 + count
    guard used <= content.count, content.count - used < Self.textBlockByteCount,
      content[used...].allSatisfy({ $0 == 0 })
    else { return nil }
    guard let text = String(validating: content[4..<used], as: UTF8.self),
      TextRules.firstForbiddenScalar(in: text, allowingLineFeeds: true) == nil
    else { return nil }
    return text
  }
}
