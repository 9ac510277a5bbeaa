internal import ArgumentParser
internal import Dispatch
internal import Glibc
internal import HelperProtocol
internal import NIOCore
internal import NIOHTTP1
internal import Synchronization

/// Fetches files below an address into a folder of its own, as it is told on standard input.
///
/// The folder ends with the helper, and the helper with its standard input: however `onus` ends, nothing
/// stays behind.
struct Fetch: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fetch the files that standard input names into a folder that ends with it.")

  @Option(name: .customLong("timeout"), help: "How many seconds one file may take.")
  var seconds: Int = 60
  @Option(help: "How many files are fetched at once.") var connections: Int = 8
  @Argument var address: String

  func run() async throws {
    let address = try WebAddress(address)
    try Limits.require(seconds: seconds)
    Self.say(.hello(version: HelperMessage.version))
    let folder: FetchFolder
    do {
      folder = try FetchFolder()
    } catch {
      return Self.say(.failed(name: "-", reason: error.sentence))
    }
    // Whoever interrupts means `onus`, which ends then; the folder must go before this process does.
    for number in [SIGINT, SIGTERM, SIGHUP] { _ = signal(number, SIG_IGN) }
    defer { folder.remove() }
    Self.say(.folder(path: folder.path))
    try await WebClient.lend(connections: connections) { client in
      await withDiscardingTaskGroup { group in
        for await message in Self.orders() {
          guard case .get(let path, let name, let limit) = message else { break }
          group.addTask {
            Self.say(await fetch(path, name, Int(clamping: limit), address, client, folder))
          }
        }
        // Nobody waits for the rest.
        group.cancelAll()
      }
    }
  }

  private func fetch(
    _ path: String, _ name: String, _ limit: Int, _ address: WebAddress, _ client: WebClient,
    _ folder: FetchFolder
  ) async -> HelperMessage {
    do {
      let count = try await Self.twice {
        let file = try folder.file(name)
        defer { file.close() }
        let place = try address.below(path)
        let head = try await client.exchange(
          .GET, place, headers: [("Accept-Encoding", "identity")], limit: limit, seconds: seconds,
          wants: { $0 == 200 }
        ) { piece in
          try file.add(piece.readableBytesView)
        }
        switch head.status {
        case 200: return file.keep()
        case 404, 410: throw NetFailure(.refused, "\(place) is not there.")
        default: throw NetFailure(.unacceptable, "\(place) answers \(head.status).")
        }
      }
      return .got(name: name, byteCount: UInt64(count))
    } catch let failure as NetFailure where failure.exit == .refused {
      return .missing(name: name)
    } catch let failure as NetFailure where failure.kind == .tooLong {
      return .tooLong(name: name)
    } catch let failure as NetFailure {
      return .failed(name: name, reason: failure.sentence)
    } catch let error as HelperError {
      return .failed(name: name, reason: error.message)
    } catch {
      return .failed(name: name, reason: "\(error)")
    }
  }

  /// Once more if the line broke: a server may end one that it kept open at the moment it is used.
  private static func twice<Result: Sendable>(
    _ body: () async throws -> Result
  ) async throws -> Result {
    do {
      return try await body()
    } catch let failure as NetFailure where failure.exit == .unanswered && failure.kind != .late {
      return try await body()
    }
  }

  /// The messages on standard input, to its end or to the first that is none.
  private static func orders() -> AsyncStream<HelperMessage> {
    AsyncStream { stream in
      DispatchQueue(label: "orders").async {
        var frames = Frame.Reader()
        while let bytes = Standard.read() {
          frames.append(bytes)
          do {
            while let frame = try frames.next() { stream.yield(try HelperMessage(frame)) }
          } catch {
            break
          }
        }
        stream.finish()
      }
    }
  }

  private static let output = Mutex<Void>(())

  private static func say(_ message: HelperMessage) {
    // A lost word is followed by the end of standard input.
    output.withLock { _ in _ = Standard.write(message.bytes) }
  }
}
