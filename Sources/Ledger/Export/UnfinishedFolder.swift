internal import Glibc

/// The folder that a first export is written into, `DIR.partial`, for one writer.
///
/// It is made or it is not, and whoever writes into it holds its lock: two exports that begin at once
/// cannot take each other's folder for one of their own. What an export left that did not finish is
/// never deleted here, since its name says only what it is most likely; an empty one has nothing to
/// lose and is used.
struct UnfinishedFolder: ~Copyable {
  let path: String
  private let lock: Files.Handle

  /// Makes the folder for `path`, and those above it, as far as they are missing.
  ///
  /// - Throws: `LedgerError` of code ``LedgerError/Code/locked`` if another export writes into it,
  ///   ``LedgerError/Code/folderExists`` if one has left something in it.
  init(at path: String) throws(LedgerError) {
    self.path = path
    try Files.makeFolder(Files.folder(of: path), mode: 0o755)
    let isMade = unsafe mkdir(path, 0o755) == 0
    guard isMade || errno == EEXIST else { throw Files.failure("make the folder", path) }
    guard
      let lock = try? Files.Handle(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    else { throw Self.left(path) }
    // Between the making and the lock another may have come, or have finished under this name.
    guard try lock.tryLock(), lock.isNow(at: path) else {
      throw LedgerError(
        .locked, "Another export is being written into \(path).",
        hint: "Run it again when that has finished.")
    }
    guard try Files.isEmptyFolder(path) else { throw Self.left(path) }
    self.lock = lock
  }

  /// Gives it its name; an empty folder of that name is replaced.
  consuming func finish(as folder: String) throws(LedgerError) {
    try Files.rename(path, to: folder)
    try Files.syncFolder(Files.folder(of: folder))
  }

  /// Deletes it again, if nothing was written.
  consuming func discard() { unsafe rmdir(path) }

  private static func left(_ path: String) -> LedgerError {
    LedgerError(
      .folderExists, "\(path) is left from an export that did not finish.",
      hint: "Delete it and export again.")
  }
}
