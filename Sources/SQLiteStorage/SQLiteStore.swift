internal import GRDB
internal import Glibc
public import Ledger

/// The truth of one ledger in an SQLite file, `ledger.db` (`docs/design.md`, *Storage*).
///
/// ```swift
/// let store = try SQLiteStore.open(at: "programme/ledger.db")
/// try store.append(batch)         // durable, unreleased
/// try store.release(batch.checkpoint)
/// ```
///
/// Pages of 8,192 bytes, write-ahead log, `synchronous=FULL`: when ``append(_:)`` returns, a power
/// cut loses nothing of it. `secure_delete=ON`: an erased opening is overwritten. One connection:
/// calls take turns; whoever wants to read while another appends opens the file a second time.
/// Memory-mapped reading is off: it gains little (a page holds twenty entries), and a mapped ledger
/// counts as memory of the audit, which is to stay flat.
public final class SQLiteStore: TruthStore {
  /// What a store is opened for.
  public enum Access: Hashable, Sendable {
    /// For reading and appending.
    case readWrite
    /// For reading, without making a file beside it where that can be avoided.
    ///
    /// A ledger that nobody has open is read as it lies there, so that a copy on a read-only medium
    /// will do; if somebody writes to it meanwhile, the reads throw `busy` from then on.
    case readOnly
    /// For reading one state of the ledger, that of its opening, whoever appends meanwhile.
    ///
    /// - Parameter besideWriters: Whether to take part in the locks even where nobody else has it
    ///   open, so that it stays readable when somebody begins to write; that leaves files beside
    ///   the ledger until the next writer has ended. Else it is read as for ``readOnly``.
    case snapshot(besideWriters: Bool)
  }

  /// How long an append waits for another process, in seconds, unless told otherwise.
  public static let busyTimeoutSeconds = 5.0

  /// The file, absolute.
  public var path: String { file.path }
  /// What it was opened for.
  public let access: Access

  let queue: DatabaseQueue
  private let file: LedgerFile
  /// The state of a file that is read without locks, at the time it was opened.
  private let stamps: LedgerFile.Stamps?

  private init(
    _ queue: DatabaseQueue, _ file: LedgerFile, _ access: Access,
    stamps: LedgerFile.Stamps? = nil
  ) {
    self.queue = queue
    self.file = file
    self.access = access
    self.stamps = stamps
  }

  /// Makes an empty ledger.
  ///
  /// It is written under another name and renamed when it is whole. Only the owner may read it: it
  /// will hold openings.
  ///
  /// - Throws: ``Ledger/StorageError/Code/alreadyExists`` if there is any file of that name.
  public static func create(
    at path: String, busyTimeoutSeconds: Double = SQLiteStore.busyTimeoutSeconds
  ) throws(StorageError) -> SQLiteStore {
    let file = LedgerFile(path)
    try file.requireShortPath()
    guard file.stamp() == nil else {
      throw StorageError(.alreadyExists, "There is a file at \(file.path) already.")
    }
    let new = LedgerFile(ownNamed: "\(file.path).new-\(getpid())")
    new.remove()
    do {
      let queue = try DatabaseQueue(path: new.path)
      try queue.writeWithoutTransaction { db in
        try db.execute(
          sql: """
            PRAGMA page_size = \(LedgerSchema.pageByteCount);
            PRAGMA auto_vacuum = NONE;
            PRAGMA application_id = \(LedgerSchema.applicationID);
            PRAGMA user_version = \(LedgerSchema.version);
            PRAGMA journal_mode = WAL;
            \(LedgerSchema.sql)
            """)
      }
      try queue.close()
    } catch {
      new.remove()
      throw StorageError(writing: error)
    }
    unsafe chmod(new.path, 0o600)
    try file.publish(from: new)
    return try open(at: path, busyTimeoutSeconds: busyTimeoutSeconds)
  }

