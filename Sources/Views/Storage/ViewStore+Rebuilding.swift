internal import Accountability
internal import Cryptography
internal import Foundation
internal import GRDB
public import Ledger

extension ViewStore {
  /// Builds the views anew from entry 0, beside the old ones, and swaps them by rename.
  ///
  /// Whatever happens before the swap leaves the old views as they were. The whole state is held in
  /// memory while it is built.
  ///
  /// - Parameters:
  ///   - policy: Whose signatures are verified; that of the views unless given.
  ///   - progress: Told now and then how many entries of how many are folded.
  /// - Throws: `StorageError` of code `busy` if another process is using the old ones.
  public func rebuild(
    from store: any TruthStore, verifying policy: VerificationPolicy? = nil,
    progress: (_ done: UInt64, _ all: UInt64) -> Void = { _, _ in }
  ) throws {
    file.removeAbandoned()
    let new = file.beside
    do {
      try ViewsBuilder(store: store, policy: policy ?? self.policy).build(at: new, progress)
      try replace(with: new)
    } catch {
      new.remove()
      throw (error as? DatabaseError).map { StorageError(views: $0) } ?? error
    }
  }
}

/// Fills a fresh file with the rows of a whole log.
struct ViewsBuilder {
  let store: any TruthStore
  let policy: VerificationPolicy

  /// On return the file is complete and closed; it has not been synced.
  func build(at file: ViewsFile, _ progress: (UInt64, UInt64) -> Void) throws {
    var configuration = Configuration()
    configuration.label = "views.rebuild"
    configuration.foreignKeysEnabled = false
    configuration.prepareDatabase { db in
      // Nobody else knows the file, and a crash leaves it behind: nothing of it needs to last yet.
      try db.execute(
        sql: """
          PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;
          PRAGMA cache_size = -65536; PRAGMA application_id = \(ViewsSchema.applicationID);
          PRAGMA user_version = \(ViewsSchema.version);
          """)
    }
    let queue = try DatabaseQueue(path: file.path, configuration: configuration)
    try queue.unsafeReentrantWrite { db in
      try db.execute(sql: ViewsSchema.tables)
      try db.inTransaction {
        try fill(db, progress)
        return .commit
      }
      try db.execute(sql: ViewsSchema.indexes)
      try db.execute(sql: "PRAGMA locking_mode = NORMAL; PRAGMA journal_mode = WAL")
    }
    try queue.close()
  }

  private func fill(_ db: Database, _ progress: (UInt64, UInt64) -> Void) throws {
    let end = try store.end()
    let writer = try ViewsWriter(db)
    var fold = LogFold(Programme(), from: 0, of: store, verifying: policy)
    var submissions: [KeyName: [(n: UInt64, entry: UInt64)]] = [:]
    let pipeline = EntryPipeline(store: store, policy: policy, keys: KeyBook())
    try pipeline.run(0..<end.size) { entries in
      for parsed in entries {
        let entry = try? parsed.entry.get()
        let outcome = try fold.fold(parsed)
        try writer.addEntry(parsed.index, entry, outcome)
        if outcome == .applied, let author = entry?.submission.author {
          submissions[author.key, default: []].append((author.n, parsed.index))
        }
      }
      if let last = entries.last?.index { progress(last + 1, end.size) }
    }
    // In the order of their tables, so that each row goes to the end of its tree.
    let authors = submissions.map { (name: $0.key.description, places: $0.value) }
    for author in authors.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
      for place in author.places.sorted(by: { $0.n < $1.n }) {
        try writer.putSubmission(author.name, place.n, entry: place.entry)
      }
    }
    try writer.put(fold.programme.records())
    try writer.put(end)
  }
}
