public import Cryptography
internal import Encoding

/// A registered name: `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`, never reused.
///
/// `Kind` keeps a task's id from being passed where an organisation's is meant. Ids are ASCII, so
/// `String` equality is byte equality here.
public struct ID<Kind>: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The id as it is written.
  public let rawValue: String

  /// Reads an id; `nil` if it is not of the form above.
  public init?(_ text: String) {
    guard TextRules.isIdentifier(text) else { return nil }
    rawValue = text
  }

  /// The id as it is written.
  public var description: String { rawValue }

  /// Orders by bytes, which of ASCII is the order of `String`.
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// The id of an organisation; it is also the name of every key of that organisation.
public typealias OrganisationID = ID<Organisation>
/// The id of a post.
public typealias PostID = ID<Post>
/// The id of an objective.
public typealias ObjectiveID = ID<Objective>
/// The id of an indicator.
public typealias IndicatorID = ID<Indicator>
/// The id of a task.
public typealias TaskID = ID<Task>
/// The id of a milestone.
public typealias MilestoneID = ID<Milestone>
/// The id of a programme.
public typealias ProgrammeID = ID<Charter>

/// How one event names another: `D03+1a2b3c4d/17.2` is the second event of the seventeenth
/// submission authored by that key (`docs/formats/submission.md`, *Citations*).
///
/// A citation is known before the ledger gives the submission its place, so events can cite events
/// of their own submission and of ones still being carried.
public struct Citation: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The author's key.
  public let key: KeyName
  /// The submission's number in that key's count, from 1.
  public let n: UInt64
  /// The event's place in the submission, from 1.
  public let event: Int

  /// A citation of event `event` in submission `n` of `key`.
  public init(key: KeyName, n: UInt64, event: Int) {
    self.key = key
    self.n = n
    self.event = event
  }

  /// Reads `name+id/n.event`; `nil` for any other spelling.
  public init?(_ text: String) {
    guard let slash = text.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
    let numbers = text[text.utf8.index(after: slash)...].split(
      separator: ".", omittingEmptySubsequences: false)
    guard numbers.count == 2, let key = KeyName(String(text[..<slash])),
      let n = UInt64(numbers[0]), (1...UInt64(CanonicalJSON.maximumInteger)).contains(n),
      let event = Int(numbers[1]), (1...256).contains(event),
      String(n) == numbers[0], String(event) == numbers[1]
    else { return nil }
    self.init(key: key, n: n, event: event)
  }

  /// The citation as events carry it.
  public var description: String { "\(key)/\(n).\(event)" }

  /// Orders by key, then number, then event.
  public static func < (left: Self, right: Self) -> Bool {
    if left.key != right.key { return left.key < right.key }
    return left.n == right.n ? left.event < right.event : left.n < right.n
  }
}
