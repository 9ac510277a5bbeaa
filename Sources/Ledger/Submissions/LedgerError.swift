/// Why bytes are not a submission, an entry or a receipt, or why the ledger cannot go on.
///
/// What the *rules* refuse is an `Accountability.Refusal`; this is everything around them. The code
/// is to branch on; the message is one sentence for a person, and the hint says what to do.
public struct LedgerError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What went wrong.
  public let code: Code
  /// One sentence for a person.
  public let message: String
  /// What can be done about it, if anything.
  public let hint: String?
  /// The line of the bytes, from 1, where that can be said.
  public let line: Int?

  /// An error of that code.
  public init(_ code: Code, _ message: String, hint: String? = nil, line: Int? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
    self.line = line
  }

  /// The message, with the line where there is one.
  public var description: String {
    line.map { "line \($0): \(message)" } ?? message
  }

  /// What went wrong. Open: later versions may add codes.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    /// The stable name of the code, in ASCII.
    public let description: String

    /// A code of that name.
    public init(_ description: String) { self.description = description }
  }
}

extension LedgerError.Code {
  // Bytes.
  /// More bytes, lines or members than the bound allows.
  public static let tooLong = Self("too-long")
  /// Not a signed note of a submission.
  public static let malformedSubmission = Self("malformed-submission")
  /// Signature lines that are not those of `by`, in its order.
  public static let wrongSignatureLines = Self("wrong-signature-lines")
  /// Not an entry.
  public static let malformedEntry = Self("malformed-entry")
  /// Not an opening, or padded text in another form than the one that is written.
  public static let malformedOpening = Self("malformed-opening")
  /// An opening that opens nothing in its submission.
  public static let wrongOpening = Self("wrong-opening")
  /// A seal whose opening was not brought along.
  public static let missingOpening = Self("missing-opening")
  /// Not a carried submission.
  public static let malformedCarried = Self("malformed-carried")
  /// Not a receipt.
  public static let malformedReceipt = Self("malformed-receipt")
  /// A receipt that does not prove what it is said to prove.
  public static let wrongReceipt = Self("wrong-receipt")

  /// Not a timestamp of this ledger, or one that contradicts it.
  public static let wrongTimestamp = Self("wrong-timestamp")
  /// Not a bundle, or not in the one form that is written.
  public static let malformedBundle = Self("malformed-bundle")

  // The writer.
  /// The log key is not the one of this ledger.
  public static let wrongLogKey = Self("wrong-log-key")
  /// There is no ledger yet.
  public static let noLedger = Self("no-ledger")
  /// There is a ledger already.
  public static let alreadyOpened = Self("already-opened")
  /// The clock is more than a second behind the last entry.
  public static let clockBehind = Self("clock-behind")
  /// The clock is more than 60 days ahead of the last entry.
  public static let clockAhead = Self("clock-ahead")
  /// The rules in force are newer than this software.
  public static let newerRules = Self("newer-rules")
  /// An earlier append ended in an unknown state; the writer must be opened again.
  public static let stopped = Self("stopped")
  /// What is stored contradicts itself.
  public static let damaged = Self("damaged")
  /// Two hashes of the same bytes differ.
  public static let hashMismatch = Self("hash-mismatch")
  /// There is no such entry in the released log.
  public static let noEntry = Self("no-entry")

  // The guard.
  /// Another process holds the log key's lock.
  public static let locked = Self("locked")
  /// The guard could not be read or written.
  public static let guardUnusable = Self("guard-unusable")
  /// There are entries but no guard.
  public static let guardMissing = Self("guard-missing")
  /// The ledger holds less than the log key has signed.
  public static let rolledBack = Self("rolled-back")
  /// The ledger holds something else than the log key has signed.
  public static let forked = Self("forked")
  /// What is to be restored does not lead to the guard's checkpoint.
  public static let wrongRestore = Self("wrong-restore")

  // Files.
  /// The folder to write into exists and is not empty.
  public static let folderExists = Self("folder-exists")
  /// A file could not be read or written.
  public static let fileFailed = Self("file-failed")
  /// What a witness cosigned last is gone.
  public static let memoryLost = Self("memory-lost")
  /// A private key, or the folder it lies in, that others may read or write.
  public static let exposedKey = Self("exposed-key")
}
