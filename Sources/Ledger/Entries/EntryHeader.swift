public import Cryptography
public import Encoding

/// The place of a submission in the log: the first four lines of an entry
/// (`docs/formats/entry.md`).
///
/// ```
/// onus/entry/v1
/// index 412
/// time 2026-11-22T03:00:01.412Z
/// root CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
///
/// ```
///
/// The blank line belongs to it: header and note, one after the other, are the leaf.
public struct EntryHeader: Hashable, Sendable {
  /// The first line.
  public static let magic = "onus/entry/v1"
  /// The most bytes a header can have.
  public static let maximumByteCount = 128

  /// The entry's index, from 0.
  public let index: UInt64
  /// The ledger's clock; never less than the entry before.
  public let time: Timestamp
  /// The root over all entries before this one.
  public let root: Digest

  /// A header of these parts.
  public init(index: UInt64, time: Timestamp, root: Digest) {
    self.index = index
    self.time = time
    self.root = root
  }

  /// Parses exactly a header, blank line included.
  public init(_ bytes: [UInt8]) throws(LedgerError) {
    let (header, end) = try Self.parse(bytes[...])
    guard end == bytes.endIndex else {
      throw LedgerError(.malformedEntry, "Nothing follows the blank line of an entry's header.")
    }
    self = header
  }

  /// The bytes, blank line included.
  public var bytes: [UInt8] {
    Array("\(Self.magic)\nindex \(index)\ntime \(time)\nroot \(root.base64)\n\n".utf8)
  }

  /// Parses the header that a leaf begins with.
  ///
  /// - Returns: The header, and where the note begins.
  public static func parse(
    _ leaf: ArraySlice<UInt8>
  ) throws(LedgerError) -> (header: EntryHeader, end: Int) {
    var rest = leaf.prefix(maximumByteCount)
    guard rest.starts(with: magicLine) else {
      throw LedgerError(.malformedEntry, "The first line of an entry is \(magic).", line: 1)
    }
    rest = rest.dropFirst(magicLine.count)
    guard
      let index = Digits.number(
        try value(indexWord, &rest, line: 2), atMost: UInt64(Limits.number))
    else {
      throw LedgerError(
        .malformedEntry, "The index is a number without leading zeros.", line: 2)
    }
    guard let time = Timestamp(try value(timeWord, &rest, line: 3)) else {
      throw LedgerError(
        .malformedEntry, "The time is one such as 2026-11-22T03:00:01.412Z.", line: 3)
    }
    let rootText = try value(rootWord, &rest, line: 4)
    guard let root = Digest(base64: rootText.span) else {
      throw LedgerError(.malformedEntry, "The root is a digest in base64.", line: 4)
    }
    guard rest.first == UInt8(ascii: "\n") else {
      throw LedgerError(.malformedEntry, "A blank line ends the header of an entry.", line: 5)
    }
    return (EntryHeader(index: index, time: time, root: root), rest.startIndex + 1)
  }

  private static let magicLine = Array("\(magic)\n".utf8)
  private static let indexWord = Array("index ".utf8)
  private static let timeWord = Array("time ".utf8)
  private static let rootWord = Array("root ".utf8)

  private static func value(
    _ word: [UInt8], _ rest: inout ArraySlice<UInt8>, line: Int
  ) throws(LedgerError) -> ArraySlice<UInt8> {
    guard rest.starts(with: word), let end = rest.firstIndex(of: UInt8(ascii: "\n")) else {
      throw LedgerError(
        .malformedEntry, "The line is to begin with `\(String(decoding: word, as: UTF8.self))`.",
        line: line)
    }
    defer { rest = rest[(end + 1)...] }
    return rest[(rest.startIndex + word.count)..<end]
  }
}
