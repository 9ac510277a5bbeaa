internal import AsyncHTTPClient
internal import Encoding
internal import HelperProtocol
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

/// Asks servers, and takes from them no more than was bargained for: no redirection, no compression, no
/// byte beyond the limit, no second beyond the time.
struct WebClient: Sendable {
  /// The head of an answer.
  struct Head: Sendable {
    let status: Int
    let contentType: String?
  }

  private let client: HTTPClient

  /// Lends a client that is shut down afterwards, with whatever it had under way.
  ///
  /// In the place of the system's certificates those in the file `$SSL_CERT_FILE` are trusted.
  ///
  /// - Parameter connections: How many connections to one server there are at most.
  static func lend<Result: Sendable>(
    connections: Int, _ body: (WebClient) async throws -> Result
  ) async throws -> Result {
    let client = try WebClient(
      connections: connections, roots: Standard.environment("SSL_CERT_FILE"))
    do {
      let result = try await body(client)
      try? await client.client.shutdown()
      return result
    } catch {
      try? await client.client.shutdown()
      throw error
    }
  }

  private init(connections: Int, roots: String?) throws(NetFailure) {
    var tls = TLSConfiguration.makeClientConfiguration()
    if let roots {
      do {
        tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(roots))
      } catch {
        throw NetFailure(.couldNotRun, "No certificates can be read from \(roots).")
      }
    }
    var configuration = HTTPClient.Configuration(
      tlsConfiguration: tls, redirectConfiguration: .disallow, decompression: .disabled)
    configuration.httpVersion = .http1Only
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
    // Whoever cannot be reached is not tried again and again until the time is up.
    configuration.connectionPool.retryConnectionEstablishment = false
    client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  /// Sends a request and hands over what comes back, piece by piece.
  ///
  /// - Parameters:
  ///   - limit: The most bytes of the answer.
  ///   - seconds: How long all of it may take.
  ///   - wants: Whether the body of an answer of that status is read; else only its head is.
  /// - Throws: `NetFailure` of ``HelperExit/unanswered`` or ``HelperExit/unacceptable``, and what
  ///   `take` throws.
  func exchange(
    _ method: HTTPMethod, _ address: WebAddress, headers: [(String, String)] = [],
    body: [UInt8]? = nil, limit: Int, seconds: Int,
    wants: @escaping @Sendable (_ status: Int) -> Bool = { _ in true },
    take: @escaping @Sendable (ByteBuffer) throws -> Void
  ) async throws -> Head {
    try await withThrowingTaskGroup(of: Head?.self) { group in
      group.addTask {
        try await ask(
          method, address, headers: headers, body: body, limit: limit, seconds: seconds,
          wants: wants, take: take)
      }
      group.addTask {
        try await Task.sleep(for: .seconds(seconds))
        return nil
      }
      defer { group.cancelAll() }
      do {
        guard let head = try await group.next() ?? nil else { throw Self.late(address, seconds) }
        return head
      } catch let failure as NetFailure {
        throw failure
      } catch {
        throw Self.failure(error, address, seconds)
      }
    }
  }

  private func ask(
    _ method: HTTPMethod, _ address: WebAddress, headers: [(String, String)], body: [UInt8]?,
    limit: Int, seconds: Int, wants: @Sendable (Int) -> Bool,
    take: @Sendable (ByteBuffer) throws -> Void
  ) async throws -> Head {
    var request = HTTPClientRequest(url: "\(address)")
    request.method = method
    request.headers.add(name: "User-Agent", value: "onus-net")
    for (name, value) in headers { request.headers.add(name: name, value: value) }
    if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
    let response = try await client.execute(request, timeout: .seconds(Int64(seconds)))
    let head = Head(
      status: Int(response.status.code),
      contentType: response.headers["Content-Type"].first)
    guard !(300..<400).contains(head.status) else {
      let target = response.headers["Location"].first.map { " to \(Self.short($0))" } ?? ""
      throw NetFailure(
        .unacceptable,
        "\(address) answers \(head.status) and sends us on\(target), where we do not go by ourselves."
      )
    }
    guard wants(head.status) else { return head }
    guard response.headers["Content-Encoding"].allSatisfy({ $0.lowercased() == "identity" }) else {
      throw NetFailure(.unacceptable, "\(address) answers in an encoding that was not asked for.")
    }
    guard response.headers["Content-Length"].allSatisfy({ Int($0).map { $0 <= limit } ?? false })
    else { throw Self.tooLong(address, limit) }
    var count = 0
    for try await piece in response.body {
      count += piece.readableBytes
      guard count <= limit else { throw Self.tooLong(address, limit) }
      try take(piece)
    }
    return head
  }

  // MARK: Sentences

  private static func tooLong(_ address: WebAddress, _ limit: Int) -> NetFailure {
    NetFailure(
      .unacceptable, "\(address) answers with more than the \(limit) bytes that are taken.",
      .tooLong)
  }

  private static func late(_ address: WebAddress, _ seconds: Int) -> NetFailure {
    NetFailure(.unanswered, "\(address) gave no whole answer within \(seconds) s.", .late)
  }

  private static func failure(
    _ error: any Error, _ address: WebAddress, _ seconds: Int
  ) -> NetFailure {
    switch error {
    case let error as HTTPClientError
    where [.deadlineExceeded, .connectTimeout, .readTimeout, .tlsHandshakeTimeout].contains(error):
      return late(address, seconds)
    case let error as HTTPClientError where error == .remoteConnectionClosed:
      return NetFailure(.unanswered, "\(address) closed the line before its answer was whole.")
    case is ChannelError:
      return NetFailure(.unanswered, "\(address) closed the line before its answer was whole.")
    case let error as HTTPParserError where error == .invalidEOFState:
      return NetFailure(.unanswered, "\(address) closed the line before its answer was whole.")
    case let error as NIOHTTPDecoderError where error == .unsolicitedResponse:
      return NetFailure(.unacceptable, "\(address) answers more than it was asked.")
    case is HTTPParserError:
      return NetFailure(.unacceptable, "\(address) answers what is not HTTP.")
    case let error as NIOConnectionError:
      let why =
        error.connectionErrors.first.map { reason($0.error) } ?? "its name leads nowhere"
      return NetFailure(.unanswered, "\(address) cannot be reached: \(why).")
    case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
      // What else it says names files of whoever built this.
      let isCertificate =
        "\(error)".contains("CERTIFICATE_VERIFY_FAILED") || error is NIOSSLExtraError
      return NetFailure(
        .unanswered,
        isCertificate
          ? "\(address) does not show a certificate that is trusted here."
          : "\(address) does not speak TLS, or not as we do.")
    default:
      return NetFailure(.unanswered, "\(address) could not be asked: \(reason(error)).")
    }
  }

  private static func reason(_ error: any Error) -> String {
    if let error = error as? IOError { return Standard.reason(error.errnoCode) }
    return short("\(error)")
  }

  /// What somebody else wrote, of bounded length.
  static func short(_ text: String) -> String {
    text.utf8.count <= 200 ? text : String(decoding: text.utf8.prefix(200), as: UTF8.self) + "…"
  }
}
