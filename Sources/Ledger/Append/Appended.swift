public import Accountability

/// A submission that stands in the log.
public struct Appended: Hashable, Sendable {
  /// The entry that holds it.
  public let index: UInt64
  /// Whether it stood there before this call: the byte-equal note, sent again.
  public let isRepeat: Bool
  /// Proof of it, to hand to its author.
  public let receipt: Receipt

  /// A submission in the log.
  public init(index: UInt64, isRepeat: Bool, receipt: Receipt) {
    self.index = index
    self.isRepeat = isRepeat
    self.receipt = receipt
  }
}

/// Why one submission did not get in. It consumed nothing: the same number can be signed again.
public enum Rejection: Error, Hashable, Sendable {
  /// The rules do not allow it.
  case rules(Refusal)
  /// The ledger does not take it: an opening is missing, a clock is off.
  case ledger(LedgerError)
  /// An earlier one of the same call was rejected, and the caller asked to stop there.
  case notTried

  /// The stable name of the code, in ASCII.
  public var code: String {
    switch self {
    case .rules(let refusal): refusal.code.rawValue
    case .ledger(let error): error.code.description
    case .notTried: "not-tried"
    }
  }

  /// One sentence for a person.
  public var message: String {
    switch self {
    case .rules(let refusal): refusal.message
    case .ledger(let error): error.message
    case .notTried: "It was not tried, since one before it was refused."
    }
  }

  /// What would be accepted, where that can be said.
  public var hint: String? {
    switch self {
    case .rules(let refusal): refusal.hint
    case .ledger(let error): error.hint
    case .notTried: "Sign the refused one again, and send the rest after it."
    }
  }

  /// The entry that causes it, if one does.
  public var entry: UInt64? {
    if case .rules(let refusal) = self { refusal.entry } else { nil }
  }
}

/// How an append is to be done.
public struct AppendOptions: Hashable, Sendable {
  /// Take submissions whose openings were not brought along.
  public var allowsMissingOpenings = false
  /// Take a clock that is more than 60 days ahead of the last entry.
  public var allowsGap = false
  /// Leave the rest of a batch untried after the first that is rejected.
  public var stopsAtRejection = false

  /// The careful options.
  public init() {}
}
