internal import Foundation
internal import GRDB
internal import Glibc
internal import Ledger

/// The file of the views: whether it can be used as it is, and how it is replaced.
struct ViewsFile {
  let path: String

  /// The file of that name; a link in its place is none, and is replaced and never followed.
  init(_ path: String) {
    self.path = URL(fileURLWithPath: Ledger.Files.besideLinks(path)).path
  }

  /// Which file lies at the path now; another one after a swap, none for what is no file.
  var identity: UInt64? {
    var status = stat()
    guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return UInt64(status.st_ino)
  }

  /// Whether something lies there that is no file, such as a link or a pipe.
  var isObstructed: Bool {
    var status = stat()
    return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
  }

  /// Reads one state of the file as it lies there, and makes no file beside it where that can be
  /// avoided.
  ///
  /// - Throws: What `body` throws, `DatabaseError`, and `StorageError` of code `busy` if the file
  ///   was read without locks and written to meanwhile, however often that was tried.
  func read<R>(_ body: (Database) throws -> R) throws -> R {
    for _ in 1...Self.readCount {
      if let result = try readOnce(body) { return result }
    }
    throw StorageError(
      .busy, "The views were written to while they were being read.",
      hint: "Run the command again.")
  }

  /// How often a file that others write to is read before that is an error. Once they have begun
  /// there is a write-ahead log, and with it locks: the second time nearly always goes through.
  private static let readCount = 5

  /// What `body` makes of the file; `nil` if it was read without locks and written to meanwhile.
  private func readOnce<R>(_ body: (Database) throws -> R) throws -> R? {
    var configuration = Configuration()
    configuration.busyMode = .timeout(ViewStore.busyTimeoutSeconds)
    configuration.readonly = true
    configuration.prepareDatabase { db in db.limitLengths() }
    if hasLog {
      do {
        return try DatabaseQueue(path: path, configuration: configuration).read(body)
      } catch let error as DatabaseError where error.resultCode == .SQLITE_CANTOPEN {
        // In a folder that cannot be written to, the index of the log is kept in memory.
        configuration.prepareDatabase { db in
          try db.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
        }
      }
    }
    let before = stamps
    let name = uri(hasLog ? "nolock=1" : "immutable=1")
    let result = Result {
      try DatabaseQueue(path: name, configuration: configuration).read(body)
    }
    // What was read of a file in motion counts for nothing, an error included.
    return stamps == before ? try result.get() : nil
  }

  /// What `body` makes of the file; asked again where `nil` may only mean that another process was
  /// putting a new file in its place: the old one has a journal then, and is written to.
  func settled<R>(_ body: () throws -> R?) throws -> R? {
    for _ in 1...Self.readCount {
      let (before, hadJournal) = (stamps, hasJournal)
      if let result = try body() { return result }
      if !hadJournal, !hasJournal, stamps == before { return nil }
      usleep(20_000)
    }
    return nil
  }

  /// Whether a rollback journal lies beside the file, which views never have: opening them would play it
  /// back.
  var hasJournal: Bool { Self.stamp(path + "-journal") != nil }

  /// How long the write-ahead log beside the file is.
  var logByteCount: Int { Self.stamp(path + "-wal").map { $0[1] } ?? 0 }

  /// Whether rows stand in a write-ahead log beside the file.
  private var hasLog: Bool { logByteCount > 0 }

  /// What tells whether the file or its write-ahead log was written to.
  private var stamps: [[Int]?] { [Self.stamp(path), Self.stamp(path + "-wal")] }

