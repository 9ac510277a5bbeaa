internal import Encoding

/// The form of the files that submissions are carried in: a header, the note, the contents it seals.
///
/// The first line says whether everybody has signed; the rest is the same for both.
struct CarriedFile {
  let note: [UInt8]
  let openings: [Opening]
  /// How many lines of the file stand before the note.
  private let lineCount: Int

  init(note: [UInt8], openings: [Opening]) {
    self.note = note
    self.openings = openings
    lineCount = 0
  }

  /// Takes a file apart. Neither the note nor the seals are looked at, nor whether another file would
  /// have the same parts.
  init(_ bytes: [UInt8], magic: String) throws(LedgerError) {
    var header = CarriedHeader(bytes[...])
    try header.expect(magic)
    let noteByteCount = try header.noteByteCount()
    let parts = try header.openings()
    let body = bytes[header.end...]
    guard body.count == parts.reduce(noteByteCount, { $0 + $1.byteCount }) else {
      throw LedgerError(
        .malformedCarried, "The bytes after the header are not as many as it says.")
    }
    note = Array(body.prefix(noteByteCount))
    var position = body.startIndex + noteByteCount
    var openings: [Opening] = []
    for part in parts {
      let content = Array(body[position..<(position + part.byteCount)])
      openings.append(try Opening(media: part.media, salt: part.salt, content: content))
      position += part.byteCount
    }
    self.openings = openings
    lineCount = header.line
  }

  /// The file.
  func bytes(magic: String) -> [UInt8] {
    var bytes = Array("\(magic)\nnote \(note.count)\n".utf8)
    for opening in openings {
      bytes += "opening \(opening.media) \(opening.content.count) ".utf8
      bytes += Base64.encode(opening.salt).utf8
      bytes.append(UInt8(ascii: "\n"))
    }
    bytes.append(UInt8(ascii: "\n"))
    bytes += note
    for opening in openings { bytes += opening.content }
    return bytes
  }

  /// An error in the note, with its line counted from the beginning of the file that a person has.
  func located(_ error: LedgerError) -> LedgerError {
    LedgerError(
      error.code, error.message, hint: error.hint, line: error.line.map { $0 + lineCount })
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
