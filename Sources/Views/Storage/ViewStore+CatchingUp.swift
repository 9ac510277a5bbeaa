internal import Accountability
internal import Cryptography
internal import FoundationEssentials
internal import GRDB
public import Ledger

extension ViewStore {
  /// Beyond this many entries an empty view is built beside rather than filled in place.
  private static let rebuildThreshold: UInt64 = 4096

  /// Folds everything the store holds beyond the position, released or not.
  ///
  /// Only the records that an entry reads are loaded, so that catching up costs as much as what is
  /// new. Position and rows commit together, some entries at a time. If the root at the position is
  /// not the log's, or the file is of another projection or for other rules, the views are rebuilt.
  public func catchUp(with store: any TruthStore) throws {
    do {
      try catchUpAsItComes(with: store)
    } catch let error as DatabaseError {
      throw StorageError(views: error)
    }
  }

  private func catchUpAsItComes(with store: any TruthStore) throws {
    let end = try store.end()
    guard isUsable() else { return try rebuild(from: store) }
    let position = try position()
    guard position.size <= end.size,
      try store.root(at: position.size, end: end) == position.root
    else { return try rebuild(from: store) }
    if position.size == 0, end.size > Self.rebuildThreshold { return try rebuild(from: store) }
    if position.size < end.size { try foldOn(from: position.size, to: end, of: store) }
  }

  private func foldOn(from start: UInt64, to end: StatePosition, of store: any TruthStore) throws {
    let keys = KeyBook()
    for row in try read({ try $0.keyRecords() }) {
      if let publicKey = row.publicKey { keys.add(publicKey, as: row.name) }
    }
    let pipeline = EntryPipeline(store: store, policy: policy, keys: keys)
    do {
      try pipeline.run(start..<end.size) { entries in
        try foldTogether(entries, to: end, of: store)
      }
    } catch is OvertakenError {
      try catchUpAsItComes(with: store)
    }
  }

  /// Another process has folded the same entries: its rows are the same ones.
  private struct OvertakenError: Error {}

  /// Folds what one transaction takes in, and drops the slice with it.
  private func foldTogether(
    _ entries: [ParsedEntry], to end: StatePosition, of store: any TruthStore
  ) throws {
    guard let first = entries.first?.index, let last = entries.last?.index else { return }
    try write { db in
      guard try db.storedPosition()?.size == first else { throw OvertakenError() }
      var fold = LogFold(.makeSlice(), from: first, of: store, verifying: policy)
      let writer = try ViewsWriter(db)
      for parsed in entries {
        let entry = try? parsed.entry.get()
        if let entry { try fold.load(for: entry.submission.facts, from: db) }
        let outcome = try fold.fold(parsed)
        try writer.addEntry(parsed.index, entry, outcome)
        if outcome == .applied, let author = entry?.submission.author {
          try writer.putSubmission(author.key.description, author.n, entry: parsed.index)
        }
      }
      try writer.put(fold.programme.takeChanges())
      let root = try store.root(at: last + 1, end: end)
      try writer.put(StatePosition(size: last + 1, root: root ?? end.root))
    }
  }
}

extension LogFold {
  /// Loads what judging a submission reads and the slice does not hold yet.
  fileprivate mutating func load(for submission: SubmissionFacts, from db: Database) throws {
    while true {
      let keys = programme.missing(for: submission)
      guard !keys.isEmpty else { return }
      for (key, bytes) in zip(keys, try db.records(keys)) { try programme.load(key, bytes) }
    }
  }
}

extension Database {
  fileprivate func keyRecords() throws -> [EnrolledKey] {
    let statement = try cachedStatement(sql: ViewsStatement.records.rawValue)
    let rows = try Row.fetchAll(statement, arguments: [Int64(StateKey.Kind.key.rawValue)])
    return try rows.map { try RecordCoder.decode(EnrolledKey.self, [UInt8]($0[1] as Data)) }
  }
}
