internal import Accountability
internal import Cryptography
internal import Encoding

/// Reads a submission's header as the text it is, without a JSON value in between.
///
/// Canonical JSON leaves the header one spelling, in which only the values vary. Whatever does not
/// fit is left to the JSON reader, which says what is wrong with it.
struct HeaderText {
  private let bytes: ArraySlice<UInt8>
  private var position: Int

  private init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// The parts of a header line, or `nil` if it is not one.
  static func parse(
    _ line: ArraySlice<UInt8>
  ) -> (at: Timestamp, by: [SubmissionFacts.Signer], seen: Submission.Seen)? {
    var text = HeaderText(line)
    guard text.take(beforeAt), let at = Timestamp(text.value()), text.take(beforeBy) else {
      return nil
    }
    var by: [SubmissionFacts.Signer] = []
    repeat {
      guard by.count < Limits.signerCount, let signer = text.signer(),
        !by.contains(where: { $0.key == signer.key })
      else { return nil }
      by.append(signer)
    } while text.take(comma)
    guard text.take(beforeRoot), let root = Digest(base64: text.value().span),
      text.take(beforeSize), let size = text.number(), text.take(end),
      text.position == line.endIndex, size > 0 || root == Submission.Seen.nothing.root
    else { return nil }
    return (at, by, Submission.Seen(size: size, root: root))
  }

  private static let beforeAt = Array(#"{"at":""#.utf8)
  private static let beforeBy = Array(#"","by":["#.utf8)
  private static let beforeKey = Array(#"{"key":""#.utf8)
  private static let beforeN = Array(#"","n":"#.utf8)
  private static let afterN = Array("}".utf8)
  private static let comma = Array(",".utf8)
  private static let beforeRoot = Array(#"],"seen":{"root":""#.utf8)
  private static let beforeSize = Array(#"","size":"#.utf8)
  private static let end = Array("}}".utf8)

  private mutating func signer() -> SubmissionFacts.Signer? {
    guard take(Self.beforeKey), let key = KeyName(String(decoding: value(), as: UTF8.self)),
      TextRules.isIdentifier(key.name), take(Self.beforeN), let n = number(), n >= 1,
      take(Self.afterN)
    else { return nil }
    return SubmissionFacts.Signer(key: key, n: n)
  }

  private mutating func take(_ text: [UInt8]) -> Bool {
    guard bytes.endIndex - position >= text.count else { return false }
    for offset in text.indices where bytes[position + offset] != text[offset] { return false }
    position += text.count
    return true
  }

  /// The bytes up to the next quote. None of the values has a use for an escape.
  private mutating func value() -> ArraySlice<UInt8> {
    let start = position
    while position < bytes.endIndex, bytes[position] != UInt8(ascii: "\"") { position += 1 }
    return bytes[start..<position]
  }

  private mutating func number() -> UInt64? {
    let start = position
    var number: UInt64 = 0
    while position < bytes.endIndex, position - start < 16,
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position])
    {
      number = number * 10 + UInt64(bytes[position] - UInt8(ascii: "0"))
      position += 1
    }
    let count = position - start
    guard count == 1 || (count > 1 && bytes[start] != UInt8(ascii: "0")),
      number <= UInt64(CanonicalJSON.maximumInteger)
    else { return nil }
    return number
  }
}
