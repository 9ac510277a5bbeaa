internal import Encoding

/// What `onus` and `onus-net` say to each other, one message a ``Frame``.
///
/// `docs/formats/onus-net.md` lists who says what, and when.
public enum HelperMessage: Hashable, Sendable {
  /// The version of this list, which a helper says first.
  public static let version = 1

  // MARK: From the helper

  /// The first words of every helper that goes on talking.
  case hello(version: Int)
  /// A server listens there.
  case listening(address: String)
  /// What is fetched is written into this folder, which ends with the helper.
  case folder(path: String)
  /// A request has come in whole.
  case request(id: UInt64, method: String, path: String, body: [UInt8])
  /// A file has been fetched into the folder, so many bytes of it.
  case got(name: String, byteCount: UInt64)
  /// The server says that it has no such file.
  case missing(name: String)
  /// The server sends more than the file may have; nothing of it was kept.
  case tooLong(name: String)
  /// It cannot be done, and why, in one sentence; of a file, or of everything if the name is `-`.
  case failed(name: String, reason: String)

  // MARK: From either

  /// The answer to a request: of `onus` for its server to give, or of another server to be read.
  case answer(id: UInt64, Answer)

  // MARK: From onus

  /// A file to fetch: its path below the address, where it goes, and the most bytes it may have.
  case get(path: String, name: String, limit: UInt64)

  /// An answer by HTTP.
  public struct Answer: Hashable, Sendable {
    /// The status, 100 to 599.
    public let status: Int
    /// The media type with its parameters and without spaces; `-` if there is none.
    public let contentType: String
    /// What the line in the log says of it beside that: words.
    public let remark: [String]
    /// The body.
    public let body: [UInt8]

    /// An answer. Whatever cannot stand as a word of a remark or of a media type is left out.
    public init(status: Int, contentType: String?, remark: [String] = [], body: [UInt8]) {
      self.status = status
      let type = (contentType ?? "").utf8.filter { (0x21...0x7E).contains($0) }.prefix(256)
      self.contentType = type.isEmpty ? "-" : String(decoding: type, as: UTF8.self)
      self.remark = remark.filter { Frame.isWord($0.utf8) && $0.utf8.count <= 512 }
      self.body = body
    }
  }
}

extension HelperMessage {
  /// What is sent.
  public var bytes: [UInt8] {
    switch self {
    case .hello(let version): Frame(["onus-net", "\(version)"]).bytes
    case .listening(let address): Frame(["listening", address]).bytes
    case .folder(let path): Frame(["folder"], Array(path.utf8)).bytes
    case .request(let id, let method, let path, let body):
      Frame(["request", "\(id)", method, path], body).bytes
    case .got(let name, let count): Frame(["got", name, "\(count)"]).bytes
    case .missing(let name): Frame(["missing", name]).bytes
    case .tooLong(let name): Frame(["too-long", name]).bytes
    case .failed(let name, let reason): Frame(["failed", name], Array(reason.utf8)).bytes
    case .answer(let id, let answer):
      Frame(
        ["answer", "\(id)", "\(answer.status)", answer.contentType] + answer.remark, answer.body
      ).bytes
    case .get(let path, let name, let limit): Frame(["get", path, name, "\(limit)"]).bytes
    }
  }

  /// The message in a frame.
  ///
  /// - Throws: ``HelperError`` for a frame that holds none.
  public init(_ frame: Frame) throws(HelperError) {
    let words = frame.words
    guard let message = try Self.parse(words[0], Array(words.dropFirst()), frame.body) else {
      throw HelperError("A message `\(words[0])` is not known, or not of these parts.")
    }
    guard message.bytes == frame.bytes else {
      throw HelperError("A message `\(words[0])` is written in one way only.")
    }
    self = message
  }

  private static func parse(
    _ kind: String, _ words: [String], _ body: [UInt8]
  ) throws(HelperError) -> HelperMessage? {
    func number(_ word: String) -> UInt64? { Digits.number(Array(word.utf8)[...]) }
    switch (kind, words.count) {
    case ("onus-net", 1): return number(words[0]).flatMap { .hello(version: Int($0)) }
    case ("listening", 1): return .listening(address: words[0])
    case ("folder", 0): return try .folder(path: text(body))
    case ("request", 3):
      return number(words[0]).map {
        .request(id: $0, method: words[1], path: words[2], body: body)
      }
    case ("got", 2): return number(words[1]).map { .got(name: words[0], byteCount: $0) }
    case ("missing", 1): return .missing(name: words[0])
    case ("too-long", 1): return .tooLong(name: words[0])
    case ("failed", 1): return try .failed(name: words[0], reason: text(body))
    case ("answer", 3...):
      guard let id = number(words[0]), let status = number(words[1]),
        (100...599).contains(status)
      else { return nil }
      return .answer(
        id: id,
        Answer(
          status: Int(status), contentType: words[2], remark: Array(words[3...]), body: body))
    case ("get", 3):
      return number(words[2]).map { .get(path: words[0], name: words[1], limit: $0) }
    default: return nil
    }
  }

  private static func text(_ bytes: [UInt8]) throws(HelperError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw HelperError("The text of a message is valid UTF-8.")
    }
    return text
  }
}

/// How `onus-net` ends.
public enum HelperExit: Int32, Sendable {
  /// What was asked for has been done.
  case done = 0
  /// It cannot be done on this machine.
  case couldNotRun = 1
  /// The server answered with another status than 200.
  case refused = 2
  /// The server answered what must not be taken: too long, of another type, a redirection, no HTTP.
  case unacceptable = 3
  /// There was no answer: not reached, not trusted, or not in time.
  case unanswered = 4
  /// The command line was wrong.
  case usage = 64

  /// Whether it is about the server, whose address the sentence on standard error then names.
  public var isOfServer: Bool {
    switch self {
    case .refused, .unacceptable, .unanswered: true
    case .done, .couldNotRun, .usage: false
    }
  }
}
