public import Cryptography
public import Encoding

/// What an event type says of itself: the one source for the reader, the JSON Schema, the help and
/// the generated documentation.
public final class Declaration: Sendable {
  /// What the event must name beside its data.
  public enum SubjectKind: String, Sendable { case none, org, task }

  /// Who may write it, in the words of `docs/rules.md`.
  public struct Authority: Sendable, ExpressibleByArrayLiteral {
    /// Every role that may, each alone sufficient; empty where the event judges for itself.
    public let roles: [Role]
    /// Who may, in words, where roles do not say it.
    public let words: String?

    /// Any of these roles.
    public init(arrayLiteral elements: Role...) {
      roles = elements
      words = nil
    }

    private init(words: String) {
      roles = []
      self.words = words
    }

    /// What the event's own guard decides, in words.
    public static func words(_ words: String) -> Self { Self(words: words) }
  }

  /// The wire name.
  public let type: EventType
  /// What it is about.
  public let subject: SubjectKind
  /// Who may write it.
  public let by: Authority
  /// Who else must sign, in words, or `nil`.
  public let cosigner: String?
  /// The first rules version that knows it.
  public let since: Int
  /// The members of `data`.
  public let fields: [FieldDeclaration]
  /// The states of its task in which it can be accepted; empty where it has no task or any will do.
  public let states: [TaskState]
  /// Whether the author must be no party to the task (`docs/rules.md`, *Independence*).
  public let isIndependent: Bool
  /// What it is called, for people.
  public let label: Label

  /// Declares a type.
  public init(
    _ type: EventType, about subject: SubjectKind, by: Authority, cosigner: String? = nil,
    since: Int = 1, fields: [FieldDeclaration] = [], states: [TaskState] = [],
    isIndependent: Bool = false, _ english: String,
    _ chinese: String
  ) {
    self.type = type
    self.subject = subject
    self.by = by
    self.cosigner = cosigner
    self.since = since
    self.fields = fields
    self.states = states
    self.isIndependent = isIndependent
    self.label = Label(english: english, chinese: chinese)
  }
}

/// A name in both languages.
public struct Label: Hashable, Sendable {
  /// English.
  public let english: String
  /// Simplified Chinese.
  public let chinese: String

  /// A name in both languages.
  public init(english: String, chinese: String) {
    self.english = english
    self.chinese = chinese
  }
}

/// One event type: its data, its guard and its effect. One type, one file.
///
/// `admit` decides and changes nothing; `evolve` changes and decides nothing. They are only called
/// in that order, on the same state.
public protocol EventBody: Sendable {
  /// What the type says of itself.
  static var declaration: Declaration { get }

  /// Reads the body; the event has already been held against the declaration.
  init(_ event: EventReader) throws(Refusal)

  /// The records beyond its author, author's organisation and subject that `admit` and `evolve`
  /// read. Called again after each load, so that a record may lead to the next.
  func reads(in programme: Programme) -> [StateKey]

  /// Those among them whose keys name the author's organisation.
  func reads(by organisation: OrganisationID) -> [StateKey]

  /// Who must sign beside the author.
  func cosigners(in programme: Programme, _ context: Context) throws(Refusal) -> [Cosigner]

  /// Refuses what the rules do not allow.
  func admit(in programme: Programme, _ context: Context) throws(Refusal)

  /// Takes effect.
  func evolve(_ programme: inout Programme, _ context: Context)
}

extension EventBody {
  /// Nothing beyond the defaults.
  public func reads(in programme: Programme) -> [StateKey] { [] }

  /// None.
  public func reads(by organisation: OrganisationID) -> [StateKey] { [] }

  /// Nobody.
  public func cosigners(in programme: Programme, _ context: Context) throws(Refusal) -> [Cosigner] {
    []
  }
}

/// A further signature that an event demands.
public enum Cosigner: Hashable, Sendable {
  /// The very key named, proving that somebody holds its private half.
  case key(KeyName)
  /// A live key of the post, other than the author's.
  case post(PostID)
  /// A key of another organisation that holds the role.
  case role(Role)
}

/// Who is speaking, when and where: what `admit` and `evolve` know beside the state.
public struct Context: Sendable {
  /// `by[0]`: the only source of authority.
  public let author: KeyName
  /// The author's organisation.
  public let organisation: OrganisationID
  /// The other keys that signed, in order.
  public let cosigners: [KeyName]
  /// How many entries the author had seen.
  public let seen: UInt64
  /// The author's own clock.
  public let at: Timestamp
  /// The entry that holds the event.
  public let entry: UInt64
  /// The ledger's clock at that entry.
  public let time: Timestamp
  /// How other events name this one.
  public let citation: Citation
  /// Whether the event stands in entry 0.
  public var isOpening: Bool { entry == 0 }
}
