internal import ArgumentParser
internal import Dispatch
internal import Glibc
internal import HTTPTypes
internal import HelperProtocol
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTPTypes
internal import NIOPosix

/// Listens, and hands what comes in whole to `onus`, which answers.
struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Listen, and hand requests to whoever started it.")

  @Option(help: "Where to listen: HOST:PORT.") var listen: String
  @Option(help: "What is taken: METHOD PATH LIMIT; repeat for more.") var route: [String]
  @Option(help: "How many connections there are at most.") var connections: Int = 64
  @Option(name: .customLong("timeout"), help: "How many seconds a head, or a body, may take.")
  var seconds: Int = 10

  func run() async throws {
    let place = try ListenAddress(listen)
    let routes = try route.map { text throws(HelperError) in try Route(text) }
    guard (1...4096).contains(connections) else {
      throw NetFailure(.usage, "--connections is 1 to 4096.")
    }
    try Limits.require(seconds: seconds)
    let desk = Desk()
    let counter = Responder(routes: routes, desk: desk, seconds: seconds)
    let silent = Logger(label: "onus-net") { _ in SwiftLogNoOpLogHandler() }
    let limits = TimeLimits(seconds: seconds)
    let server = Server(
      childChannelSetup: HTTP1Channel(
        responder: { request, writer, channel in
          try await counter.respond(to: request, writer, from: channel)
        },
        configuration: .init(
          additionalChannelHandlers: [RequestClock(limits)],
          httpDecoderConfiguration: .init(
            maxHeaderFieldSize: 8 << 10, maxHeaderListSize: 16 << 10, maxHeaderFieldCount: 100))),
      configuration: .init(
        address: .hostname(place.host, port: Int(place.port)), reuseAddress: true,
        availableConnectionsDelegate: .maximum(connections, logger: silent)),
      onServerRunning: { channel in
        desk.say(
          .listening(
            address: ListenAddress.text(
              host: place.host, port: channel.localAddress?.port ?? Int(place.port))))
      },
      eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: silent)
    desk.say(.hello(version: HelperMessage.version))
    // Without `onus` nothing can be answered.
    desk.listen { Glibc.exit(HelperExit.done.rawValue) }
    let (signals, end) = AsyncStream.makeStream(of: Void.self)
    let sources = [SIGTERM, SIGINT].map { Self.source(of: $0) { end.yield() } }
    defer { for source in sources { source.cancel() } }
    do {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          defer { end.finish() }
          try await server.run()
        }
        group.addTask { for await _ in signals { try await Self.shutDown(server) } }
        try await group.waitForAll()
      }
    } catch {
      let reason = (error as? IOError).map { Standard.reason($0.errnoCode) } ?? "\(error)"
      desk.say(.failed(name: "-", reason: "\(place) cannot be listened on: \(reason)."))
      Glibc.exit(HelperExit.couldNotRun.rawValue)
    }
  }

  private static func source(
    of number: Int32, _ body: @escaping @Sendable () -> Void
  ) -> any DispatchSourceSignal {
    _ = signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler(handler: body)
    source.resume()
    return source
  }

  /// Takes no more connections from then on, answers what has begun within ten seconds, and ends.
  private static func shutDown(_ server: Server<HTTP1Channel>) async throws {
    DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(10)) {
      Glibc.exit(HelperExit.done.rawValue)
    }
    try await server.shutdownGracefully()
  }
}

/// What stands between a connection and the desk: routes, bounds, and the line in the log.
private struct Responder: Sendable {
  let routes: [Route]
  let desk: Desk
  /// How long a body may take.
  let seconds: Int

  @concurrent func respond(
    to request: Request, _ writer: consuming ResponseWriter, from channel: any Channel
  ) async throws {
    var line = AccessLine(channel.remoteAddress)
    line.method = request.method.rawValue
    line.path = request.head.path ?? "-"
    defer { line.write() }
    let answer: Reply
    do {
      answer = try await reply(to: request, &line, announcing: writer)
    } catch {
      // 408 has been answered by the clock; otherwise nobody is there to be answered.
      line.status = line.start.duration(to: .now) + .seconds(1) > .seconds(seconds) ? 408 : 499
      throw error
    }
    line.status = answer.status.code
    let body = request.method == .head ? [] : answer.body
    line.sent = body.count
    line.remark = answer.remark
    try await writer.write(
      response: HTTPResponse(status: answer.status, headerFields: answer.fields),
      body: .init(byteBuffer: ByteBuffer(bytes: body)))
  }

  @concurrent private func reply(
    to request: Request, _ line: inout AccessLine, announcing writer: borrowing ResponseWriter
  ) async throws -> Reply {
    let path = request.head.path ?? ""
    let open = routes.filter { $0.leads(to: path) }
    guard !open.isEmpty else { return Reply(.notFound, "There is nothing here.") }
    guard let route = open.first(where: { $0.method == request.method.rawValue }) else {
      var reply = Reply(.methodNotAllowed, "This takes another method.")
      reply.fields[.allow] = open.map(\.method).joined(separator: ", ")
      return reply
    }
    // Nobody here would decode it, and what stands in it would be taken for something else.
    let codings = request.headers[values: .transferEncoding]
    guard codings.allSatisfy({ $0.lowercased() == "chunked" }) else {
      return Reply(.notImplemented, "A body comes as it is or in chunks, and in no other coding.")
    }
    let tooLong = Reply(.contentTooLarge, "A body has at most \(route.limit) bytes here.")
    if let length = request.headers[.contentLength] {
      guard let count = Int(length), count <= route.limit else { return tooLong }
    }
    if request.headers[.expect]?.lowercased() == "100-continue" {
      try await writer.writeInformationalHead(HTTPResponse(status: .continue))
    }
    var body: [UInt8] = []
    for try await piece in request.body {
      guard body.count + piece.readableBytes <= route.limit else { return tooLong }
      body += piece.readableBytesView
    }
    line.received = body.count
    guard let answer = await desk.answer(route.method, path, body) else {
      return Reply(.serviceUnavailable, "No answer could be made in time.")
    }
    return Reply(answer)
  }
}

/// An answer on its way out.
private struct Reply {
  var status: HTTPResponse.Status
  var fields: HTTPFields = [:]
  var body: [UInt8]
  var remark: [String] = []

  /// A refusal in one sentence, after which the line is closed: what was sent may not have been read.
  init(_ status: HTTPResponse.Status, _ sentence: String) {
    self.status = status
    body = Array("\(sentence)\n".utf8)
    fields = [
      .contentType: "text/plain; charset=utf-8", .contentLength: "\(body.count)",
      .connection: "close",
    ]
  }

  init(_ answer: HelperMessage.Answer) {
    status = .init(code: answer.status)
    body = answer.body
    remark = answer.remark
    fields = [.contentLength: "\(body.count)"]
    if answer.contentType != "-" { fields[.contentType] = answer.contentType }
  }
}
