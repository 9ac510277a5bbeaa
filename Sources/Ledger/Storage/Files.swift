internal import Glibc

/// The few file operations that durability depends on, each saying what failed and where.
public enum Files {
  /// An open file; closed when it is dropped.
  struct Handle: ~Copyable {
    let descriptor: Int32
    let path: String

    /// - Parameter name: What errors call the file; else its path.
    init(
      _ path: String, _ flags: Int32, mode: mode_t = 0o600, calling name: String? = nil
    ) throws(LedgerError) {
      var descriptor: Int32
      repeat {
        // The string is lent to the call as a C string and no longer.
        descriptor = unsafe open(path, flags | O_CLOEXEC, mode)
      } while descriptor < 0 && errno == EINTR
      guard descriptor >= 0 else { throw Files.failure("open", name ?? path) }
      self.descriptor = descriptor
      self.path = name ?? path
    }

    /// Takes over an open file.
    init(open descriptor: Int32, calling name: String) {
      self.descriptor = descriptor
      self.path = name
    }

    deinit { close(descriptor) }

    func write(_ bytes: [UInt8]) throws(LedgerError) {
      var written = 0
      while written < bytes.count {
        // `count` never passes the end of the buffer.
        let count = unsafe bytes.withUnsafeBytes { buffer in
          unsafe Glibc.write(
            descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
        }
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { throw Files.failure("write", path) }
        written += count
      }
    }

    /// Reads to the end, at most `limit` bytes.
    func read(atMost limit: Int) throws(LedgerError) -> [UInt8] {
      var bytes: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 65_536)
      while true {
        let count = unsafe buffer.withUnsafeMutableBytes { buffer in
          unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        }
        if count < 0 && errno == EINTR { continue }
        guard count >= 0 else { throw Files.failure("read", path) }
        guard count > 0 else { return bytes }
        bytes += buffer[..<count]
        guard bytes.count <= limit else {
          throw LedgerError(
            .fileFailed, "\(path) is larger than the \(limit) bytes that are read here.")
        }
      }
    }

    /// Reads at a place of its own, whatever else is read: as many bytes as are there, at most `count`.
    func read(at offset: Int, count: Int) throws(LedgerError) -> [UInt8] {
      var bytes = [UInt8](repeating: 0, count: count)
      var filled = 0
      while filled < count {
        // `filled` never passes the end of the buffer.
        let more = unsafe bytes.withUnsafeMutableBytes { buffer in
          unsafe pread(
            descriptor, buffer.baseAddress?.advanced(by: filled), count - filled, offset + filled)
        }
        if more < 0 && errno == EINTR { continue }
        guard more >= 0 else { throw Files.failure("read", path) }
        if more == 0 { break }
        filled += more
      }
      return filled == count ? bytes : Array(bytes[..<filled])
    }

    /// Whether what is open is what lies at the path now.
    ///
    /// - Parameter follows: Whether a link at the path stands for what it leads to.
    func isNow(at path: String, following follows: Bool = false) -> Bool {
      var (mine, found) = (stat(), stat())
      let flags = follows ? 0 : AT_SYMLINK_NOFOLLOW
      guard unsafe fstat(descriptor, &mine) == 0,
        unsafe fstatat(AT_FDCWD, path, &found, flags) == 0
      else { return false }
      return mine.st_dev == found.st_dev && mine.st_ino == found.st_ino
    }

    /// Whether it is a file and not a pipe, a device or a folder.
    var isRegular: Bool {
      var facts = stat()
      return unsafe fstat(descriptor, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG
    }

    /// Returns once the file's contents have reached the disk.
    func sync() throws(LedgerError) {
      guard fsync(descriptor) == 0 else { throw Files.failure("sync", path) }
    }

    /// Takes the file's exclusive lock, waiting at most so long for whoever has it.
    func lock(patience: Duration, else busy: LedgerError) throws(LedgerError) {
      var waited = Duration.zero
      while try !tryLock() {
        guard waited < patience else { throw busy }
        Files.pause(milliseconds: 5)
        waited += .milliseconds(5)
      }
    }

    /// Takes the file's exclusive lock if nobody has it.
    func tryLock() throws(LedgerError) -> Bool {
      while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
        if errno == EWOULDBLOCK { return false }
        guard errno == EINTR else { throw Files.failure("lock", path) }
      }
      return true
    }
  }

