public import Accountability
public import Cryptography
internal import Synchronization
internal import TransparencyLog

/// The folded state in memory, whole: for tests, and for ledgers small enough not to need views.
public final class WholeState: StateSource {
  private struct Contents: Sendable {
    var programme = Programme()
    var records: [StateKey: [UInt8]] = [:]
    var submissions: [SubmissionFacts.Signer: UInt64] = [:]
    var position = StatePosition(size: 0, root: MerkleTree.emptyRoot)
  }

  private let contents = Mutex(Contents())

  /// The state before entry 0.
  public init() {}

  /// The folded state as it is now.
  public var programme: Programme { contents.withLock { $0.programme } }

  /// How much of the log has been folded, and the root over it.
  public func position() throws(StorageError) -> StatePosition {
    contents.withLock { $0.position }
  }

  /// The records under these keys; `nil` where there is none.
  public func load(_ keys: [StateKey]) throws(StorageError) -> [[UInt8]?] {
    contents.withLock { contents in keys.map { contents.records[$0] } }
  }

  /// The entry that holds a submission, if it was applied.
  public func entry(ofSubmission n: UInt64, by key: KeyName) throws(StorageError) -> UInt64? {
    contents.withLock { $0.submissions[SubmissionFacts.Signer(key: key, n: n)] }
  }

  /// Folds what the store holds beyond the position; everything, if the roots do not match.
  public func catchUp(with store: any TruthStore) throws {
    guard let head = try store.head() else {
      return contents.withLock { $0 = Contents() }
    }
    let checkpoint = try head.newest().checkpoint
    try contents.withLock { contents in
      let position = contents.position
      let rootThere =
        position.size == checkpoint.size
        ? checkpoint.root : try store.header(position.size)?.root
      if rootThere != position.root { contents = Contents() }
      while contents.position.size < checkpoint.size {
        guard let leaf = try store.entry(contents.position.size) else {
          throw StorageError(.damaged, "Entry \(contents.position.size) is missing.")
        }
        let entry = try Entry(leaf)
        let next = entry.index + 1
        let root = try next == checkpoint.size ? checkpoint.root : store.header(next)?.root
        let outcome = try contents.programme.apply(entry) { try store.header($0) }
        let changes = contents.programme.takeChanges()
        Self.take(
          FoldedEntry(entry: entry, outcome: outcome, changes: changes), into: &contents)
        contents.position = StatePosition(size: next, root: root ?? checkpoint.root)
      }
    }
  }

  /// Takes in what a writer has appended.
  public func record(_ batch: FoldedBatch) throws(StorageError) {
    try contents.withLock { (contents) throws(StorageError) in
      for folded in batch.entries {
        Self.take(folded, into: &contents)
        for change in folded.changes {
          do throws(StateError) {
            try contents.programme.load(change.key, change.value)
          } catch {
            throw StorageError(.damaged, "A record could not be read back: \(error.message)")
          }
        }
      }
      contents.position = batch.position
    }
  }

  private static func take(_ folded: FoldedEntry, into contents: inout Contents) {
    for change in folded.changes { contents.records[change.key] = change.value }
    if folded.outcome == .applied {
      contents.submissions[folded.entry.submission.author] = folded.entry.index
    }
  }
}
