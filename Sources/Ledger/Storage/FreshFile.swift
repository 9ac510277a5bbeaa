internal import Glibc

/// A file that is written under a name of its own until it is whole: `NAME.new-<16 hex digits>`.
///
/// Whoever writes it holds its lock. So one that nobody locks was left by a run that was killed, and
/// the next to write the same file deletes it.
struct FreshFile: ~Copyable {
  /// The file under its own name.
  let file: Files.Handle
  private let name: String
  private let target: String
  private var isRenamed = false

  /// Begins a file that will stand at `target`.
  ///
  /// - Throws: `LedgerError` of code ``LedgerError/Code/fileFailed``, which names the target.
  init(for target: String, mode: mode_t) throws(LedgerError) {
    self.target = target
    Self.clear(beside: target)
    while true {
      let name = Self.name(for: target)
      let file = try Files.Handle(name, O_WRONLY | O_CREAT | O_EXCL, mode: mode, calling: target)
      // Somebody can take it for left behind in the moment before it is locked. Where files cannot be
      // locked, nobody clears any away.
      if (try? file.tryLock()) != false, file.isLinked {
        self.file = file
        self.name = name
        return
      }
      unsafe unlink(name)
    }
  }

  deinit { if !isRenamed { unsafe unlink(name) } }

  /// Gives it its name, in the place of what bears that; returns when that has reached the disk.
  mutating func finish() throws(LedgerError) {
    try file.sync()
    guard unsafe Glibc.rename(name, target) == 0 else { throw Files.failure("replace", target) }
    isRenamed = true
    try Files.syncFolder(Files.folder(of: target))
  }

  /// The same, unless something bears that name by now.
  ///
  /// - Throws: `LedgerError` of code ``LedgerError/Code/folderExists`` if so.
  mutating func finishNew() throws(LedgerError) {
    try file.sync()
    guard try takeName() else {
      throw LedgerError(
        .folderExists, "\(target) is there already.", hint: "Name another file, or delete that one."
      )
    }
    isRenamed = true
    try Files.syncFolder(Files.folder(of: target))
  }

  /// Takes the name if nothing has it, and says whether that was so.
  ///
  /// FAT knows no hard links: there an empty file takes the name first. A crash before it is replaced
  /// leaves that empty file.
  private func takeName() throws(LedgerError) -> Bool {
    if unsafe link(name, target) == 0 {
      unsafe unlink(name)
      return true
    }
    if [EPERM, ENOSYS, ENOTSUP, EMLINK].contains(errno) {
      let holder = unsafe open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      if holder >= 0 {
        close(holder)
        guard unsafe Glibc.rename(name, target) == 0 else {
          let failure = Files.failure("make", target)
          unsafe unlink(target)
          throw failure
        }
        return true
      }
    }
    guard errno == EEXIST else { throw Files.failure("make", target) }
    return false
  }

  /// Another such name each time.
  static func name(for target: String) -> String {
    let digits = String(UInt64.random(in: .min ... .max), radix: 16)
    return "\(target)\(infix)\(String(repeating: "0", count: 16 - digits.utf8.count))\(digits)"
  }

  /// The name of the file that one of that name was to become; `nil` if it is no such name.
  static func target(of name: String) -> String? {
    guard let start = name.utf8.count >= suffixByteCount ? name.utf8.count - suffixByteCount : nil,
      name.utf8.dropFirst(start).starts(with: infix.utf8),
      name.utf8.suffix(16).allSatisfy({
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
      })
    else { return nil }
    return String(decoding: name.utf8.prefix(start), as: UTF8.self)
  }

  private static let infix = ".new-"
  private static let suffixByteCount = infix.utf8.count + 16

  /// Deletes what runs that were killed have left of the file at `target`: our own files, which nobody
  /// is writing. What cannot be deleted stays.
  private static func clear(beside target: String) {
    let folder = Files.folder(of: target)
    let base = target.utf8.lastIndex(of: UInt8(ascii: "/")).map {
      String(decoding: target.utf8[target.utf8.index(after: $0)...], as: UTF8.self)
    }
    for name in Files.names(in: folder) {
      guard let old = self.target(of: name), old.utf8.elementsEqual((base ?? target).utf8) else {
        continue
      }
      let path = "\(folder)/\(name)"
      guard let file = try? Files.Handle(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK),
        file.isRegular, file.isOurs, (try? file.tryLock()) == true
      else { continue }
      unsafe unlink(path)
    }
  }
}

extension Files.Handle {
  /// Whether the file still has a name.
  fileprivate var isLinked: Bool {
    var facts = stat()
    return unsafe fstat(descriptor, &facts) == 0 && facts.st_nlink > 0
  }

  /// Whether it belongs to whoever runs this.
  fileprivate var isOurs: Bool {
    var facts = stat()
    return unsafe fstat(descriptor, &facts) == 0 && facts.st_uid == geteuid()
  }
}
