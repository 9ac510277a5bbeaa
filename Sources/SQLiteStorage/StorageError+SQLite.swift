internal import GRDB
internal import Ledger

extension StorageError {
  /// What an error means when nothing was being written.
  init(reading error: any Error) {
    self.init(error, otherwise: .unreadable, "The ledger could not be read")
  }

  /// What an error means in a transaction that was rolled back.
  init(writing error: any Error) {
    self.init(error, otherwise: .notWritten, "The ledger was not changed")
  }

  /// What an error of `COMMIT` itself means.
  ///
  /// A full disk, a lock and a broken constraint come before the mark that makes a transaction
  /// count, so nothing was kept. After anything else, a failed sync above all, the mark may have
  /// reached the disk.
  init(committing error: any Error) {
    switch (error as? DatabaseError)?.resultCode.primaryResultCode {
    case .SQLITE_FULL?, .SQLITE_BUSY?, .SQLITE_CONSTRAINT?: self.init(writing: error)
    default:
      self.init(
        .unknownOutcome, "The last write may or may not have been kept: \(Self.reason(error)).",
        hint: "Open the ledger again; its head says which.", nativeCode: Self.code(error))
    }
  }

  private init(_ error: any Error, otherwise code: Code, _ what: String) {
    if let error = error as? StorageError {
      self = error
      return
    }
    let native = Self.code(error)
    switch (error as? DatabaseError)?.resultCode.primaryResultCode {
    case .SQLITE_BUSY?, .SQLITE_LOCKED?:
      self.init(
        .busy, "Another process is writing to the ledger.", hint: "Try again when it has finished.",
        nativeCode: native)
    case .SQLITE_CORRUPT?, .SQLITE_NOTADB?:
      self.init(
        .damaged, "The ledger's file is damaged: \(Self.reason(error)).",
        hint: "Restore it from a backup or an export.", nativeCode: native)
    case .SQLITE_TOOBIG?: self = LengthBound.any.error
    case .SQLITE_NOMEM? where SQLiteMemory.wasAskedForTooMuch:
      self.init(
        .damaged,
        "A row of the ledger is longer than the \(LengthBound.any.byteCount) bytes that it can have.",
        hint: "Restore it from a backup or an export.", nativeCode: native)
    case .SQLITE_FULL?:
      self.init(
        code, "\(what): the disk is full.", hint: "Make room and try again.", nativeCode: native)
    case .SQLITE_READONLY?, .SQLITE_PERM?, .SQLITE_CANTOPEN?:
      self.init(
        code, "\(what): its file or folder does not allow it.",
        hint: "Check the permissions of the ledger's folder.", nativeCode: native)
    case .SQLITE_IOERR?:
      // A disk without room for the index of the write-ahead log says no more than this.
      self.init(
        code, "\(what): the disk does not take or give what is asked (\(Self.reason(error))).",
        hint: "Look whether it is full or failing, and try again.", nativeCode: native)
    default:
      self.init(code, "\(what): \(Self.reason(error)).", nativeCode: native)
    }
  }

  private static func code(_ error: any Error) -> Int32 {
    (error as? DatabaseError)?.extendedResultCode.rawValue ?? 0
  }

  private static func reason(_ error: any Error) -> String {
    guard let error = error as? DatabaseError else { return "\(error)" }
    return error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
  }
}
