internal import Glibc

/// What lies in a folder from elsewhere, reached without ever following a symbolic link in it.
///
/// Every path is walked a component at a time from the folder's own descriptor, and a link on the way
/// is refused by name: whoever put it there cannot make us read, write or delete anywhere else. The
/// folder itself may be named by a link, since that is the caller's word.
struct FolderTree: Sendable {
  /// The folder.
  let root: String

  /// What is at a path.
  enum Kind: Hashable, Sendable {
    case file
    /// A folder, and whether there is nothing in it.
    case folder(isEmpty: Bool)
    case link
    /// A pipe, a device or a socket.
    case special

    /// What it is, after "it is".
    var name: String {
      switch self {
      case .file: "a file"
      case .folder: "a folder"
      case .link: "a symbolic link"
      case .special: "a pipe, a device or a socket"
      }
    }
  }

  /// Everything that is there, by its path from the folder, in order of bytes; nothing if the folder is
  /// not there.
  ///
  /// - Throws: `LedgerError` of code ``LedgerError/Code/fileFailed`` if a folder cannot be looked into.
  func items() throws(LedgerError) -> [(path: String, kind: Kind)] {
    guard let top = try folder([], isMade: false) else { return [] }
    var items: [(path: String, kind: Kind)] = []
    try collect(in: top, below: "", into: &items)
    return items.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  /// The contents of a file; `nil` if there is none, or a longer one than `limit` bytes, of which
  /// nothing is read.
  ///
  /// - Throws: `LedgerError` of code ``LedgerError/Code/fileFailed``, which names it, if it cannot be
  ///   read or is no file.
  func contents(of path: String, atMost limit: Int) throws(LedgerError) -> [UInt8]? {
    let parts = Self.parts(path)
    guard let folder = try folder(parts.dropLast(), isMade: false), let name = parts.last else {
      return nil
    }
    guard let kind = try kind(of: name, in: folder, calling: path) else { return nil }
    guard kind == .file else { throw unreadable(path, kind) }
    guard
      let file = try Files.Handle(
        at: folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, calling: place(path))
    else { return nil }
    // Whatever was put in its place meanwhile.
    guard file.isRegular else { throw unreadable(path, .special) }
    let count = file.byteCount
    guard count <= limit else { return nil }
    return try file.read(at: 0, count: count)
  }

  /// Whether there is a file at a path.
  func has(_ path: String) throws(LedgerError) -> Bool {
    let parts = Self.parts(path)
    guard let folder = try folder(parts.dropLast(), isMade: false), let name = parts.last else {
      return false
    }
    return try kind(of: name, in: folder, calling: path) == .file
  }

  /// Whether there is a folder at a path.
  func hasFolder(_ path: String) throws(LedgerError) -> Bool {
    try folder(Self.parts(path), isMade: false) != nil
  }

  /// Puts a file there, or in the place of one, so that whoever looks sees the old one or the new,
  /// whole. Not synced: the caller syncs all of them.
  func replace(_ path: String, with bytes: [UInt8]) throws(LedgerError) {
    let parts = Self.parts(path)
    guard let name = parts.last, let folder = try folder(parts.dropLast(), isMade: true) else {
      throw LedgerError(.fileFailed, "\(place(path)) is no file.")
    }
    if let kind = try kind(of: name, in: folder, calling: path), kind != .file {
      throw unreadable(path, kind)
    }
    let fresh = FreshFile.name(for: name)
    var isRenamed = false
    defer { if !isRenamed { unsafe unlinkat(folder.descriptor, fresh, 0) } }
    guard
      let file = try Files.Handle(
        at: folder, fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o644,
        calling: place(path))
    else { throw Files.failure("write", place(path)) }
    try file.write(bytes)
    guard unsafe renameat(folder.descriptor, fresh, folder.descriptor, name) == 0 else {
      throw Files.failure("replace", place(path))
    }
    isRenamed = true
  }

  /// Deletes a file, or an empty folder; what is not there is deleted already.
  func remove(_ path: String, isFolder: Bool = false) throws(LedgerError) {
    let parts = Self.parts(path)
    guard let folder = try folder(parts.dropLast(), isMade: false), let name = parts.last else {
      return
    }
    let flags = isFolder ? AT_REMOVEDIR : 0
    guard unsafe unlinkat(folder.descriptor, name, flags) == 0 || errno == ENOENT else {
      throw Files.failure("delete", place(path))
    }
  }

  /// The error of something that is there and cannot be read as a file.
  func unreadable(_ path: String, _ kind: Kind) -> LedgerError {
    var reason = "which no export holds"
    if case .folder = kind { reason = "where a file belongs" }
    return LedgerError(
      .fileFailed, "\(place(path)) cannot be read: it is \(kind.name), \(reason).",
      hint: "Look who put it there, or copy the export anew, as files in folders.")
  }

  // MARK: Folders

  private func place(_ path: String) -> String { "\(root)/\(path)" }

  private static func parts(_ path: String) -> [String] {
    path.split(separator: "/").map(String.init)
  }

  /// The folder at a path; `nil` if there is none.
  ///
  /// - Parameter isMade: Whether it is made if need be; what stands in the way is refused.
  private func folder(
    _ parts: some Collection<String>, isMade: Bool
  ) throws(LedgerError) -> Files.Handle? {
    guard var folder = try Files.Handle(at: AT_FDCWD, root, O_RDONLY | O_DIRECTORY, calling: root)
    else { return nil }
    var path = ""
    for part in parts {
      path += path.isEmpty ? part : "/\(part)"
      if isMade, unsafe mkdirat(folder.descriptor, part, 0o755) != 0, errno != EEXIST {
        throw Files.failure("make the folder", place(path))
      }
      guard let kind = try kind(of: part, in: folder, calling: path) else { return nil }
      switch kind {
      case .folder: break
      case .file:
        guard !isMade else {
          throw LedgerError(
            .fileFailed, "\(place(path)) is a file, where a folder of the export belongs.",
            hint: "Look who put it there, and move it away.")
        }
        return nil
      case .link, .special: throw unreadable(path, kind)
      }
      guard
        let next = try Files.Handle(
          at: folder, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, calling: place(path))
      else { return nil }
      folder = next
    }
    return folder
  }

  /// What lies in a folder under a name; whether a folder is empty is not looked for.
  private func kind(
    of name: String, in folder: borrowing Files.Handle, calling path: String
  ) throws(LedgerError) -> Kind? {
    var facts = stat()
    guard unsafe fstatat(folder.descriptor, name, &facts, AT_SYMLINK_NOFOLLOW) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw Files.failure("look at", place(path))
    }
    return switch facts.st_mode & S_IFMT {
    case S_IFREG: .file
    case S_IFDIR: .folder(isEmpty: false)
    case S_IFLNK: .link
    default: .special
    }
  }

