internal import Dispatch
internal import Synchronization

/// A short line in which one thread hands values to another, in order.
///
/// The giver waits while the line is full, so that memory does not grow with what is handed over.
final class BoundedQueue<Value: Sendable>: Sendable {
  private struct Line: Sendable {
    var values: [Value] = []
    var end: Result<Void, any Error>?
    var isRefused = false
  }

  private let line = Mutex(Line())
  private let room = DispatchSemaphore(value: 0)
  private let ready = DispatchSemaphore(value: 0)

  init(capacity: Int) {
    // Not as its first value, below which no semaphore may be when it goes.
    for _ in 0..<capacity { room.signal() }
  }

  /// Hands over one value, waiting for room.
  ///
  /// - Throws: `CancellationError` once the taker wants no more.
  func give(_ value: Value) throws {
    room.wait()
    try line.withLock { line in
      guard !line.isRefused else { throw CancellationError() }
      line.values.append(value)
    }
    ready.signal()
  }

  /// Says that nothing more comes, and why.
  func end(_ result: Result<Void, any Error>) {
    line.withLock { $0.end = result }
    ready.signal()
  }

  /// The next value, once there is one; `nil` after the last.
  ///
  /// - Throws: What the giver ended with.
  func take() throws -> Value? {
    ready.wait()
    let value: Value? = try line.withLock { line in
      guard line.values.isEmpty else { return line.values.removeFirst() }
      try line.end?.get()
      return nil
    }
    if value != nil { room.signal() }
    return value
  }

  /// Wants no more: whoever is giving, or waits to, stops.
  func refuse() {
    line.withLock { $0.isRefused = true }
    room.signal()
  }
}
