public import Accountability
internal import Cryptography
public import Encoding
public import Ledger
internal import TransparencyLog

/// The state of a ledger as it was at some size, folded in memory: what `--as-of` shows and reports are
/// made of.
///
/// The bytes it is folded from are hashed, and are those of the root it bears.
public struct FoldedLog: Sendable {
  /// The state, whole.
  public let programme: Programme
  /// How far it goes, and the root there.
  public let position: StatePosition
  /// The ledger's clock at its last entry; `nil` for nothing.
  public let time: Timestamp?
  /// The entries that do not count, and why.
  public let voidEntries: [VoidEntry]
  /// The rules version from which on nothing could be judged, if the log came to one.
  public let neededRules: Int?

  /// Folds the first `size` entries of a log.
  ///
  /// - Parameters:
  ///   - size: At most the length of the log, released or not; all of it unless given.
  ///   - policy: Whose signatures are verified. With views of the same ledger at hand,
  ///     ``ViewStore/policy(before:)`` spares those that they have verified.
  /// - Throws: `StorageError`, of code `unreadable` if the log holds fewer entries, `altered` if they are
  ///   not those of the root.
  public init(
    of store: any TruthStore, size: UInt64? = nil,
    verifying policy: VerificationPolicy = .everything
  ) throws {
    let end = try store.end()
    let size = size ?? end.size
    guard size <= end.size else {
      throw StorageError(
        .unreadable, "The ledger has \(end.size) entries, and \(size) are asked for.")
    }
    guard let root = try store.root(at: size, end: end) else {
      throw StorageError(
        .damaged, "Entry \(size) cannot be read, and with it the root before it.",
        hint: "Run `onus audit`, which says what is wrong.")
    }
    var fold = LogFold(Programme(notingChanges: false), from: 0, of: store, verifying: policy)
    var voidEntries: [VoidEntry] = []
    var neededRules: Int?
    var time: Timestamp?
    var tree = Frontier()
    let pipeline = EntryPipeline(store: store, policy: policy, keys: KeyBook(), isHashing: true)
    try pipeline.run(0..<size) { entries in
      for parsed in entries {
        if let hash = parsed.leafHash { tree.append(hash) }
        time = parsed.header?.time ?? time
        switch try fold.fold(parsed) {
        case .applied: break
        case .void(let refusal):
          voidEntries.append(VoidEntry(entry: parsed.index, refusal: refusal))
        case .unknown(let rules): neededRules = neededRules ?? rules
        }
      }
    }
    guard tree.root == root else {
      throw StorageError(
        .altered, "The first \(size) entries are not those of the root that was recorded for them.",
        hint: "Run `onus audit`, which says which.")
    }
    programme = fold.programme
    position = StatePosition(size: size, root: root)
    self.time = time
    self.voidEntries = voidEntries
    self.neededRules = neededRules
  }
}

extension ViewStore {
  /// The policy for folding the first `size` entries again: verify only where the views found an
  /// entry void. Sound as far as the views are, which verified all the others.
  public func policy(before size: UInt64) throws(StorageError) -> VerificationPolicy {
    guard try position().size >= size else { return .everything }
    return .only(Set(try voidEntries(before: size).map(\.entry)))
  }
}
