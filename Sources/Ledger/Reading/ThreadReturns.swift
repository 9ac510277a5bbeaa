internal import Glibc
internal import Synchronization

/// Sees to it that what a thread has made is freed by that thread, whoever lets go of it last.
///
/// Readers make thousands of small things for one fold to take in and drop. Freed there, each has
/// its thread's part of the heap locked while that thread wants to allocate, and the two wait for
/// each other: an audit without signatures took an eighth to a third longer for it.
///
/// Who owns what: ``ThreadOwned`` owns its value and lends it. When the last reference to it goes, on
/// whatever thread, the value comes here and is kept under the name of its thread, until that thread
/// makes another one, or until this object goes, which every ``ThreadOwned`` keeps alive. So what has
/// been made and not freed is at most what readers hold at a time and what came back since a thread's
/// last ``make(_:)``: a thread that makes nothing more leaves its last values here to the end.
///
/// A thread that ended and one that began since may bear the same name; then the new one frees the values
/// of the old, which is slower and nothing worse.
public final class ThreadReturns<Value: Sendable>: Sendable {
  private let spent = Mutex<[pthread_t: [Value]]>([:])

  /// Nothing made yet.
  public init() {}

  /// Frees what this thread has made and nobody needs any more, and makes another value, which the
  /// caller owns.
  public func make(_ body: () throws -> Value) rethrows -> ThreadOwned<Value> {
    freeOwn()
    return ThreadOwned(try body(), of: pthread_self(), self)
  }

  /// In a call of its own: what it takes out is gone when it returns, and the lock before.
  @inline(never)
  private func freeOwn() {
    _ = spent.withLock { $0.removeValue(forKey: pthread_self()) }
  }

  fileprivate func take(_ value: Value, of thread: pthread_t) {
    spent.withLock { $0[thread, default: []].append(value) }
  }
}

/// A value that goes back to the thread that made it once nobody needs it any more.
///
/// A copy of ``value`` that outlives this object shares the value's memory as any copy does, and whoever
/// drops it last frees that: keep the object, not the copy.
public final class ThreadOwned<Value: Sendable>: Sendable {
  /// What was made.
  public let value: Value
  private let thread: pthread_t
  private let returns: ThreadReturns<Value>

  fileprivate init(_ value: Value, of thread: pthread_t, _ returns: ThreadReturns<Value>) {
    self.value = value
    self.thread = thread
    self.returns = returns
  }

  deinit { returns.take(value, of: thread) }
}
