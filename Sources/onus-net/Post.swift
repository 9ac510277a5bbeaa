internal import ArgumentParser
internal import Encoding
internal import HelperProtocol
internal import NIOCore
internal import NIOHTTP1
internal import Synchronization

/// Posts standard input, and writes the answer's body to standard output.
struct Post: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Post standard input to an address; the answer goes to standard output.")

  @Option(help: "The media type of what is sent.") var contentType: String
  @Option(help: "The media type that the answer must have; else any.") var accept: String?
  @Option(help: "The most bytes of the answer.") var limit: Int
  @Option(name: .customLong("timeout"), help: "How many seconds all of it may take.")
  var seconds: Int = 30
  @Flag(help: "Write every answer, whatever its status, as a frame `answer`.") var framed = false
  @Argument var address: String

  func run() async throws {
    let address = try WebAddress(address)
    try Limits.require(limit: limit, seconds: seconds)
    let body = try Standard.all(atMost: Frame.maximumBodyByteCount)
    var headers = [("Content-Type", contentType)]
    if let accept { headers.append(("Accept", accept)) }
    let answer = Mutex<[UInt8]>([])
    let head = try await WebClient.lend(connections: 1) { client in
      try await client.exchange(
        .POST, address, headers: headers, body: body, limit: limit, seconds: seconds
      ) { piece in
        answer.withLock { $0 += piece.readableBytesView }
      }
    }
    let bytes = answer.withLock { $0 }
    if framed {
      let message = HelperMessage.answer(
        id: 0, .init(status: head.status, contentType: head.contentType, body: bytes))
      return try Self.write(message.bytes)
    }
    guard head.status == 200 else {
      throw NetFailure(.refused, "\(address) answers \(head.status)\(Self.said(bytes)).")
    }
    if let accept, !Self.isOfType(head.contentType, accept) {
      let type = head.contentType.map { WebClient.short($0) } ?? "without a type"
      throw NetFailure(.unacceptable, "\(address) answers \(type) and not \(accept).")
    }
    try Self.write(bytes)
  }

  private static func write(_ bytes: [UInt8]) throws(NetFailure) {
    guard Standard.write(bytes) else {
      throw NetFailure(.couldNotRun, "The answer could not be written: \(Standard.reason()).")
    }
  }

  /// The first line of a refusal, if it is one of text.
  private static func said(_ body: [UInt8]) -> String {
    let line = body.prefix { $0 != 0x0A && $0 != 0x0D }
    guard !line.isEmpty, line.count <= 200, let text = String(validating: line, as: UTF8.self)
    else {
      return ""
    }
    return ": \(text)"
  }

  /// Whether a media type is the one asked for, whatever its parameters.
  static func isOfType(_ type: String?, _ wanted: String) -> Bool {
    func name(_ type: String) -> String {
      String(decoding: type.utf8.prefix { $0 != UInt8(ascii: ";") && $0 != 0x20 }, as: UTF8.self)
        .lowercased()
    }
    return type.map { name($0) == name(wanted) } ?? false
  }
}

/// What the options of the helper may be.
enum Limits {
  static func require(limit: Int = 1, seconds: Int) throws(NetFailure) {
    guard (1...Frame.maximumBodyByteCount).contains(limit), (1...3600).contains(seconds) else {
      throw NetFailure(
        .usage, "--limit is 1 to \(Frame.maximumBodyByteCount), and --timeout 1 to 3600.")
    }
  }
}