  private static func stamp(_ path: String) -> [Int]? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    return [
      Int(status.st_ino), Int(status.st_size), status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
    ]
  }

  /// The name under which SQLite opens it with an option such as `immutable=1`.
  private func uri(_ option: String) -> String {
    let escaped = path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed)
    return "file:\(escaped ?? path)?\(option)"
  }

  /// Where a rebuild of this process writes.
  var beside: ViewsFile { ViewsFile("\(path).new-\(getpid())") }

  /// Makes an empty file that is its owner's alone, as the ledger is; what SQLite puts beside it will
  /// be so too.
  func create() throws(StorageError) {
    remove()
    let file = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else {
      let reason = unsafe String(cString: strerror(errno)).lowercased()
      throw StorageError(
        .notWritten, "The views cannot be made beside \(path): \(reason).",
        hint: "Check the permissions of the ledger's folder, and whether the disk is full.",
        nativeCode: errno)
    }
    close(file)
  }

  /// Deletes the file and what SQLite puts beside it.
  func remove() {
    removeCompanions()
    unsafe unlink(path)
  }

  /// Puts `new`, which is complete and closed, in the place of this file.
  ///
  /// SQLite finds a write-ahead log by the name of its file, so the log of the old one must not
  /// stand there when the new one takes the name. The old file is therefore taken out of that mode
  /// under an exclusive lock, which is held over the rename: nobody is reading it then, and whoever
  /// opens it before the rename finds at its first write that the name stands for another file.
  func replace(with new: ViewsFile, busyTimeoutSeconds: Double) throws {
    try new.sync()
    if hasJournal { unsafe unlink(path + "-journal") }
    var old: DatabaseQueue?
    if identity != nil {
      do {
        old = try Self.lock(path, busyTimeoutSeconds: busyTimeoutSeconds)
      } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
        throw StorageError(
          .busy, "The views have to be rebuilt, and another process is using them.",
          hint: "Try again when it has finished.", nativeCode: error.extendedResultCode.rawValue)
      } catch is DatabaseError {
        removeCompanions()  // Not a database: there is nobody to wait for.
      }
    } else {
      removeCompanions()  // Of a file that somebody deleted.
    }
    guard unsafe rename(new.path, path) == 0 else {
      throw StorageError(.notWritten, "\(path) cannot be replaced.", nativeCode: errno)
    }
    try old?.close()
    try ViewsFile((path as NSString).deletingLastPathComponent).sync()
  }

  /// Deletes what rebuilds of processes that died have left.
  func removeAbandoned() {
    let folder = (path as NSString).deletingLastPathComponent
    let prefix = (path as NSString).lastPathComponent + ".new-"
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    where name.hasPrefix(prefix) {
      let number = name.dropFirst(prefix.count).prefix { $0.isNumber }
      guard let process = Int32(number) else { continue }
      if process == getpid() || (kill(process, 0) != 0 && errno == ESRCH) {
        ViewsFile("\(folder)/\(name)").remove()
      }
    }
  }

  private func removeCompanions() {
    for suffix in ["-wal", "-shm", "-journal"] { unsafe unlink(path + suffix) }
  }

  private static func lock(_ path: String, busyTimeoutSeconds: Double) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.busyMode = .timeout(busyTimeoutSeconds)
    configuration.allowsUnsafeTransactions = true
    configuration.prepareDatabase { db in db.limitLengths() }
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.unsafeReentrantWrite { db in
      try leaveLog(db, busyTimeoutSeconds: busyTimeoutSeconds)
      do {
        try db.execute(sql: "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT")
      } catch {
        // Whoever has it goes on as before.
        try? db.execute(sql: "PRAGMA locking_mode = NORMAL; PRAGMA journal_mode = WAL")
        throw error
      }
    }
    return queue
  }

  /// Takes a file out of the mode of the write-ahead log, as soon as nobody else has it open.
  ///
  /// SQLite does not wait for that, whatever its timeout: it fails at once where another is connected.
  private static func leaveLog(_ db: Database, busyTimeoutSeconds: Double) throws {
    let step = 0.01
    var waited = 0.0
    while true {
      do {
        if try String.fetchOne(db, sql: "PRAGMA journal_mode = DELETE") == "delete" { return }
      } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
        // As is another connection that only reads.
      }
      guard waited < busyTimeoutSeconds else { throw DatabaseError(resultCode: .SQLITE_BUSY) }
      usleep(useconds_t(step * 1_000_000))
      waited += step
    }
  }

  private func sync() throws {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    defer { if file >= 0 { close(file) } }
    guard file >= 0, fsync(file) == 0 else {
      throw StorageError(.notWritten, "\(path) cannot be synced to the disk.", nativeCode: errno)
    }
  }
}
