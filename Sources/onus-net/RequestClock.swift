internal import HTTPTypes
internal import NIOCore
internal import NIOHTTPTypes

/// How long a client may take.
struct TimeLimits: Sendable {
  /// From the beginning of a connection to the end of the first head.
  let head: TimeAmount
  /// From a head to the end of its body.
  let body: TimeAmount
  /// From the end of a request until its answer has been taken.
  let answer: TimeAmount
  /// From one request to the end of the head of the next.
  let idle: TimeAmount
  /// From an answer after which the connection is closed until it is cut.
  let parting = TimeAmount.seconds(2)

  init(seconds: Int) {
    head = .seconds(Int64(seconds))
    body = head
    answer = .seconds(Int64(Desk.patienceSeconds + seconds))
    idle = .seconds(Int64(3 * seconds))
  }
}

/// Ends the lines of clients that are slow, whatever they drip: no byte but the last of a phase sets the
/// clock back.
final class RequestClock: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private enum Phase {
    case first, body, answer, next, parting
  }

  private let limits: TimeLimits
  private var phase = Phase.first
  private var alarm: Scheduled<Void>?
  /// The answer that is being written is the last.
  private var isLast = false

  init(_ limits: TimeLimits) { self.limits = limits }

  func handlerAdded(context: ChannelHandlerContext) {
    if context.channel.isActive { enter(.first, limits.head, context) }
  }

  func handlerRemoved(context: ChannelHandlerContext) { alarm?.cancel() }

  func channelActive(context: ChannelHandlerContext) {
    enter(.first, limits.head, context)
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    alarm?.cancel()
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if phase != .parting {
      switch unwrapInboundIn(data) {
      case .head: enter(.body, limits.body, context)
      case .body: break
      case .end: enter(.answer, limits.answer, context)
      }
    }
    context.fireChannelRead(data)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if phase == .first || phase == .next {
      var line = AccessLine(context.remoteAddress)
      line.status = 400
      line.write()
      enter(.parting, limits.parting, context)
    }
    context.fireErrorCaught(error)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head(let head):
      isLast = head.headerFields[.connection] == "close"
      context.write(data, promise: promise)
    case .body:
      context.write(data, promise: promise)
    case .end:
      context.write(data, promise: promise)
      if isLast {
        // What the client still sends is read for a moment, so that the answer is not cut off with it.
        context.flush()
        context.close(mode: .output, promise: nil)
        enter(.parting, limits.parting, context)
      } else if phase == .answer {
        enter(.next, limits.idle, context)
      }
    }
  }

  private func enter(_ phase: Phase, _ limit: TimeAmount, _ context: ChannelHandlerContext) {
    alarm?.cancel()
    self.phase = phase
    alarm = context.eventLoop.assumeIsolated().scheduleTask(in: limit) {
      self.ring(context)
    }
  }

  private func ring(_ context: ChannelHandlerContext) {
    switch phase {
    case .answer, .next, .parting: return context.close(promise: nil)
    case .first:
      var line = AccessLine(context.remoteAddress)
      line.status = 408
      line.write()
    case .body: break  // Whoever reads the body writes the line.
    }
    let head = HTTPResponse(
      status: .requestTimeout, headerFields: [.connection: "close", .contentLength: "0"])
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    context.close(promise: nil)
  }
}