  /// The deepest export, of 2^64 entries, has 11 folders in one another.
  private static let maximumDepth = 32

  private func collect(
    in folder: borrowing Files.Handle, below path: String,
    into items: inout [(path: String, kind: Kind)]
  ) throws(LedgerError) {
    guard path.utf8.count(where: { $0 == UInt8(ascii: "/") }) < Self.maximumDepth else {
      throw LedgerError(
        .fileFailed,
        "\(place(String(path.prefix(60))))… holds folders more than \(Self.maximumDepth) deep, as no export does.",
        hint: "Look who put them there, or copy the export anew.")
    }
    for name in try Files.names(in: folder) {
      let inner = path.isEmpty ? name : "\(path)/\(name)"
      guard let kind = try kind(of: name, in: folder, calling: inner) else {
        // Gone again; or its name is no UTF-8 and was repaired: nothing of ours is called so.
        if name.unicodeScalars.contains("\u{FFFD}") { items.append((inner, .file)) }
        continue
      }
      guard case .folder = kind else {
        items.append((inner, kind))
        continue
      }
      guard
        let next = try Files.Handle(
          at: folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, calling: place(inner))
      else { continue }
      let count = items.count
      items.append((inner, .folder(isEmpty: false)))
      try collect(in: next, below: inner, into: &items)
      items[count].kind = .folder(isEmpty: items.count == count + 1)
    }
  }
}

extension Files.Handle {
  /// Opens what lies in a folder under a name; `nil` if nothing is there.
  init?(
    at folder: borrowing Files.Handle, _ name: String, _ flags: Int32, mode: mode_t = 0o600,
    calling path: String
  ) throws(LedgerError) {
    try self.init(at: folder.descriptor, name, flags, mode: mode, calling: path)
  }

  /// The same in the folder of that descriptor, which stays open meanwhile.
  init?(
    at place: Int32, _ name: String, _ flags: Int32, mode: mode_t = 0o600, calling path: String
  ) throws(LedgerError) {
    var descriptor: Int32
    repeat {
      // The string is lent to the call as a C string and no longer.
      descriptor = unsafe openat(place, name, flags | O_CLOEXEC, mode)
    } while descriptor < 0 && errno == EINTR
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw Files.failure("open", path)
    }
    self.init(open: descriptor, calling: path)
  }

  /// How many bytes the file has.
  var byteCount: Int {
    var facts = stat()
    return unsafe fstat(descriptor, &facts) == 0 ? Int(facts.st_size) : .max
  }
}

extension Files {
  /// The names in an open folder, in no order.
  fileprivate static func names(in folder: borrowing Handle) throws(LedgerError) -> [String] {
    // Of its own, since closing the stream closes it.
    let copy = unsafe openat(folder.descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard copy >= 0, let stream = unsafe fdopendir(copy) else {
      let error = failure("look into", folder.path)
      if copy >= 0 { close(copy) }
      throw error
    }
    defer { unsafe closedir(stream) }
    return unsafe names(from: stream)
  }
}
