internal import Accountability
public import Cryptography
internal import Encoding

/// A submission with the openings of what it seals, as one file to carry (DESIGN §3.4).
///
/// ```
/// onus/carried/v1
/// note 1234
/// opening text/plain 256 <salt, 32 bytes in base64>
///
/// <1234 bytes of the note><256 bytes of content>
/// ```
///
/// The header ends at its first blank line; after it come the note and the contents, each of
/// exactly the length that the header gives, and nothing else. `docs/formats/carried-submission.md`
/// describes the bytes.
public struct CarriedSubmission: Hashable, Sendable {
  /// The first line.
  public static let magic = "onus/carried/v1"

  /// What was signed.
  public let submission: Submission
  /// The openings it brings, one for each different commitment at most.
  public let openings: [Opening]

  /// A submission and openings of its seals.
  ///
  /// - Throws: `LedgerError` of code ``LedgerError/Code/wrongOpening`` if an opening opens no seal
  ///   of the submission, or one that another opens.
  public init(_ submission: Submission, openings: [Opening] = []) throws(LedgerError) {
    self.submission = submission
    self.openings = openings
    try checkOpenings()
  }

  /// Parses a carried submission, accepting exactly one encoding of it.
  ///
  /// No signature is verified; every opening is held against its seal.
  public init(_ bytes: [UInt8]) throws(LedgerError) {
    var header = CarriedHeader(bytes[...])
    try header.expect(Self.magic)
    let noteByteCount = try header.noteByteCount()
    let parts = try header.openings()
    let body = bytes[header.end...]
    guard body.count == parts.reduce(noteByteCount, { $0 + $1.byteCount }) else {
      throw LedgerError(
        .malformedCarried, "The bytes after the header are not as many as it says.")
    }
    do {
      submission = try Submission(Array(body.prefix(noteByteCount)))
    } catch {
      // The note's lines are counted from the beginning of the file that a person has.
      throw LedgerError(
        error.code, error.message, hint: error.hint, line: error.line.map { $0 + header.line })
    }
    var position = body.startIndex + noteByteCount
    var openings: [Opening] = []
    for part in parts {
      let content = Array(body[position..<(position + part.byteCount)])
      openings.append(try Opening(media: part.media, salt: part.salt, content: content))
      position += part.byteCount
    }
    self.openings = openings
    try checkOpenings()
    guard self.bytes == bytes else {
      throw LedgerError(.malformedCarried, "A carried submission has exactly one encoding.")
    }
  }

  /// The file.
  public var bytes: [UInt8] {
    var bytes = Array("\(Self.magic)\nnote \(submission.bytes.count)\n".utf8)
    for opening in openings {
      bytes += "opening \(opening.media) \(opening.content.count) ".utf8
      bytes += Base64.encode(opening.salt).utf8
      bytes.append(UInt8(ascii: "\n"))
    }
    bytes.append(UInt8(ascii: "\n"))
    bytes += submission.bytes
    for opening in openings { bytes += opening.content }
    return bytes
  }

  /// The openings by commitment, each once.
  public var openingsByCommitment: [(commitment: Digest, opening: Opening)] {
    openings.map { ($0.commitment(by: submission.author.key), $0) }
  }

  private func checkOpenings() throws(LedgerError) {
    guard openings.count <= Limits.openingCount else {
      throw LedgerError(.tooLong, "A submission brings at most \(Limits.openingCount) openings.")
    }
    guard !openings.isEmpty else { return }
    let seals = submission.seals
    var opened: Set<Digest> = []
    for (commitment, opening) in openingsByCommitment {
      let matching = seals.filter { $0.commitment == commitment }
      guard !matching.isEmpty else {
        throw LedgerError(
          .wrongOpening, "An opening belongs to no seal of its submission.",
          hint: "Its commitment by this author would be \(commitment).")
      }
      guard opened.insert(commitment).inserted else {
        throw LedgerError(.wrongOpening, "The seal \(commitment) is opened twice.")
      }
      for seal in matching { try seal.check(opening, by: submission.author.key) }
    }
  }
}

/// Reads the lines of a carried submission's header.
private struct CarriedHeader {
  struct Part {
    var media: String
    var byteCount: Int
    var salt: [UInt8]
  }

  private let bytes: ArraySlice<UInt8>
  /// Where the next line begins; after ``openings()``, where the body does.
  private(set) var end: Int
  /// How many lines were read.
  private(set) var line = 0

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    end = bytes.startIndex
  }

  mutating func expect(_ magic: String) throws(LedgerError) {
    guard try nextLine().elementsEqual(magic.utf8) else {
      throw error("The first line of a carried submission is \(magic).")
    }
  }

  mutating func noteByteCount() throws(LedgerError) -> Int {
    let words = try nextLine().split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard words.count == 2, words[0].elementsEqual("note".utf8),
      let count = Self.number(words[1], atMost: Limits.submissionByteCount)
    else {
      throw error(
        "The second line is `note N`, N the note's bytes, at most \(Limits.submissionByteCount).")
    }
    return count
  }

  mutating func openings() throws(LedgerError) -> [Part] {
    var parts: [Part] = []
    while case let text = try nextLine(), !text.isEmpty {
      guard parts.count < Limits.openingCount else {
        throw LedgerError(
          .tooLong, "A submission brings at most \(Limits.openingCount) openings.", line: line)
      }
      let words = text.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
      guard words.count == 4, words[0].elementsEqual("opening".utf8),
        let media = String(validating: words[1], as: UTF8.self),
        let count = Self.number(words[2], atMost: Limits.openingByteCount),
        let salt = Base64.decode(words[3]), salt.count == Opening.saltByteCount
      else {
        throw error("The line is to be `opening`, a media type, a number of bytes and a salt.")
      }
      parts.append(Part(media: media, byteCount: count, salt: salt))
    }
    return parts
  }

  private mutating func nextLine() throws(LedgerError) -> ArraySlice<UInt8> {
    line += 1
    let rest = bytes[end...].prefix(257)
    guard let stop = rest.firstIndex(of: UInt8(ascii: "\n")) else {
      throw error("The header of a carried submission has lines of at most 256 bytes.")
    }
    defer { end = stop + 1 }
    return rest[..<stop]
  }

  private func error(_ message: String) -> LedgerError {
    LedgerError(.malformedCarried, message, line: line)
  }

  private static func number(_ digits: ArraySlice<UInt8>, atMost limit: Int) -> Int? {
    Digits.number(digits, atMost: UInt64(limit)).map { Int($0) }
  }
}
