internal import Accountability
internal import Cryptography
internal import FoundationEssentials
internal import GRDB
public import Ledger
internal import Synchronization
internal import TransparencyLog

/// Read models of one ledger in an SQLite file, `views.db`, built by folding the log
/// (`docs/design.md`, *Storage*).
///
/// They answer what the log itself cannot without being read from its beginning: what state a task
/// is in, which records a submission will be judged on, which entries belong to a task. All of it
/// is derived: delete the file and it comes back with the same rows.
///
/// ```swift
/// let views = try ViewStore.open(at: "programme/views.db", of: store)   // catches up
/// let programme = try views.programme(of: [.ledger, .charter, .task])
/// ```
///
/// Inside the writer's trust boundary: what stands here decides what is let in. Nobody else's word
/// is taken for it; a root that is not the log's, another projection or other rules mean a rebuild
/// beside the file and a swap. A commit is not synced (`synchronous=NORMAL`): what a power cut
/// takes away, the next catch-up brings back.
public final class ViewStore: StateSource {
  /// How long to wait for another process, in seconds, unless told otherwise.
  public static let busyTimeoutSeconds = 5.0

  /// The file, absolute.
  public var path: String { file.path }

  let file: ViewsFile
  let policy: VerificationPolicy
  private let busyTimeoutSeconds: Double
  private let keepsLog: Bool
  private let connection: Mutex<Connection?>

  /// An open database, and which file it is.
  private struct Connection: Sendable {
    var queue: DatabaseQueue
    var identity: UInt64?
  }

  /// Connections that are open until the process ends.
  private static let kept = Mutex<[DatabaseQueue]>([])

  private init(
    _ file: ViewsFile, _ policy: VerificationPolicy, busyTimeoutSeconds: Double, keepsLog: Bool
  ) {
    self.file = file
    self.policy = policy
    self.busyTimeoutSeconds = busyTimeoutSeconds
    self.keepsLog = keepsLog
    connection = Mutex(nil)
  }

  /// Opens the views of the ledger in `store`, makes them if there are none, and catches up.
  ///
  /// - Parameters:
  ///   - policy: Whose signatures are verified in catching up, now and later.
  ///   - keepsLog: Whether the connection stays open until the process ends or ``close()`` is
  ///     called, which leaves the newest rows in the write-ahead log. Moving them into the file at
  ///     once costs two syncs and as many writes again: too much for a command that adds one entry.
  /// - Throws: `StorageError` of code `busy` if they must be rebuilt while another process uses
  ///   them.
  public static func open(
    at path: String, of store: any TruthStore, verifying policy: VerificationPolicy = .everything,
    busyTimeoutSeconds: Double = ViewStore.busyTimeoutSeconds, keepsLog: Bool = false
  ) throws -> ViewStore {
    let views = ViewStore(
      ViewsFile(path), policy, busyTimeoutSeconds: busyTimeoutSeconds, keepsLog: keepsLog)
    try views.catchUp(with: store)
    return views
  }

  /// Ends all use of the file. It is opened again by whatever is called next.
  public func close() throws(StorageError) {
    let queue = connection.withLock { connection in
      defer { connection = nil }
      return connection?.queue
    }
    do { try queue?.close() } catch { throw StorageError(views: error) }
  }

  // MARK: Access

  /// Runs `body` on the connection. It may call itself.
  func read<R>(_ body: (Database) throws -> R) throws -> R {
    try open().queue.unsafeReentrantWrite(body)
  }

  /// Runs `body` in one transaction, under the lock of the file.
  func write<R>(_ body: (Database) throws -> R) throws -> R {
    let connection = try open()
    return try connection.queue.unsafeReentrantWrite { db in
      try db.beginTransaction(.immediate)
      do {
        guard connection.identity == file.identity else {
          throw StorageError(
            .busy, "The views were rebuilt by another process meanwhile.",
            hint: "Run the command again.")
        }
        let result = try body(db)
        try db.commit()
        return result
      } catch {
        try? db.rollback()
        throw error
      }
    }
  }

