public import Cryptography
public import Encoding

/// What an organisation may be entitled to do (`docs/rules.md`, *Roles*).
///
/// The last three are not granted: they follow from a task's assignment.
public enum Role: String, CaseIterable, Hashable, Sendable {
  case registrar, issuer, supervisor, governing, statistics, auditor
  case lead, support, territory

  /// The roles that `role.granted` gives.
  public static let granted: [Role] = [
    .registrar, .issuer, .supervisor, .governing, .statistics, .auditor,
  ]

  /// What it is called (`docs/rules.md`, *Words*).
  public var label: Label {
    let chinese =
      switch self {
      case .registrar: "登记机关"
      case .issuer: "方案办"
      case .supervisor: "督查室"
      case .governing: "领导小组"
      case .statistics: "统计机构"
      case .auditor: "审计机关"
      case .lead: "牵头单位"
      case .support: "配合单位"
      case .territory: "实施地区"
      }
    return Label(english: rawValue, chinese: chinese)
  }
}

/// How the ledger tells the time.
public enum ClockKind: String, CaseIterable, Sendable {
  /// The clock of the machine that appends.
  case system
  /// Each submission's own `at`: for demonstrations and tests, and every output says so.
  case simulated
}

/// What entry 0 fixed, and the few facts about the whole that rules ask for.
public struct LedgerFacts: Record {
  /// The log's name.
  public internal(set) var origin = ""
  /// The log's verifier key, as text.
  public internal(set) var vkey = ""
  /// The suite of algorithms.
  public internal(set) var suite = ""
  /// How the ledger tells the time.
  public internal(set) var clock = ClockKind.system
  /// The rules version in force.
  public internal(set) var rules = 1
  /// Whether the registrar has used its one grant of `governing`.
  public internal(set) var hasGrantedGoverning = false
  /// Organisations that hold registrar.
  public internal(set) var registrars: [OrganisationID] = []
  /// Organisations that hold governing.
  public internal(set) var governors: [OrganisationID] = []
  /// The checkpoint of the ledger that this one continues, verbatim, if it does.
  public internal(set) var predecessor = ""

  /// Blank.
  public init() {}

  /// Passes every field through the coder.
  public mutating func code(with coder: inout RecordCoder) throws(StateError) {
    try coder.code(&origin)
    try coder.code(&vkey)
    try coder.code(&suite)
    try coder.code(&clock)
    try coder.code(&rules)
    try coder.code(&hasGrantedGoverning)
    try coder.code(&registrars)
    try coder.code(&governors)
    try coder.code(&predecessor)
  }
}

/// A body that can hold roles and keys.
public struct Organisation: Record {
  /// Its id, the name of its keys.
  public internal(set) var id = OrganisationID.blank
  /// What sort of body, an id of the registrar's choosing such as `department`.
  public internal(set) var kind = ""
  /// The body it belongs to.
  public internal(set) var parent: OrganisationID?
  /// Its name in English.
  public internal(set) var nameEnglish = ""
  /// Its name in Chinese.
  public internal(set) var nameChinese = ""
  /// Other names it goes by.
  public internal(set) var aliases: [String] = []
  /// The entry that registered it.
  public internal(set) var registeredAt: UInt64 = 0
  /// The roles it holds now, in the order of ``Role``.
  public internal(set) var roles: [Role] = []
  /// Its keys that count now.
  public internal(set) var liveKeys: [KeyName] = []
  /// Whether it ever had a key: the first is enrolled by the registrar, later ones are not.
  public internal(set) var hasHadKey = false

  /// Blank.
  public init() {}

  /// Passes every field through the coder.
  public mutating func code(with coder: inout RecordCoder) throws(StateError) {
    try coder.code(&id)
    try coder.code(&kind)
    try coder.code(&parent)
    try coder.code(&nameEnglish)
    try coder.code(&nameChinese)
    try coder.code(&aliases, blank: "") { (coder, text) throws(StateError) in
      try coder.code(&text)
    }
    try coder.code(&registeredAt)
    try coder.code(&roles, blank: .lead)
    try coder.code(&liveKeys, blank: .blank) { (coder, key) throws(StateError) in
      try coder.code(&key)
    }
    try coder.code(&hasHadKey)
  }
}

/// An office that answers; people come and go.
public struct Post: Record {
  /// Its id.
  public internal(set) var id = PostID.blank
  /// The organisation it belongs to.
  public internal(set) var organisation = OrganisationID.blank
  /// Its title in English.
  public internal(set) var titleEnglish = ""
  /// Its title in Chinese.
  public internal(set) var titleChinese = ""
  /// The entry that defined it.
  public internal(set) var definedAt: UInt64 = 0

  /// Blank.
  public init() {}

  /// Passes every field through the coder.
  public mutating func code(with coder: inout RecordCoder) throws(StateError) {
    try coder.code(&id)
    try coder.code(&organisation)
    try coder.code(&titleEnglish)
    try coder.code(&titleChinese)
    try coder.code(&definedAt)
  }
}

/// A key that was enrolled, and what has become of it.
public struct EnrolledKey: Record {
  /// Why a key stopped counting.
  public enum Ending: String, CaseIterable, Sendable { case rotated, revoked, handedOver }

  /// Its name and id.
  public internal(set) var name = KeyName.blank
  /// The public key, 32 bytes.
  public internal(set) var publicKeyBytes: [UInt8] = []
  /// Whose it is.
  public internal(set) var organisation = OrganisationID.blank
  /// The one post it is limited to, if it is.
  public internal(set) var post: PostID?
  /// The roles it is limited to; empty is all its organisation has.
  public internal(set) var roles: [Role] = []
  /// The entry that enrolled it; it counts from the next.
  public internal(set) var enrolledAt: UInt64 = 0
  /// Whether it came by `key.recovered`, which every audit lists.
  public internal(set) var isRecovered = false
  /// The entry that ended it; it counted up to and in that one.
  public internal(set) var endedAt: UInt64?
  /// How it ended.
  public internal(set) var ending = Ending.revoked
  /// Since when it was reported compromised.
  public internal(set) var compromisedSince: Timestamp?
  /// The number of its last submission.
  public internal(set) var count: UInt64 = 0
  /// The largest `seen` it has signed.
  public internal(set) var seen: UInt64 = 0

  /// Blank.
  public init() {}

  /// Whether it may do less than its organisation.
  public var isLimited: Bool { post != nil || !roles.isEmpty }

  /// The public key.
  public var publicKey: PublicKey? { try? PublicKey(publicKeyBytes) }

  /// Passes every field through the coder.
  public mutating func code(with coder: inout RecordCoder) throws(StateError) {
    try coder.code(&name)
    try coder.code(&publicKeyBytes)
    try coder.code(&organisation)
    try coder.code(&post)
    try coder.code(&roles, blank: .lead)
    try coder.code(&enrolledAt)
    try coder.code(&isRecovered)
    try coder.code(&endedAt)
    try coder.code(&ending)
    try coder.code(&compromisedSince)
    try coder.code(&count)
    try coder.code(&seen)
  }
}

/// Marks a raw public key as used, under whatever name, so that it is never enrolled again.
public struct KeyUse: Record {
  /// The name it was enrolled under.
  public internal(set) var name = KeyName.blank

  /// Blank.
  public init() {}

  /// Passes every field through the coder.
  public mutating func code(with coder: inout RecordCoder) throws(StateError) {
    try coder.code(&name)
  }
}
