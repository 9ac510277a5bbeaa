import Foundation
import Ledger
import Synchronization
import Testing

@Suite("What a thread has made")
struct ThreadReturnsTests {
  /// Notes on which thread it is freed.
  private final class Witness: Sendable {
    private let log: Log
    init(_ log: Log) { self.log = log }
    deinit { log.note() }
  }

  private final class Log: Sendable {
    private let threads = Mutex<[pthread_t]>([])
    var freedOn: [pthread_t] { threads.withLock { $0 } }
    func note() { threads.withLock { $0.append(pthread_self()) } }
  }

  /// A thread that does one thing after another and is the same throughout.
  private final class Worker: Sendable {
    private let work = Mutex<(@Sendable () -> Void)?>(nil)
    private let begin = DispatchSemaphore(value: 0)
    private let isDone = DispatchSemaphore(value: 0)

    init() {
      Thread { [self] in
        while true {
          begin.wait()
          guard let next = work.withLock({ $0.take() }) else { return }
          next()
          isDone.signal()
        }
      }.start()
    }

    func run<R: Sendable>(_ body: @escaping @Sendable () -> R) -> R? {
      let result = Result<R>()
      work.withLock { $0 = { result.value.withLock { $0 = body() } } }
      begin.signal()
      isDone.wait()
      return result.value.withLock { $0.take() }
    }

    func stop() { begin.signal() }

    private final class Result<R: Sendable>: Sendable {
      let value = Mutex<R?>(nil)
    }
  }

  @Test func `is freed by it when it makes more, whoever let go of it`() throws {
    let (maker, other) = (Worker(), Worker())
    defer {
      maker.stop()
      other.stop()
    }
    let (log, otherLog) = (Log(), Log())
    let returns = ThreadReturns<Witness>()
    var made = maker.run { returns.make { Witness(log) } }
    #expect(made != nil)
    made = nil
    #expect(log.freedOn == [])
    let kept = other.run { returns.make { Witness(otherLog) } }
    #expect(log.freedOn == [])
    let next = maker.run { returns.make { Witness(log) } }
    #expect(log.freedOn == [try #require(maker.run { pthread_self() })])
    #expect(otherLog.freedOn == [])
    withExtendedLifetime((kept, next)) {}
  }

  @Test func `is freed at the latest with what it was to go back by`() throws {
    let log = Log()
    do {
      let returns = ThreadReturns<Witness>()
      for _ in 0..<3 { _ = returns.make { Witness(log) } }
      #expect(log.freedOn.count == 2)
    }
    #expect(log.freedOn.count == 3)
  }
}