  /// Opens a ledger that exists.
  ///
  /// - Throws: ``Ledger/StorageError/Code/notALedger`` if there is no file, or one of another kind,
  ///   ``Ledger/StorageError/Code/altered`` if it holds more than a ledger does: it is left as
  ///   it is.
  public static func open(
    at path: String, access: Access = .readWrite,
    busyTimeoutSeconds: Double = SQLiteStore.busyTimeoutSeconds
  ) throws(StorageError) -> SQLiteStore {
    let file = LedgerFile(path)
    try file.requireLedger()
    var configuration = Configuration()
    configuration.label = "ledger"
    configuration.busyMode = .timeout(busyTimeoutSeconds)
    configuration.foreignKeysEnabled = false
    configuration.prepareDatabase { db in db.setLengthLimit(LengthBound.any.byteCount) }
    do {
      switch access {
      case .readWrite:
        configuration.prepareDatabase { db in try setUpForWriting(db) }
        let queue = try DatabaseQueue(path: file.path, configuration: configuration)
        return try checked(SQLiteStore(queue, file, access))
      case .readOnly:
        configuration.readonly = true
        configuration.prepareDatabase { db in try db.execute(sql: commonSetUp) }
        return try checked(try openReadOnly(file, configuration, access))
      case .snapshot:
        configuration.readonly = true
        // The transaction that is begun here ends when the store is closed.
        configuration.allowsUnsafeTransactions = true
        configuration.prepareDatabase { db in try db.execute(sql: commonSetUp) }
        let store = try openReadOnly(file, configuration, access)
        try store.withDatabase { db in
          try db.beginTransaction(.deferred)
          // A transaction has no state until something is read in it.
          _ = try Row.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema")
        }
        return try checked(store)
      }
    } catch {
      throw StorageError(reading: error)
    }
  }

  /// Ends all use of the file; whatever is called afterwards throws.
  ///
  /// The last one to close a ledger moves what stands in the write-ahead log into the file.
  public func close() throws(StorageError) {
    do { try queue.close() } catch { throw StorageError(reading: error) }
  }

  /// Runs `body` on the connection. A body that lends may call the store again.
  func withDatabase<R>(_ body: (Database) throws -> R) throws -> R {
    let result = Result { try queue.unsafeReentrantWrite(body) }
    // What was read of a file in motion counts for nothing, an error included.
    try requireUnchanged()
    return try result.get()
  }

  /// A file that is read without locks must not have been written to.
  private func requireUnchanged() throws(StorageError) {
    guard let stamps, stamps != file.stamps else { return }
    throw StorageError(
      .busy, "The ledger was written to while it was being read.", hint: "Run the command again.")
  }

  private static let commonSetUp = """
    PRAGMA mmap_size = 0; PRAGMA cache_size = -4096; PRAGMA temp_store = MEMORY;
    PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;
    """

  private static func setUpForWriting(_ db: Database) throws {
    try db.execute(sql: commonSetUp)
    try db.execute(sql: "PRAGMA secure_delete = ON")
    guard try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL") == "wal" else {
      throw StorageError(
        .unreadable, "The ledger cannot have a write-ahead log where it lies.",
        hint: "Check the permissions of its folder; a network drive will not do.")
    }
    // Last, since GRDB's own ways to turn on the write-ahead log set NORMAL, which may lose the
    // newest entries in a power cut although a receipt was given for them.
    try db.execute(sql: "PRAGMA synchronous = FULL")
  }

  /// The store, if its tables are a ledger's.
  private static func checked(_ store: SQLiteStore) throws -> SQLiteStore {
    try store.withDatabase { db in try LedgerSchema.require(in: db) }
    return store
  }

  private static func openReadOnly(
    _ file: LedgerFile, _ configuration: Configuration, _ access: Access
  ) throws -> SQLiteStore {
    let stamps = file.stamps
    var takesLocks = stamps.hasPendingChanges
    if case .snapshot(besideWriters: true) = access { takesLocks = true }
    guard takesLocks else {
      let queue = try DatabaseQueue(path: file.uri("immutable=1"), configuration: configuration)
      return SQLiteStore(queue, file, access, stamps: stamps)
    }
    do {
      let queue = try DatabaseQueue(path: file.uri("mode=ro"), configuration: configuration)
      return SQLiteStore(queue, file, access)
    } catch let error as DatabaseError where error.resultCode == .SQLITE_CANTOPEN {
      // A copy with a write-ahead log in a folder that cannot be written to: nobody else writes
      // there either, so the index of the log may be kept in memory.
      var configuration = configuration
      configuration.prepareDatabase { db in
        try db.execute(sql: "PRAGMA locking_mode = EXCLUSIVE; \(commonSetUp)")
      }
      let queue = try DatabaseQueue(path: file.uri("nolock=1"), configuration: configuration)
      return SQLiteStore(queue, file, access, stamps: stamps)
    }
  }
}