  /// The contents of a file, or `nil` if there is none.
  static func contents(of path: String, atMost limit: Int) throws(LedgerError) -> [UInt8]? {
    exists(path) ? try read(path, atMost: limit) : nil
  }

  /// Replaces a file so that after a crash at any moment it holds the old bytes or the new, whole:
  /// written under a name of its own, synced, renamed over the old, folder synced.
  ///
  /// - Parameter mode: Who may do what with the file, less what the process masks.
  /// - Throws: `LedgerError` of code ``LedgerError/Code/fileFailed``; the old file stands as it was
  ///   then, unless it was the folder that could not be synced.
  public static func replace(
    _ path: String, with bytes: [UInt8], mode: UInt32 = 0o600
  ) throws(LedgerError) {
    // No two writers share it, so that neither renames what the other has not finished.
    var fresh = try FreshFile(for: path, mode: mode)
    try fresh.file.write(bytes)
    try fresh.finish()
  }

  /// Makes a file that is not there yet, whole and durable or not at all.
  ///
  /// - Throws: `LedgerError` of code ``LedgerError/Code/folderExists`` if something bears that name, also
  ///   where two make it at once; of code ``LedgerError/Code/fileFailed`` if it cannot be made.
  public static func create(
    _ path: String, with bytes: [UInt8], mode: UInt32 = 0o600
  ) throws(LedgerError) {
    var fresh = try FreshFile(for: path, mode: mode)
    try fresh.file.write(bytes)
    try fresh.finishNew()
  }

  /// Writes to what is there already and is no file: a pipe, a terminal, `/dev/null`.
  public static func write(_ bytes: [UInt8], into path: String) throws(LedgerError) {
    try Handle(path, O_WRONLY).write(bytes)
  }

  static func rename(_ old: String, to new: String) throws(LedgerError) {
    guard unsafe Glibc.rename(old, new) == 0 else { throw failure("rename", old) }
  }

  static func syncFolder(_ path: String) throws(LedgerError) {
    try Handle(path, O_RDONLY | O_DIRECTORY).sync()
  }

  /// Whether there is something at a path, or something that keeps us from looking: only the answer
  /// that nothing is there counts as absence, so that an unreadable memory is never taken for none.
  ///
  /// A link that leads nowhere is something too.
  static func exists(_ path: String) -> Bool {
    var facts = stat()
    return unsafe lstat(path, &facts) == 0 || (errno != ENOENT && errno != ENOTDIR)
  }

  /// Runs `body` while nobody else holds the lock of the file at `path`, which is made if need be.
  ///
  /// - Parameter patience: How long to wait for another; then `busy` is thrown.
  public static func withLock<Result>(
    _ path: String, patience: Duration = .seconds(10), else busy: LedgerError,
    _ body: () throws -> Result
  ) throws -> Result {
    let lock = try Handle(path, O_RDWR | O_CREAT)
    try lock.lock(patience: patience, else: busy)
    let result = try body()
    _ = consume lock
    return result
  }

  /// Runs `body` while nobody else holds the lock of a folder, which is made if need be. Nothing is
  /// put into it for that; one that was made is deleted again if it is empty afterwards.
  ///
  /// - Parameter patience: How long to wait for another; then `busy` is thrown.
  public static func withLock<Result>(
    ofFolder path: String, mode: UInt32, patience: Duration = .seconds(10), else busy: LedgerError,
    _ body: () throws -> Result
  ) throws -> Result {
    let isMade = !exists(path)
    defer { if isMade { unsafe rmdir(path) } }
    let lock = try folderLock(path, mode: mode, patience: patience, else: busy)
    let result = try body()
    _ = consume lock
    return result
  }

