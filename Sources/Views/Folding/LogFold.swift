internal import Accountability
internal import Cryptography
internal import Ledger
internal import TransparencyLog

/// Folds a log in order: the one place where the views decide what an entry came to.
///
/// It has no opinion of its own; `Programme.apply` judges, as it does for the writer and the audit.
/// An entry whose bytes are none is void: it is named and passed over, so that one bad entry does
/// not end the fold.
struct LogFold {
  /// The state so far.
  var programme: Programme
  private let store: any TruthStore
  private let policy: VerificationPolicy
  private let first: UInt64
  private var headers: [EntryHeader?] = []

  /// A fold that goes on at entry `first` from the state there.
  init(
    _ programme: Programme, from first: UInt64, of store: any TruthStore,
    verifying policy: VerificationPolicy
  ) {
    self.programme = programme
    self.store = store
    self.policy = policy
    self.first = first
  }

  /// Judges the next entry and applies it if it holds.
  mutating func fold(_ parsed: ParsedEntry) throws -> Outcome {
    defer { headers.append(parsed.header) }
    let entry: Entry
    switch parsed.entry {
    case .success(let success): entry = success
    case .failure(let error):
      return .void(.unreadable(parsed.index, error.description))
    }
    let (headers, first, store) = (self.headers, self.first, self.store)
    let verifies = policy.covers(parsed.index)
    return try programme.apply(
      entry, at: parsed.index,
      header: { index in
        guard index >= first else { return try store.readableHeader(index) }
        let offset = Int(index - first)
        return headers.indices.contains(offset) ? headers[offset] : nil
      },
      isSigned: { line, key in
        guard verifies else { return true }
        if parsed.verdicts.indices.contains(line), let verdict = parsed.verdicts[line],
          verdict.key == key
        {
          return verdict.isValid
        }
        return entry.submission.isSigned(line, by: key)
      })
  }
}

extension TruthStore {
  /// How long the log is, released or not, and the root over it.
  func end() throws -> StatePosition {
    guard let head = try head() else { return .start }
    do {
      return StatePosition(
        size: head.size, root: try SignedCheckpoint(head.checkpoint).checkpoint.root)
    } catch {
      throw StorageError(.damaged, "The stored checkpoint cannot be read: \(error.message)")
    }
  }

  /// The root over the first `size` entries, as the log itself says; `nil` if it holds fewer, or if
  /// the header that would say so cannot be read.
  func root(at size: UInt64, end: StatePosition) throws -> Digest? {
    if size == 0 { return StatePosition.start.root }
    if size == end.size { return end.root }
    guard size < end.size, let leaf = try entry(size) else { return nil }
    return try? EntryHeader.parse(leaf[...]).header.root
  }
}
