internal import Cryptography
internal import GRDB
public import Ledger

/// Whether stored views are what the log folds to: the views axis of an audit (DESIGN §8).
public enum ViewsCheck: Hashable, Sendable {
  /// There are none.
  case absent
  /// They are of another projection, for other rules, or no views at all; the next use rebuilds them.
  case outdated
  /// They are at a place where the log never was; the next use rebuilds them.
  case ofAnotherLog
  /// Every row is the one that a fresh fold gives, up to this size.
  case equal(size: UInt64)
  /// Rows of this table are not what a fresh fold gives.
  case different(table: String, size: UInt64)

  /// Compares the views at `path` with a fresh fold of the log as far as they go.
  ///
  /// They are neither caught up nor changed. The fresh ones are built in a temporary file.
  ///
  /// - Parameter policy: Whose signatures the fold verifies; after an audit, the entries it found
  ///   void are enough.
  public init(
    viewsAt path: String, of store: any TruthStore,
    verifying policy: VerificationPolicy = .everything
  ) throws {
    let file = ViewsFile(path)
    guard file.identity != nil else {
      self = .absent
      return
    }
    var configuration = Configuration()
    configuration.busyMode = .timeout(ViewStore.busyTimeout)
    configuration.readonly = true
    let stored: (position: StatePosition, hashes: [(name: String, hash: Digest)])?
    do {
      stored = try DatabaseQueue(path: file.nameForReading, configuration: configuration).read {
        db in
        guard let position = try db.storedPosition() else { return nil }
        return (position, try db.tableHashes())
      }
    } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
      throw StorageError(views: error)
    } catch is DatabaseError {
      stored = nil
    }
    guard let stored else {
      self = .outdated
      return
    }
    let (position, end) = (stored.position, try store.end())
    guard position.size <= end.size, try store.root(at: position.size, end: end) == position.root
    else {
      self = .ofAnotherLog
      return
    }
    let fresh = try ViewsBuilder(store: store, policy: policy)
      .build(at: "", size: position.size) { _, _ in }
      .unsafeReentrantWrite { try $0.tableHashes() }
    let difference = zip(stored.hashes, fresh).first { $0.hash != $1.hash }
    self =
      difference.map { .different(table: $0.0.name, size: position.size) }
      ?? .equal(size: position.size)
  }
}
