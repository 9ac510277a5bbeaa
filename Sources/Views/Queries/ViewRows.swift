public import Accountability
public import Cryptography
public import Encoding

/// An event as the index of the views has it; what it says is in the log.
public struct IndexedEvent: Hashable, Sendable {
  /// The entry that holds it.
  public let entry: UInt64
  /// Which event of its entry, from 1.
  public let event: Int
  /// What happened.
  public let type: EventType
  /// What it is about.
  public let subject: Event.Subject
  /// The key that wrote it.
  public let author: KeyName
  /// The ledger's clock at the entry.
  public let time: Timestamp
}

/// An entry that does not count.
public struct VoidEntry: Hashable, Sendable {
  /// The entry.
  public let entry: UInt64
  /// Which rule it breaks.
  public let refusal: Refusal
}