  private static func folderLock(
    _ path: String, mode: UInt32, patience: Duration, else busy: LedgerError
  ) throws(LedgerError) -> Handle {
    try makeFolder(path, mode: mode)
    let lock = try Handle(path, O_RDONLY | O_DIRECTORY)
    try lock.lock(patience: patience, else: busy)
    if lock.isNow(at: path, following: true) { return lock }
    // Whoever had it has deleted the folder again.
    return try folderLock(path, mode: mode, patience: patience, else: busy)
  }

  /// Makes a folder and those above it, as far as they are missing.
  static func makeFolder(_ path: String, mode: mode_t) throws(LedgerError) {
    guard !path.isEmpty, !exists(path) else { return }
    try makeFolder(folder(of: path), mode: mode)
    guard unsafe mkdir(path, mode) == 0 || errno == EEXIST else {
      throw failure("make the folder", path)
    }
  }

  /// Whether what is at a path is a folder with nothing in it.
  static func isEmptyFolder(_ path: String) throws(LedgerError) -> Bool {
    guard let stream = unsafe opendir(path) else {
      if errno == ENOTDIR { return false }
      throw failure("look into", path)
    }
    defer { unsafe closedir(stream) }
    // `.` and `..` are always there; a third name is something.
    var count = 0
    while unsafe readdir(stream) != nil { count += 1 }
    return count <= 2
  }

  /// Whether there is a file at a path, and not a pipe, a device or a folder.
  public static func isRegular(_ path: String) -> Bool {
    var facts = stat()
    return unsafe stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG
  }

  /// Whether it is a link, wherever that leads.
  public static func isLink(_ path: String) -> Bool {
    var facts = stat()
    return unsafe lstat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFLNK
  }

  /// The path without links in it, as SQLite finds what lies beside a file; as it is where there is
  /// nothing.
  public static func withoutLinks(_ path: String) -> String {
    guard let real = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
  }

  /// The path with its folder as it is without links, and its own name as it stands: what lies beside
  /// a file, and may be replaced or deleted, is never what a link leads to.
  public static func besideLinks(_ path: String) -> String {
    let folder = withoutLinks(folder(of: path))
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let name = slash.map { path[path.utf8.index(after: $0)...] } ?? path[...]
    return (folder.utf8.last == UInt8(ascii: "/") ? folder : folder + "/") + name
  }

  /// The names in a folder, in no order; none if it cannot be read.
  static func names(in path: String) -> [String] { list(path) ?? [] }

  /// The names in a folder, in no order; `nil` if it cannot be read, and `errno` says why.
  public static func list(_ path: String) -> [String]? {
    guard let stream = unsafe opendir(path) else { return nil }
    defer { unsafe closedir(stream) }
    return unsafe names(from: stream)
  }

  /// The names that an open folder has from here on, without itself and the one above it.
  static func names(from stream: OpaquePointer) -> [String] {
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }

  /// The folder a path lies in: `.` for a bare name.
  static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.utf8.startIndex ? "/" : String(path[..<slash])
  }

  /// Returns once everything written so far has reached the disk; cheaper than a sync for each of
  /// thousands of files.
  static func syncAll() { sync() }

  /// Waits a moment between two tries of a lock.
  static func pause(milliseconds: Int) {
    usleep(useconds_t(milliseconds * 1000))
  }

  /// What the system said, in one sentence.
  static func failure(_ action: String, _ path: String) -> LedgerError {
    LedgerError(.fileFailed, "Could not \(action) \(path): \(reason()).")
  }

  /// What the system says of the call that failed last.
  static func reason() -> String {
    let code = errno
    let reason = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    return reason.lowercased()
  }
}
