internal import Dispatch
internal import HelperProtocol
internal import Synchronization

/// Where requests are handed to `onus` on standard output, and its answers taken from standard input.
final class Desk: Sendable {
  /// For how many seconds an answer of `onus` is waited for.
  static let patienceSeconds = 30

  private let waiting = Mutex<[UInt64: CheckedContinuation<HelperMessage.Answer?, Never>]>([:])
  private let count = Mutex<UInt64>(0)
  // `onus` takes one request after the other; no thread that serves others waits for that.
  private let output = DispatchQueue(label: "requests")

  /// Says something that nobody answers.
  func say(_ message: HelperMessage) {
    output.sync { _ = Standard.write(message.bytes) }
  }

  /// What `onus` answers to a request; `nil` if it does not in time.
  func answer(_ method: String, _ path: String, _ body: [UInt8]) async -> HelperMessage.Answer? {
    let id = count.withLock {
      $0 += 1
      return $0
    }
    return await withCheckedContinuation { continuation in
      waiting.withLock { $0[id] = continuation }
      output.async {
        _ = Standard.write(
          HelperMessage.request(id: id, method: method, path: path, body: body).bytes)
      }
      DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(Self.patienceSeconds)) {
        self.settle(id, nil)
      }
    }
  }

  /// Hands on answers until standard input ends, which it does with `onus`; then runs `end`.
  func listen(_ end: @escaping @Sendable () -> Void) {
    DispatchQueue(label: "answers").async {
      var frames = Frame.Reader()
      while let bytes = Standard.read() {
        frames.append(bytes)
        do {
          while let frame = try frames.next() {
            guard case .answer(let id, let answer) = try HelperMessage(frame) else { return end() }
            self.settle(id, answer)
          }
        } catch {
          return end()
        }
      }
      end()
    }
  }

  private func settle(_ id: UInt64, _ answer: HelperMessage.Answer?) {
    waiting.withLock { $0.removeValue(forKey: id) }?.resume(returning: answer)
  }
}
