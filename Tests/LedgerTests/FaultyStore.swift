import Cryptography
import Ledger
import Synchronization

/// A store that fails one write on purpose: before it is kept, or after, "stored but reported as
/// failed".
final class FaultyStore: TruthStore {
  enum Step: Hashable, CaseIterable { case append, release }
  enum Moment: Hashable, CaseIterable { case before, after }

  private struct Fault: Sendable {
    var step: Step
    var moment: Moment
    var error: StorageError
  }

  private let store: any TruthStore
  private let fault = Mutex<Fault?>(nil)
  /// Called between the commit and the return of `append`.
  private let hook = Mutex<(@Sendable () -> Void)?>(nil)

  init(_ store: any TruthStore) { self.store = store }

  /// The next write of that kind fails; those after it do not.
  func fail(_ step: Step, _ moment: Moment, code: StorageError.Code = .unknownOutcome) {
    fault.withLock {
      $0 = Fault(step: step, moment: moment, error: StorageError(code, "A fault, on purpose."))
    }
  }

  /// Runs once, after the next append is durable.
  func afterAppend(_ body: @escaping @Sendable () -> Void) { hook.withLock { $0 = body } }

  func head() throws(StorageError) -> StoredHead? { try store.head() }
  func entry(_ index: UInt64) throws(StorageError) -> [UInt8]? { try store.entry(index) }
  func scan(_ range: Range<UInt64>, _ body: (UInt64, Span<UInt8>) throws -> Void) throws {
    try store.scan(range, body)
  }
  func tile(level: Int, index: UInt64) throws(StorageError) -> [Digest]? {
    try store.tile(level: level, index: index)
  }
  func opening(_ commitment: Digest) throws(StorageError) -> StoredOpening? {
    try store.opening(commitment)
  }
  func scanOpenings(_ body: (StoredOpening) throws -> Void) throws {
    try store.scanOpenings(body)
  }
  func cosignatures() throws(StorageError) -> [StoredCosignature] { try store.cosignatures() }
  func keepCosignature(_ cosignature: StoredCosignature) throws(StorageError) {
    try store.keepCosignature(cosignature)
  }
  func scanTimestamps(_ body: (StoredTimestamp) throws -> Void) throws {
    try store.scanTimestamps(body)
  }
  func keepTimestamp(_ timestamp: StoredTimestamp) throws(StorageError) {
    try store.keepTimestamp(timestamp)
  }
  func addOpenings(_ openings: [StoredOpening]) throws(StorageError) {
    try store.addOpenings(openings)
  }
  func eraseOpenings(_ commitments: [Digest]) throws(StorageError) -> Int {
    try store.eraseOpenings(commitments)
  }

  func append(_ batch: Batch) throws(StorageError) {
    try trip(.append, .before)
    try store.append(batch)
    let hook = self.hook.withLock { hook in
      defer { hook = nil }
      return hook
    }
    hook?()
    try trip(.append, .after)
  }

  func release(_ checkpoint: [UInt8]) throws(StorageError) {
    try trip(.release, .before)
    try store.release(checkpoint)
    try trip(.release, .after)
  }

  private func trip(_ step: Step, _ moment: Moment) throws(StorageError) {
    let error = fault.withLock { fault -> StorageError? in
      guard let due = fault, due.step == step, due.moment == moment else { return nil }
      fault = nil
      return due.error
    }
    if let error { throw error }
  }
}
