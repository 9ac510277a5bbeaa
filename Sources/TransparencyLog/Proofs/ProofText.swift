internal import Cryptography
internal import Encoding

/// What the text forms of proofs have in common: hashes in base64, one on a line.
enum ProofText {
  /// No path in a tree of 2^63 leaves has more hashes.
  static let maximumPathCount = 64

  /// Reads hash lines up to an empty line, which is consumed, or up to the end of the lines.
  static func path(from lines: inout LineReader) throws(NoteError) -> [Digest] {
    var path: [Digest] = []
    while let line = lines.next(), !line.isEmpty {
      guard path.count < maximumPathCount else {
        throw NoteError(.tooLong, "A proof has at most \(maximumPathCount) hashes.")
      }
      guard line.count == 44, let bytes = Base64.decode(line), let hash = Digest(bytes) else {
        throw NoteError(
          .malformedProof, "A line of a proof is one SHA-256 hash in base64, 44 characters.")
      }
      path.append(hash)
    }
    return path
  }

  /// The value of a line `<word> <decimal>`.
  static func number(
    _ word: String, from lines: inout LineReader
  ) throws(NoteError) -> UInt64 {
    guard let digits = lines.next(after: word + " "), let value = Digits.number(digits) else {
      throw NoteError(
        .malformedProof, "There must be a line '\(word) N', N a number without leading zeros.")
    }
    return value
  }

  static func append(_ path: [Digest], to bytes: inout [UInt8]) {
    for hash in path {
      bytes += hash.base64.utf8
      bytes.append(ASCII.lineFeed)
    }
  }
}
