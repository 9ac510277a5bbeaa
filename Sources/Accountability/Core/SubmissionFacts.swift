public import Cryptography
public import Encoding

/// What the rules need to know of a submission, once its bytes have been parsed.
public struct SubmissionFacts: Sendable {
  /// One of the keys that sign, and its count.
  public struct Signer: Hashable, Sendable {
    /// The key.
    public let key: KeyName
    /// The submission's number in that key's gap-free count, from 1.
    public let n: UInt64

    /// A key and its count.
    public init(key: KeyName, n: UInt64) {
      self.key = key
      self.n = n
    }
  }

  /// Who signs; the first is the author.
  public let by: [Signer]
  /// The author's own clock.
  public let at: Timestamp
  /// How many entries the author had verified.
  public let seenSize: UInt64
  /// What is said, in order.
  public let events: [Event]

  /// The facts of a submission; `by` and `events` are not empty.
  public init(by: [Signer], at: Timestamp, seenSize: UInt64, events: [Event]) {
    self.by = by
    self.at = at
    self.seenSize = seenSize
    self.events = events
  }
}

/// What became of an entry (`docs/design.md`, *Events and state*).
public enum Outcome: Hashable, Sendable {
  /// All of its events took effect.
  case applied
  /// None did, and later entries are judged without it.
  case void(Refusal)
  /// The rules in force are newer than this software; nothing derived can be said from here on.
  case unknown(neededRules: Int)
}

/// The versions of the rules.
public enum Rules {
  /// The newest version this software knows.
  public static let newest = 1
  /// The one suite of algorithms that they know.
  public static let suite = "ed25519-sha256"
  /// How far ahead of the ledger's clock an author's may be, in milliseconds.
  public static let clockLead: Int64 = 10 * 60 * 1000
  /// How long a submission may be carried, in milliseconds.
  public static let carryTime: Int64 = 60 * 24 * 60 * 60 * 1000
}
