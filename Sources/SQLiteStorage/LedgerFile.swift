internal import Encoding
internal import Glibc
internal import Ledger

/// The file of a ledger, as it lies there before SQLite looks at it.
///
/// GRDB opens a database for writing by making one where there is none. So that a wrong path never
/// becomes a new, empty ledger, the file is looked at first: it must be there and say in its header
/// that it is one.
struct LedgerFile {
  /// An absolute path; SQLite takes a relative one that begins with `file:` for something else.
  let path: String

  /// The file at `path`, which need not exist; a link is followed, since SQLite follows it too.
  init(_ path: String) { self.init(absolute: Files.withoutLinks(path)) }

  /// The file of that very name, which is ours to make or delete: a link in its place is not followed.
  init(ownNamed path: String) { self.init(absolute: Files.besideLinks(path)) }

  private init(absolute path: String) {
    if path.utf8.first == UInt8(ascii: "/") {
      self.path = path
    } else {
      let folder = unsafe getcwd(nil, 0)
      defer { unsafe free(folder) }
      self.path = unsafe folder.map { unsafe String(cString: $0) + "/" + path } ?? "./" + path
    }
  }

  /// The most bytes of a path under which SQLite opens the file, and what it and we put beside it.
  static let maximumPathByteCount = 480

  /// Throws where SQLite could not open what is there, and would not say why.
  func requireShortPath() throws(StorageError) {
    guard path.utf8.count <= Self.maximumPathByteCount else {
      throw StorageError(
        .unreadable,
        "The path of the ledger's file has \(path.utf8.count) bytes, and SQLite takes \(Self.maximumPathByteCount).",
        hint: "Move the ledger to a folder with a shorter path.")
    }
  }

  /// What tells whether a file was written to: SQLite changes its pages in place.
  struct Stamp: Equatable {
    fileprivate var device: UInt64
    fileprivate var inode: UInt64
    fileprivate var byteCount: Int64
    fileprivate var seconds: Int
    fileprivate var nanoseconds: Int
  }

  /// The stamp now; `nil` if there is no file.
  func stamp(_ suffix: String = "") -> Stamp? {
    var status = stat()
    guard unsafe stat(path + suffix, &status) == 0 else { return nil }
    return Stamp(
      device: UInt64(status.st_dev), inode: UInt64(status.st_ino), byteCount: Int64(status.st_size),
      seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
  }

  /// The stamps of the file and of its write-ahead log, where most changes stand at first.
  struct Stamps: Equatable {
    fileprivate var file: Stamp?
    /// `nil` also for a log without anything in it.
    fileprivate var log: Stamp?

    /// Whether changes stand in the write-ahead log: a process has the ledger open, or one died.
    var hasPendingChanges: Bool { log != nil }
  }

  /// The stamps now.
  var stamps: Stamps {
    let log = stamp("-wal")
    return Stamps(file: stamp(), log: log?.byteCount == 0 ? nil : log)
  }

  /// Throws ``Ledger/StorageError/Code/notALedger`` unless the header is that of a ledger of ours, and
  /// ``Ledger/StorageError/Code/altered`` if somebody put a journal beside it.
  func requireLedger() throws(StorageError) {
    try requireShortPath()
    guard stamp() != nil else {
      throw StorageError(
        .notALedger, "There is no ledger at \(path).",
        hint: "Name the ledger's folder with --ledger, or make a new one with `onus init`.",
        nativeCode: errno)
    }
    // Opening a pipe would wait for whoever fills it.
    guard Files.isRegular(path) else {
      throw StorageError(
        .notALedger, "\(path) is not a file.", hint: "Name the ledger's folder with --ledger.")
    }
    // A ledger has a write-ahead log and never this: whoever opened it next would play it back.
    guard stamp("-journal").map({ $0.byteCount == 0 }) ?? true else {
      throw StorageError(
        .altered,
        "\(path)-journal lies beside the ledger, which never has one: SQLite would change the ledger by it.",
        hint: "Keep both as they are, as evidence, and audit a copy of the ledger without it.")
    }
    guard let header = header() else {
      throw StorageError(
        .unreadable, "\(path) cannot be read.", hint: "Check its permissions.", nativeCode: errno)
    }
    guard SQLiteStore.isDatabase(header), word(header, 68) == LedgerSchema.applicationID else {
      throw StorageError(.notALedger, "\(path) is not a ledger of Onus, and was left as it is.")
    }
    guard (LedgerSchema.firstVersion...LedgerSchema.version).contains(word(header, 60)) else {
      throw StorageError(
        .notALedger,
        "\(path) has layout \(word(header, 60)), and this version of Onus knows those to \(LedgerSchema.version).",
        hint: "Use the version of Onus that wrote it, or a newer one.")
    }
  }

  /// The name under which SQLite opens it, with an option such as `immutable=1`. In it `?`, `#` and
  /// `%` would mean something, so every byte but the plainest is written as `%` and its number.
  func uri(_ option: String) -> String {
    let plain = Array("-._~/".utf8)
    let escaped = path.utf8.map { byte in
      let isPlain = plain.contains(byte) || TextRules.isAlphanumeric(byte)
      return isPlain ? String(UnicodeScalar(byte)) : "%" + Hex.encode([byte])
    }
    return "file:\(escaped.joined())?\(option)"
  }

  /// Gives a finished file its final name, unless there is one of that name, and makes that durable.
  func publish(from new: LedgerFile) throws(StorageError) {
    try new.sync()
    defer { new.remove() }
    guard unsafe link(new.path, path) == 0 else {
      throw errno == EEXIST
        ? StorageError(.alreadyExists, "There is a ledger at \(path) already.")
        : StorageError(.notWritten, "\(path) cannot be made.", nativeCode: errno)
    }
    try LedgerFile(folder).sync()
    removeAbandoned()
  }

  /// Deletes what processes that died over making this file have left; with it there, nothing can
  /// become of theirs.
  private func removeAbandoned() {
    let base = Array(path.utf8.dropFirst(folder.utf8.count + (folder == "/" ? 0 : 1)))
    let prefix = base + Array(".new-".utf8)
    for name in Files.list(folder) ?? [] {
      let number = String(decoding: name.utf8.dropFirst(prefix.count), as: UTF8.self)
      guard name.utf8.starts(with: prefix), let process = Int32(number), process > 0,
        String(process) == number, kill(process, 0) != 0, errno == ESRCH
      else { continue }
      LedgerFile(ownNamed: "\(folder)/\(name)").remove()
    }
  }

  /// Deletes the file and what SQLite puts beside it.
  func remove() {
    for suffix in ["", "-wal", "-shm", "-journal"] { unsafe unlink(path + suffix) }
  }

  private var folder: String {
    let end = path.utf8.lastIndex(of: UInt8(ascii: "/")) ?? path.startIndex
    return end == path.startIndex ? "/" : String(path[..<end])
  }

  private func sync() throws(StorageError) {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    defer { if file >= 0 { close(file) } }
    guard file >= 0, fsync(file) == 0 else {
      throw StorageError(.notWritten, "\(path) cannot be synced to the disk.", nativeCode: errno)
    }
  }

  /// The first 100 bytes.
  private func header() -> [UInt8]? {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 100)
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
    return count >= 0 ? bytes : nil
  }

  private func word(_ bytes: [UInt8], _ offset: Int) -> Int32 {
    Int32(bitPattern: bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) })
  }
}