  /// Whether the file can be used at all: it is ours and of this projection.
  func isUsable() -> Bool {
    guard file.identity != nil, !file.hasJournal else { return false }
    return (try? read { try $0.storedPosition() } != nil) ?? false
  }

  /// Puts a finished file in the place of this one.
  func replace(with new: ViewsFile) throws {
    try close()
    try file.replace(with: new, busyTimeoutSeconds: busyTimeoutSeconds)
  }

  private func open() throws -> Connection {
    try connection.withLock { connection in
      if let connection { return connection }
      while true {
        guard let identity = file.identity else {
          throw StorageError(
            .unreadable, "There are no views at \(path).",
            hint: "Run `onus views rebuild`; nothing is lost.")
        }
        let opened = Connection(
          queue: try Self.connect(file.path, busyTimeoutSeconds), identity: identity)
        // A swap between the look at the file and its opening: what was opened has no name now.
        guard identity == file.identity else { continue }
        if keepsLog, file.logByteCount < Self.maximumKeptByteCount {
          Self.kept.withLock { $0.append(opened.queue) }
        }
        connection = opened
        return opened
      }
    }
  }

  /// From how many bytes on the write-ahead log is moved into the file all the same: whoever opens
  /// the views reads all of it.
  private static let maximumKeptByteCount = 500_000

  private static func connect(_ path: String, _ busyTimeoutSeconds: Double) throws -> DatabaseQueue
  {
    var configuration = Configuration()
    configuration.label = "views"
    configuration.busyMode = .timeout(busyTimeoutSeconds)
    configuration.foreignKeysEnabled = false
    configuration.prepareDatabase { db in
      db.limitLengths()
      try db.execute(
        sql: """
          PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16384; PRAGMA trusted_schema = OFF;
          """)
    }
    return try DatabaseQueue(path: path, configuration: configuration)
  }
}

extension Database {
  /// How far the rows go; `nil` if this is not a file of ours, or one of another projection or for
  /// other rules, or if something else than our tables stands in it.
  func storedPosition() throws -> StatePosition? {
    guard
      try Int32.fetchOne(self, sql: "PRAGMA application_id") == ViewsSchema.applicationID,
      try Set(String.fetchAll(cachedStatement(sql: ViewsSchema.question)))
        == ViewsSchema.everything,
      let row = try Row.fetchOne(cachedStatement(sql: ViewsStatement.position.rawValue)),
      try row.decode(Int64.self, atIndex: 0) == Int64(ViewsSchema.version),
      try row.decode(Int64.self, atIndex: 1) == Int64(Rules.newest),
      let root = Digest([UInt8](try row.decode(Data.self, atIndex: 3)))
    else { return nil }
    return StatePosition(size: UInt64(bitPattern: try row.decode(atIndex: 2)), root: root)
  }
}

extension StatePosition {
  /// The position before entry 0.
  static let start = StatePosition(size: 0, root: MerkleTree.emptyRoot)
}

extension StorageError {
  /// What an error of SQLite means for views, which can always be made again.
  init(views error: any Error) {
    if let error = error as? StorageError {
      self = error
      return
    }
    guard let error = error as? DatabaseError else {
      self.init(.unreadable, "The views could not be used: \(error).")
      return
    }
    let native = error.extendedResultCode.rawValue
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(
        .busy, "Another process is writing to the views.",
        hint: "Try again when it has finished.", nativeCode: native)
    case .SQLITE_FULL:
      self.init(
        .notWritten, "The views were not changed: the disk is full.",
        hint: "Make room and try again.", nativeCode: native)
    default:
      self.init(
        .unreadable, "The views could not be used: \(error.message ?? "SQLite error \(native)").",
        hint: "Run `onus views rebuild`; nothing is lost.", nativeCode: native)
    }
  }
}
