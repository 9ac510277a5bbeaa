internal import Glibc
internal import Ledger

/// Files as the command needs them: whole, bounded, and replaced in one step.
enum Files {
  /// Reads a whole file of at most `limit` bytes; of `-`, standard input to its end. What is thrown names
  /// the file.
  static func read(_ path: String, limit: Int = 64 << 20) throws(Failure) -> [UInt8] {
    do {
      return path == "-"
        ? try Ledger.Files.readStandardInput(atMost: limit)
        : try Ledger.Files.read(path, atMost: limit)
    } catch {
      throw Failure(error.description, hint: error.hint, isLocated: true)
    }
  }

  /// Reads the private half of a key, if nobody but its owner can.
  static func readPrivateKey(_ path: String) throws(Failure) -> [UInt8] {
    do {
      return try Ledger.Files.readSecret(path, atMost: 1 << 16)
    } catch {
      throw Failure(error)
    }
  }

  /// Writes a whole file, durably and in one step: whoever looks sees the old file or the new one.
  ///
  /// What is no file, such as `/dev/null` or a pipe, is written to; a link is followed to its file.
  static func write(_ bytes: [UInt8], to path: String, mode: UInt32 = 0o644) throws(Failure) {
    if path == "-" {
      Terminal.standardOutput(bytes)
      return
    }
    do {
      var target = path
      if let real = unsafe realpath(path, nil) {
        target = unsafe String(cString: real)
        unsafe free(real)
        guard Ledger.Files.isRegular(target) else {
          return try Ledger.Files.write(bytes, into: target)
        }
      }
      try Ledger.Files.replace(target, with: bytes, mode: mode)
    } catch {
      throw Failure(error.message)
    }
  }

  /// Whether what is written there goes on to a reader at once: standard output, a pipe or a device.
  static func isStream(_ path: String) -> Bool {
    path == "-" || exists(path) && !Ledger.Files.isRegular(path)
  }

  /// Writes a file that is not there yet, durably and in one step; what is no file is written to.
  ///
  /// - Throws: `Failure` if a file is there, also one that another command made meanwhile.
  static func writeNew(_ bytes: [UInt8], to path: String, mode: UInt32) throws(Failure) {
    if path == "-" { return Terminal.standardOutput(bytes) }
    do {
      if isStream(path) {
        return try Ledger.Files.write(bytes, into: path)
      }
      try Ledger.Files.create(path, with: bytes, mode: mode)
    } catch {
      throw Failure(error.message, hint: error.hint)
    }
  }

  /// The same as ``write(_:to:mode:)`` at a name that nobody typed: a link that somebody put there is replaced, and not followed.
  static func write(_ bytes: [UInt8], toDerived path: String) throws(Failure) {
    do {
      try Ledger.Files.replace(path, with: bytes, mode: 0o644)
    } catch {
      throw Failure(error.message)
    }
  }

  /// Makes a folder and those above it.
  static func makeFolder(_ path: String, mode: mode_t = 0o755) throws(Failure) {
    if exists(path) { return }
    if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
      try makeFolder(String(path[..<slash]))
    }
    guard unsafe mkdir(path, mode) == 0 || errno == EEXIST else {
      throw Failure("The folder \(path) cannot be made: \(reason()).")
    }
  }

  /// Deletes a file; one that is not there is deleted already.
  static func remove(_ path: String) throws(Failure) {
    guard unsafe unlink(path) == 0 || errno == ENOENT else {
      throw Failure("\(path) cannot be deleted: \(reason()).")
    }
  }

  /// Deletes a folder if there is nothing in it.
  static func removeEmptyFolder(_ path: String) { unsafe rmdir(path) }

  static func isWritable(_ path: String) -> Bool { unsafe access(path, W_OK) == 0 }

  /// When a file was written last, in nanoseconds since 1970.
  static func writtenAt(_ path: String) throws(Failure) -> Int64 {
    var facts = stat()
    guard unsafe stat(path, &facts) == 0 else {
      throw Failure("\(path) cannot be read: \(reason()).")
    }
    return Int64(facts.st_mtim.tv_sec) * 1_000_000_000 + Int64(facts.st_mtim.tv_nsec)
  }

  static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// Throws if something keeps us from looking at a path: what nobody can look at is not absent.
  static func requireReachable(_ path: String) throws(Failure) {
    if exists(path) || errno == ENOENT || errno == ENOTDIR { return }
    throw Failure("\(path) cannot be looked at: \(reason()).")
  }

  /// The names in a folder, in order of bytes; none if it cannot be read.
  static func names(in folder: String) -> [String] { (try? list(folder)) ?? [] }

  /// The names in a folder, in order of bytes.
  static func list(_ folder: String) throws(Failure) -> [String] {
    guard let names = Ledger.Files.list(folder) else {
      throw Failure("The folder \(folder) cannot be read: \(reason()).")
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The value of an environment variable, if it is set and not empty.
  static func environment(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    let text = unsafe String(cString: value)
    return text.isEmpty ? nil : text
  }

  /// `$XDG_CONFIG_HOME`, else `.config` in the home of `$HOME` or of the user's account.
  ///
  /// Without any of them the command ends: keys and remembered heads in whatever folder is the
  /// current one would not be found again.
  static var configuration: String {
    if let folder = environment("XDG_CONFIG_HOME") { return folder }
    if let home = environment("HOME") { return "\(home)/.config" }
    if let account = unsafe getpwuid(getuid()), let home = unsafe account.pointee.pw_dir {
      return unsafe "\(String(cString: home))/.config"
    }
    Failure(
      "Nothing says where your home is: HOME is not set, and the user \(getuid()) has no account.",
      hint: "Set HOME, or name the folders with --keys (and --heads, or --forget, for an audit)."
    ).end()
  }

  static func reason() -> String { unsafe String(cString: strerror(errno)).lowercased() }
}
