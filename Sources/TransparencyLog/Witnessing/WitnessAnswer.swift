internal import Encoding

/// What a witness answers to `add-checkpoint` by HTTP (c2sp.org/tlog-witness).
///
/// | status | media type | body |
/// |---|---|---|
/// | 200 | | signature lines |
/// | 409 | `text/x.tlog.size` | the size that was cosigned last, decimal, LF |
/// | else | | for people |
public struct WitnessAnswer: Hashable, Sendable {
  /// The most bytes of an answer that is read: a line for each of some keys, post-quantum ones too.
  public static let maximumByteCount = 1 << 16
  /// The media type of a size.
  public static let sizeType = "text/x.tlog.size"
  /// The media type of everything else.
  public static let textType = "text/plain; charset=utf-8"

  /// The status.
  public let status: Int
  /// The media type.
  public let contentType: String
  /// The body.
  public let body: [UInt8]

  /// An answer as it came.
  public init(status: Int, contentType: String, body: [UInt8]) {
    self.status = status
    self.contentType = contentType
    self.body = body
  }

  /// The cosignature.
  public init(cosignature: NoteSignature) {
    self.init(status: 200, contentType: Self.textType, body: cosignature.line)
  }

  /// Why there is none.
  public init(_ refusal: WitnessRefusal) {
    if case .conflict(let size) = refusal.code {
      self.init(
        status: refusal.code.status, contentType: Self.sizeType, body: Array("\(size)\n".utf8))
    } else {
      self.init(status: refusal.code.status, sentence: refusal.message)
    }
  }

  /// A sentence for a person.
  public init(status: Int, sentence: String) {
    self.init(status: status, contentType: Self.textType, body: Array("\(sentence)\n".utf8))
  }

  /// What an answer says.
  public enum Meaning: Hashable, Sendable {
    /// The checkpoint with the lines that came, none of them verified.
    case cosigned(SignedCheckpoint)
    /// The witness last cosigned another size than was said.
    case conflict(UInt64)
    /// The witness does not cosign.
    case refused(Int)
  }

  /// What the answer says to whoever asked for a cosignature on `checkpoint`.
  ///
  /// - Throws: `NoteError` for an answer of status 200 or 409 that is none.
  public func meaning(for checkpoint: SignedCheckpoint) throws(NoteError) -> Meaning {
    guard body.count <= Self.maximumByteCount else {
      throw NoteError(.tooLong, "A witness answers with at most \(Self.maximumByteCount) bytes.")
    }
    switch status {
    case 200:
      let lines = try SignedNote(Array(checkpoint.note.text) + [ASCII.lineFeed] + body)
      guard lines.text == checkpoint.note.text else {
        throw NoteError(.malformedNote, "With status 200 a witness says signature lines alone.")
      }
      return .cosigned(try checkpoint.adding(lines.signatures))
    case 409:
      let type = contentType.utf8.prefix { $0 != UInt8(ascii: ";") && $0 != ASCII.space }
      guard String(decoding: type, as: UTF8.self).lowercased() == Self.sizeType,
        body.last == ASCII.lineFeed, let size = Digits.number(body.dropLast())
      else {
        throw NoteError(
          .malformedNote, "With status 409 a witness says its size, as \(Self.sizeType).")
      }
      return .conflict(size)
    default: return .refused(status)
    }
  }
}
