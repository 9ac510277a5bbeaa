internal import Accountability
internal import Cryptography
internal import Encoding
internal import Glibc
internal import Ledger
internal import SQLiteStorage
internal import TransparencyLog
internal import Views

/// A ledger as it lies on disk: a folder with `ledger.db` and `views.db` (`docs/design.md`,
/// *Storage*).
struct LedgerFolder {
  let path: String
  let store: SQLiteStore

  var ledgerFile: String { "\(path)/ledger.db" }
  var viewsFile: String { Self.viewsFile(in: path) }

  /// Where the views of the ledger in a folder are.
  static func viewsFile(in path: String) -> String { "\(path)/views.db" }

  /// The ledger's clock at the last of its first `size` entries; `nil` for none.
  func time(ofSize size: UInt64) throws -> Timestamp? {
    size == 0 ? nil : try store.header(size - 1)?.time
  }

  /// Opens what is there; a folder without a ledger is an error, never a new ledger.
  init(_ path: String, for access: SQLiteStore.Access) throws {
    self.path = path
    let file = "\(path)/ledger.db"
    try Files.requireReachable(file)
    guard Files.exists(file) else {
      throw Failure(
        "There is no ledger in \(path == "." ? "this folder" : path).",
        hint:
          "Name its folder with --ledger; bring back a lost one with `onus restore --from EXPORT`; only for a ledger that never was, `onus init` opens it."
      )
    }
    store = try SQLiteStore.open(at: file, access: access)
  }

  /// Makes an empty store in a folder that has none.
  static func create(at path: String) throws -> LedgerFolder {
    try Files.makeFolder(path)
    let store = try SQLiteStore.create(at: "\(path)/ledger.db")
    return LedgerFolder(path: path, store: store)
  }

  private init(path: String, store: SQLiteStore) {
    self.path = path
    self.store = store
  }

  /// Whether it was made and holds no entry, not even the first.
  var isEmpty: Bool {
    get throws { try store.head() == nil && store.entry(0) == nil }
  }

  /// Whether the newest entries wait to be published: an append was stopped, or is under way.
  var hasUnpublished: Bool {
    get throws { try store.head().map { $0.released != $0.checkpoint } ?? false }
  }

  /// Whether a process has the ledger open for writing, or one that had it was stopped.
  var isWrittenTo: Bool { Files.exists(ledgerFile + "-wal") }

  /// Deletes the files of a ledger that was never opened.
  func remove(withFolder: Bool) {
    for suffix in ["", "-wal", "-shm"] {
      try? Files.remove(ledgerFile + suffix)
      try? Files.remove(viewsFile + suffix)
    }
    if withFolder { Files.removeEmptyFolder(path) }
  }

  /// The newest checkpoint that anybody may see.
  func released() throws -> SignedCheckpoint {
    guard let bytes = try store.head()?.released else {
      throw Failure(
        "The ledger in \(path) has no released checkpoint yet.",
        hint: "Run `onus doctor`, which publishes what an append that was stopped left behind.")
    }
    return try SignedCheckpoint(bytes)
  }

  /// The same with the cosignatures that are kept of it: what is handed to others.
  func published() throws -> SignedCheckpoint {
    try store.publishedCheckpoint() ?? released()
  }

  /// The log's verifier key, as entry 0 names it. It proves nothing by itself: whoever needs to be
  /// sure brings the key from elsewhere.
  func logKey() throws -> VerifierKey {
    guard try !isEmpty else {
      throw Failure(
        "The ledger in \(path) was made and never opened.",
        hint: "Open it with `onus init`, which goes on where it was stopped.")
    }
    guard let leaf = try store.entry(0), let key = try Self.logKey(openedBy: leaf) else {
      throw Failure("Entry 0 of the ledger in \(path) does not open it.", exit: .violation)
    }
    return key
  }

  /// The log's key that an entry 0 names; `nil` if it opens no ledger.
  static func logKey(openedBy leaf: [UInt8]) throws -> VerifierKey? {
    guard let opened = try Entry(leaf).submission.events.first, opened.type == "ledger.opened",
      let vkey = opened.data["vkey"]?.string
    else { return nil }
    return try VerifierKey(vkey)
  }

  /// The keys of an organisation that have not ended; none of an organisation that is not known.
  func liveKeys(of organisation: String) throws -> [EnrolledKey] {
    guard let id = OrganisationID(organisation) else { return [] }
    let views = try self.views()
    var slice = Programme.makeSlice()
    func load(_ keys: [StateKey]) throws {
      for (key, value) in zip(keys, try views.load(keys)) { try slice.load(key, value) }
    }
    try load([StateKey(.organisation, id.rawValue)])
    let names = slice.organisations[id]?.liveKeys ?? []
    try load(names.map { StateKey(.key, $0.description) })
    return names.compactMap { slice.keys[$0] }
  }

  /// The citation of the event that `onus log` lists as `ENTRY.EVENT`.
  func citation(of event: Int, in index: UInt64) throws -> Citation {
    let size = try released().checkpoint.size
    guard index < size, let leaf = try store.entry(index) else {
      throw Failure("The ledger has no entry \(index): it has \(size), counted from 0.")
    }
    let submission = try Entry(leaf).submission
    guard (1...submission.events.count).contains(event) else {
      throw Failure(
        "Entry \(index) has no event \(event): it has \(submission.events.count), counted from 1.")
    }
    return Citation(key: submission.author.key, n: submission.author.n, event: event)
  }

  /// The tasks that a post answers for and that are not at their end.
  func unfinishedTasks(of post: String) throws -> [TaskID] {
    guard let post = PostID(post) else { throw Failure.badID(post, exit: .usage) }
    return try views().programme(of: [.task]).unfinishedTasks(of: post)
  }

  /// The views, caught up with the log.
  func views() throws -> ViewStore {
    try ViewStore.open(at: viewsFile, of: store, keepsLog: true)
  }
}

extension LedgerFolder {
  /// How the ledger tells the time, as entry 0 fixed it.
  func clock() throws -> ClockKind {
    guard let leaf = try store.entry(0),
      let word = try Entry(leaf).submission.events.first?.data["clock"]?.string
    else { return .system }
    return ClockKind(rawValue: word) ?? .system
  }

  /// The checkpoint of the ledger that this one continues, if entry 0 says that it does.
  func predecessor() throws -> SignedCheckpoint? {
    guard let leaf = try store.entry(0),
      let named = try Entry(leaf).submission.events.first?.data["predecessor"]?.object,
      let bytes = named["checkpoint"]?.string.flatMap({ Base64.decode($0) })
    else { return nil }
    return try SignedCheckpoint(bytes)
  }
}

/// The machine's clock: the one place that reads it.
enum MachineClock {
  static func now() -> Timestamp {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }
}
