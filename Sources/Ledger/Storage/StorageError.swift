/// Why a store could not answer or take something.
///
/// The code is to branch on, the message is one sentence for a person. ``Code/unknownOutcome`` is
/// special: the write may or may not have been kept, and whoever gets it must stop, reopen the
/// store and read its head. Nothing is ever retried blind (`docs/design.md`, *Storage*).
public struct StorageError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What went wrong. Open: a store may add codes of its own.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    /// The stable name of the code, in ASCII.
    public let description: String

    /// A code of that name.
    public init(_ description: String) { self.description = description }

    /// There is no ledger at that place, or what is there is not one.
    public static let notALedger = Code("not-a-ledger")
    /// A ledger is there already.
    public static let alreadyExists = Code("already-exists")
    /// Somebody else appended since the head was read; nothing was written.
    public static let headMoved = Code("head-moved")
    /// Another process holds the store.
    public static let busy = Code("busy")
    /// The write failed and nothing of it was kept.
    public static let notWritten = Code("not-written")
    /// The write may or may not have been kept.
    public static let unknownOutcome = Code("unknown-outcome")
    /// Reading failed.
    public static let unreadable = Code("unreadable")
    /// What is stored contradicts itself.
    public static let damaged = Code("damaged")
    /// What is stored is not what was recorded: somebody changed it.
    public static let altered = Code("altered")
    /// A batch that no store may take: wrong index, no entries, or an entry beyond the limit.
    public static let malformedBatch = Code("malformed-batch")
  }

  /// What went wrong.
  public let code: Code
  /// One sentence for a person.
  public let message: String
  /// What can be done about it, if anything.
  public let hint: String?
  /// The number the library underneath gave, 0 if none.
  public let nativeCode: Int32

  /// An error of that code.
  public init(_ code: Code, _ message: String, hint: String? = nil, nativeCode: Int32 = 0) {
    self.code = code
    self.message = message
    self.hint = hint
    self.nativeCode = nativeCode
  }

  /// The message.
  public var description: String { message }
}
