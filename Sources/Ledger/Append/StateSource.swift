public import Accountability
public import Cryptography

/// Where a writer finds the folded state that the rules read, and puts it back.
///
/// The state is kept as encoded records under ``Accountability/StateKey``, as far as
/// ``position()`` says. It is derived: a source that does not match the log is rebuilt by
/// ``catchUp(with:)``, never trusted and never mended.
///
/// What a source holds decides what is let in, so it is inside the writer's trust boundary; an
/// audit does not use one.
public protocol StateSource: AnyObject, Sendable {
  /// How much of the log has been folded, and the root over it.
  func position() throws(StorageError) -> StatePosition

  /// Folds everything the store holds beyond the position, released or not.
  ///
  /// On return the position is that of the store's head. If the root at its position is not the
  /// log's (`rootBefore` of the entry there, or the head's root), the source forgets everything and
  /// folds from entry 0.
  func catchUp(with store: any TruthStore) throws

  /// The records under these keys, in the same order; `nil` where there is none.
  func load(_ keys: [StateKey]) throws(StorageError) -> [[UInt8]?]

  /// The entry that holds submission `n` of the author `key` (its `by[0]`), if it was applied.
  func entry(ofSubmission n: UInt64, by key: KeyName) throws(StorageError) -> UInt64?

  /// Takes in what the writer has just appended: position and records together or not at all.
  ///
  /// Called after the entries are durable. If it throws, the entries stay, and the next
  /// ``catchUp(with:)`` folds them.
  func record(_ batch: FoldedBatch) throws(StorageError)
}

/// How far a fold has come.
public struct StatePosition: Hashable, Sendable {
  /// How many entries are folded.
  public let size: UInt64
  /// The root over them; the empty root if there are none.
  public let root: Digest

  /// A position.
  public init(size: UInt64, root: Digest) {
    self.size = size
    self.root = root
  }
}

/// Entries that have been folded, in order and without a gap.
public struct FoldedBatch: Sendable {
  /// The entries, at least one; the first has the index of the position before.
  public let entries: [FoldedEntry]
  /// The position after the last.
  public let position: StatePosition

  /// A batch.
  public init(entries: [FoldedEntry], position: StatePosition) {
    self.entries = entries
    self.position = position
  }
}

/// One entry, what became of it, and which records it changed.
public struct FoldedEntry: Sendable {
  /// The entry.
  public let entry: Entry
  /// Whether it counted. A writer's own are always `.applied`.
  public let outcome: Outcome
  /// The records it changed, in their new state, in order of key.
  public let changes: [(key: StateKey, value: [UInt8])]

  /// A folded entry.
  public init(
    entry: Entry, outcome: Outcome, changes: [(key: StateKey, value: [UInt8])]
  ) {
    self.entry = entry
    self.outcome = outcome
    self.changes = changes
  }
}
