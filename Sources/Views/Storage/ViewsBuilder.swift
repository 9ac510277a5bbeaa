internal import Accountability
internal import Cryptography
internal import Dispatch
internal import GRDB
internal import Ledger

/// Fills a fresh file with the rows of a log: one thread folds, the caller's writes.
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
      for table in ViewsSchema.tables { try db.execute(sql: table) }
      try db.inTransaction {
        try fill(db, size, progress)
        return .commit
      }
      for index in ViewsSchema.indexes { try db.execute(sql: index) }
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
    let rows = BoundedQueue<Rows>(capacity: 8)
    let folding = DispatchQueue(label: "onus.views.fold", qos: .userInitiated)
    folding.async { rows.end(Result { try fold(size, into: rows) }) }
    defer {
      rows.refuse()
      folding.sync {}
    }
    while let next = try rows.take() {
      switch next {
      case .entries(let entries):
        for entry in entries { try writer.addEntry(entry.index, entry.entry, entry.outcome) }
        if let last = entries.last?.index { progress(last + 1, size) }
      case .submissions(let author, let places):
        for place in places { try writer.putSubmission(author, place.n, entry: place.entry) }
      case .records(let records): try writer.put(records)
      }
    }
    try writer.put(StatePosition(size: size, root: root))
  }

  /// What one thread folds and the other writes, in the order of their tables, so that each row goes
  /// to the end of its tree.
  private enum Rows: Sendable {
    case entries([(index: UInt64, entry: Entry?, outcome: Outcome)])
    case submissions(author: String, [(n: UInt64, entry: UInt64)])
    case records([(key: StateKey, value: [UInt8])])
  }

  private func fold(_ size: UInt64, into rows: BoundedQueue<Rows>) throws {
    var fold = LogFold(Programme(notingChanges: false), from: 0, of: store, verifying: policy)
    var submissions: [KeyName: [(n: UInt64, entry: UInt64)]] = [:]
    let pipeline = EntryPipeline(store: store, policy: policy, keys: KeyBook())
    try pipeline.run(0..<size) { entries in
      let folded = try entries.map { parsed in
        (index: parsed.index, entry: try? parsed.entry.get(), outcome: try fold.fold(parsed))
      }
      for case (let index, let entry?, .applied) in folded {
        let author = entry.submission.author
        submissions[author.key, default: []].append((author.n, index))
      }
      try rows.give(.entries(folded))
    }
    let authors = submissions.map { (name: $0.key.description, places: $0.value) }
    for author in authors.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
      try rows.give(.submissions(author: author.name, author.places.sorted { $0.n < $1.n }))
    }
    var records: [(key: StateKey, value: [UInt8])] = []
    try fold.programme.forEachRecord { key, value in
      records.append((key, value))
      guard records.count == Self.recordsAtOnce else { return }
      try rows.give(.records(records))
      records.removeAll(keepingCapacity: true)
    }
    try rows.give(.records(records))
  }

  private static let recordsAtOnce = 256
}
