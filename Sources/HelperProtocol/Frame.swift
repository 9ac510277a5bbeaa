internal import Encoding

/// A piece of what `onus` and its helper on a network say to each other: a line of words, and bytes.
///
/// ```
/// 5 answer 7 409 text/x.tlog.size LF
/// 1234 LF
/// ```
///
/// The first word is how many bytes follow the line. There is one encoding of a frame.
public struct Frame: Hashable, Sendable {
  /// The most bytes of the line, without its LF.
  public static let maximumLineByteCount = 4096
  /// The most bytes after the line.
  public static let maximumBodyByteCount = 16 << 20

  /// The line's words after the first: each has at least one byte, all from `!` to `~`.
  public let words: [String]
  /// What follows the line.
  public let body: [UInt8]

  /// A frame; traps unless it can be written.
  public init(_ words: [String], _ body: [UInt8] = []) {
    precondition(!words.isEmpty && words.allSatisfy { Self.isWord($0.utf8) })
    precondition(body.count <= Self.maximumBodyByteCount)
    self.words = words
    self.body = body
    precondition(line.utf8.count <= Self.maximumLineByteCount)
  }

  private init(parsed words: [String], _ body: [UInt8]) {
    self.words = words
    self.body = body
  }

  /// What is sent.
  public var bytes: [UInt8] { Array("\(line)\n".utf8) + body }

  private var line: String { "\(body.count) \(words.joined(separator: " "))" }

  /// Whether these bytes can stand as a word.
  public static func isWord(_ bytes: some Collection<UInt8>) -> Bool {
    !bytes.isEmpty && bytes.allSatisfy { (0x21...0x7E).contains($0) }
  }

  /// Takes frames out of bytes as they arrive, and holds no more of them than one frame may have.
  public struct Reader: Sendable {
    private var bytes: [UInt8] = []
    private var start = 0

    /// A reader that has got nothing yet.
    public init() {}

    /// Whether a frame has begun and not ended.
    public var isInside: Bool { start < bytes.count }

    /// Adds what has arrived.
    public mutating func append(_ more: some Collection<UInt8>) {
      if start > 0 {
        bytes.removeFirst(start)
        start = 0
      }
      bytes += more
    }

    /// The next frame; `nil` if it is not all there yet.
    ///
    /// - Throws: ``HelperError`` for what is no frame, as soon as that can be told.
    public mutating func next() throws(HelperError) -> Frame? {
      let rest = bytes[start...]
      guard let end = rest.prefix(maximumLineByteCount + 1).firstIndex(of: 0x0A) else {
        guard rest.count <= maximumLineByteCount else {
          throw HelperError("A frame begins with a line of at most \(maximumLineByteCount) bytes.")
        }
        return nil
      }
      let words = rest[..<end].split(separator: 0x20, omittingEmptySubsequences: false)
      guard words.count >= 2, words.allSatisfy({ isWord($0) }),
        let count = Digits.number(words[0], atMost: UInt64(maximumBodyByteCount))
      else {
        throw HelperError(
          "A frame begins with a length of at most \(maximumBodyByteCount), and words.")
      }
      let body = bytes[(end + 1)...]
      guard body.count >= Int(count) else { return nil }
      start = end + 1 + Int(count)
      return Frame(
        parsed: words.dropFirst().map { String(decoding: $0, as: UTF8.self) },
        Array(body.prefix(Int(count))))
    }
  }
}

/// What was said is not what the other side may say.
public struct HelperError: Error, Hashable, Sendable {
  /// One sentence for a person.
  public let message: String

  /// An error with that sentence.
  public init(_ message: String) { self.message = message }
}
