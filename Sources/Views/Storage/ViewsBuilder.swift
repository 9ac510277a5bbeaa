internal import Accountability
internal import Cryptography
internal import GRDB
internal import Ledger

/// Fills a fresh file with the rows of a log.
struct ViewsBuilder {
  let store: any TruthStore
  let policy: VerificationPolicy

  /// The rows of the first `size` entries.
  ///
  /// - Parameter path: A file that is not there; the empty path is a temporary one without a name.
  /// - Returns: The open database. Nothing has been synced.
  func build(
    at path: String, size: UInt64, _ progress: (UInt64, UInt64) -> Void
  ) throws -> DatabaseQueue {
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
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.unsafeReentrantWrite { db in
      try db.execute(sql: ViewsSchema.tables)
      try db.inTransaction {
        try fill(db, size, progress)
        return .commit
      }
      try db.execute(sql: ViewsSchema.indexes)
    }
    return queue
  }

  private func fill(
    _ db: Database, _ size: UInt64, _ progress: (UInt64, UInt64) -> Void
  ) throws {
    guard let root = try store.root(at: size, end: store.end()) else {
      throw StorageError(.damaged, "The root of the ledger at size \(size) cannot be read.")
    }
    let writer = try ViewsWriter(db)
    var fold = LogFold(Programme(), from: 0, of: store, verifying: policy)
    var submissions: [KeyName: [(n: UInt64, entry: UInt64)]] = [:]
    let pipeline = EntryPipeline(store: store, policy: policy, keys: KeyBook())
    try pipeline.run(0..<size) { entries in
      for parsed in entries {
        let entry = try? parsed.entry.get()
        let outcome = try fold.fold(parsed)
        try writer.addEntry(parsed.index, entry, outcome)
        if outcome == .applied, let author = entry?.submission.author {
          submissions[author.key, default: []].append((author.n, parsed.index))
        }
      }
      if let last = entries.last?.index { progress(last + 1, size) }
    }
    // In the order of their tables, so that each row goes to the end of its tree.
    let authors = submissions.map { (name: $0.key.description, places: $0.value) }
    for author in authors.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
      for place in author.places.sorted(by: { $0.n < $1.n }) {
        try writer.putSubmission(author.name, place.n, entry: place.entry)
      }
    }
    try fold.programme.forEachRecord { try writer.put($0, $1) }
    try writer.put(StatePosition(size: size, root: root))
  }
}
