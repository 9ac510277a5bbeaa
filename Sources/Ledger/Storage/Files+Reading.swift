internal import Encoding
internal import Glibc

/// Reading what somebody else may have put there.
extension Files {
  /// Reads a whole file: the one way in which Onus reads a small file from outside.
  ///
  /// Nothing is waited for: what is no file, such as a pipe that nobody fills or a device without an end,
  /// is an error. Only where the caller named one of its own open files, as a shell does for `<(…)`, is
  /// that read to its end.
  ///
  /// - Parameter followingLinks: Whether a link is read as what it leads to; else it is an error.
  /// - Throws: `LedgerError` of code ``LedgerError/Code/fileFailed`` if there is no such file, it is no
  ///   file, or it is longer than `limit` bytes.
  public static func read(
    _ path: String, atMost limit: Int, followingLinks: Bool = true
  ) throws(LedgerError) -> [UInt8] {
    try opened(path, followingLinks: followingLinks).read(atMost: limit)
  }

  /// Reads standard input to its end.
  public static func readStandardInput(atMost limit: Int) throws(LedgerError) -> [UInt8] {
    let descriptor = dup(0)
    guard descriptor >= 0 else { throw unreadable("Standard input") }
    return try Handle(open: descriptor, calling: "Standard input").read(atMost: limit)
  }

  /// Reads a private key, which nobody but its owner may read or write, in a folder that nobody else
  /// may write to: who can put another file in its place can do without reading it.
  ///
  /// - Throws: `LedgerError` of code ``LedgerError/Code/exposedKey`` if others may, with the command that
  ///   mends it; else as ``read(_:atMost:)``.
  public static func readSecret(_ path: String, atMost limit: Int) throws(LedgerError) -> [UInt8] {
    if let exposed = exposure(of: folder(of: path)) { throw exposed }
    let file = try opened(path)
    // Asked of what was opened, not of what now bears the name.
    var facts = stat()
    guard unsafe fstat(file.descriptor, &facts) == 0 else { throw unreadable(path) }
    if let exposed = exposure(path, facts, isSecret: true) { throw exposed }
    return try file.read(atMost: limit)
  }

  /// Why a file or folder is not its owner's alone; `nil` if it is, or if there is none.
  ///
  /// - Parameter isSecret: Whether others may not even read it; else they may not write to it.
  public static func exposure(of path: String, isSecret: Bool = false) -> LedgerError? {
    var facts = stat()
    guard unsafe stat(path, &facts) == 0 else { return nil }
    return exposure(path, facts, isSecret: isSecret)
  }

  private static func exposure(_ path: String, _ facts: stat, isSecret: Bool) -> LedgerError? {
    let isFolder = facts.st_mode & S_IFMT == S_IFDIR
    let command = isFolder ? "chmod go-w" : isSecret ? "chmod 600" : "chmod go-w"
    let reason: String
    if facts.st_mode & 0o022 != 0 {
      reason =
        isFolder ? "Others can put files into \(path)." : "\(path) can be written to by others."
    } else if isSecret, facts.st_mode & 0o077 != 0 {
      reason = "\(path) can be read by others."
    } else {
      return nil
    }
    return LedgerError(
      .exposedKey, reason,
      hint:
        "Make it its owner's alone with `\(command) \(ShellWord.quoted(path))`, and rotate the key if others had a chance."
    )
  }

  /// A file that is open for reading.
  private static func opened(
    _ path: String, followingLinks: Bool = true
  ) throws(LedgerError) -> Handle {
    let isOwn = followingLinks && isOwnOpenFile(path)
    let flags = O_RDONLY | O_CLOEXEC | (isOwn ? 0 : O_NONBLOCK) | (followingLinks ? 0 : O_NOFOLLOW)
    var descriptor: Int32
    repeat {
      // Opening a pipe would wait for whoever fills it. The string is lent to the call and no longer.
      descriptor = unsafe open(path, flags)
    } while descriptor < 0 && errno == EINTR
    guard descriptor >= 0 else { throw unreadable(path) }
    let file = Handle(open: descriptor, calling: path)
    guard isOwn || file.isRegular else {
      throw LedgerError(
        .fileFailed, "\(path) is not a file.", hint: "Name a file, or find out who put that there.")
    }
    return file
  }

  /// Whether a path is the name of a file that this process was started with open.
  private static func isOwnOpenFile(_ path: String) -> Bool {
    ["/dev/fd/", "/proc/self/fd/"].contains { path.hasPrefix($0) } || path == "/dev/stdin"
  }

  private static func unreadable(_ path: String) -> LedgerError {
    LedgerError(.fileFailed, "\(path) cannot be read: \(reason()).")
  }
}
