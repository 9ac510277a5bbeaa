internal import Cryptography
internal import Encoding

/// Where one record of the folded state is kept.
public struct StateKey: Hashable, Comparable, Sendable {
  /// The kinds of record, in the order of a dump. The numbers are stored: never reuse one.
  public enum Kind: UInt8, CaseIterable, Sendable {
    case ledger = 1
    case charter = 2
    case organisation = 3
    case post = 4
    case key = 5
    case keyUse = 6
    case objective = 7
    case indicator = 8
    case milestone = 9
    case task = 10
    case report = 11
    case evidence = 12
    case contributions = 13
  }

  /// What kind of record.
  public let kind: Kind
  /// Its key in text; empty for the ledger and the charter, of which there is one.
  public let name: String

  /// A key of that kind and name.
  public init(_ kind: Kind, _ name: String) {
    self.kind = kind
    self.name = name
  }

  static let ledger = StateKey(.ledger, "")
  static let charter = StateKey(.charter, "")
  static func organisation(_ id: OrganisationID) -> Self { Self(.organisation, id.rawValue) }
  static func post(_ id: PostID) -> Self { Self(.post, id.rawValue) }
  static func key(_ name: KeyName) -> Self { Self(.key, name.description) }
  static func keyUse(_ key: PublicKey) -> Self { Self(.keyUse, Hex.encode(key.bytes)) }
  static func objective(_ id: ObjectiveID) -> Self { Self(.objective, id.rawValue) }
  static func indicator(_ id: IndicatorID) -> Self { Self(.indicator, id.rawValue) }
  static func milestone(_ id: MilestoneID) -> Self { Self(.milestone, id.rawValue) }
  static func task(_ id: TaskID) -> Self { Self(.task, id.rawValue) }
  static func report(_ citation: Citation) -> Self { Self(.report, citation.description) }
  static func evidence(_ citation: Citation) -> Self { Self(.evidence, citation.description) }
  static func contributions(_ who: Contributor) -> Self { Self(.contributions, who.name) }

  /// Orders by kind, then by bytes of the name.
  public static func < (left: Self, right: Self) -> Bool {
    left.kind == right.kind
      ? left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
      : left.kind.rawValue < right.kind.rawValue
  }
}

/// Which task a milestone's id belongs to; ids are never reused across tasks.
public struct MilestoneHome: Record {
  /// The task.
  public internal(set) var task = TaskID.blank

  /// Blank.
  public init() {}

  /// Passes every field through the coder.
  public mutating func code(with coder: inout RecordCoder) throws(StateError) {
    try coder.code(&task)
  }
}
