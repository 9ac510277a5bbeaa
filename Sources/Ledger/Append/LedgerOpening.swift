public import Accountability
public import Cryptography
public import Encoding
public import TransparencyLog

/// What entry 0 of a ledger says: the log, its clock, and the registrar who signs it
/// (`docs/formats/entry.md`).
public struct LedgerOpening: Hashable, Sendable {
  /// The log's verifier key; its name is the origin.
  public var logKey: VerifierKey
  /// The registrar's first key; its name is the organisation's id.
  public var registrar: VerifierKey
  /// What sort of organisation the registrar is, an id such as `office`.
  public var kind: String
  /// The registrar's name in English.
  public var nameEnglish: String
  /// The registrar's name in Chinese.
  public var nameChinese: String
  /// How the ledger tells the time, for ever.
  public var clock = ClockKind.system
  /// The ledger that this one continues, if it does.
  public var predecessor: Predecessor?

  /// An opening with the machine's clock and no predecessor.
  public init(
    logKey: VerifierKey, registrar: VerifierKey, kind: String, nameEnglish: String,
    nameChinese: String
  ) {
    self.logKey = logKey
    self.registrar = registrar
    self.kind = kind
    self.nameEnglish = nameEnglish
    self.nameChinese = nameChinese
  }

  /// The four events of entry 0.
  ///
  /// - Throws: `LedgerError` if the registrar key's name is not an id.
  public func events() throws(LedgerError) -> [Event] {
    guard let organisation = OrganisationID(registrar.name) else {
      throw LedgerError(
        .malformedSubmission, "The registrar's key is named \(registrar.name), which is not an id.")
    }
    var opened: JSONObject = [
      "clock": .string(clock.rawValue), "origin": .string(logKey.name),
      "rules": .integer(Int64(Rules.newest)), "suite": .string(Rules.suite),
      "vkey": .string(logKey.description),
    ]
    if let predecessor { opened["predecessor"] = predecessor.json }
    return [
      Event(type: "ledger.opened", subject: .none, data: opened),
      Event(
        type: "org.registered", subject: .organisation(organisation),
        data: [
          "kind": .string(kind), "nameEn": .string(nameEnglish), "nameZh": .string(nameChinese),
        ]),
      Event(
        type: "key.enrolled", subject: .organisation(organisation),
        data: ["vkey": .string(registrar.description)]),
      Event(
        type: "role.granted", subject: .organisation(organisation),
        data: ["role": .string(Role.registrar.rawValue)]),
    ]
  }

  /// The submission that opens the ledger, signed by the registrar as its first.
  public func sign(at: Timestamp, with key: SigningKey) throws(LedgerError) -> Submission {
    try Submission.sign(
      at: at, by: [SubmissionSigner(registrar, key, n: 1)], seen: .nothing, events: events())
  }
}

/// What a successor ledger says of the one it continues: entries that are gone for good, or a log
/// key that was stolen (`docs/formats/entry.md`).
public struct Predecessor: Hashable, Sendable {
  /// The newest checkpoint that its key is known to have signed: the guard's.
  public let checkpoint: SignedCheckpoint
  /// How many entries could be recovered.
  public let recoveredSize: UInt64
  /// The root over them.
  public let recoveredRoot: Digest
  /// Why it could not go on, in a sentence.
  public let reason: String

  /// A predecessor of which so much was recovered.
  public init(
    checkpoint: SignedCheckpoint, recoveredSize: UInt64, recoveredRoot: Digest, reason: String
  ) {
    self.checkpoint = checkpoint
    self.recoveredSize = recoveredSize
    self.recoveredRoot = recoveredRoot
    self.reason = reason
  }

  /// The predecessor whose guard holds `checkpoint`, and of which `store` holds what is left.
  public init(
    checkpoint: SignedCheckpoint, recoveredFrom store: any TruthStore, reason: String
  ) throws {
    let size = try store.head()?.size ?? 0
    self.init(
      checkpoint: checkpoint, recoveredSize: size,
      recoveredRoot: try MerkleTree.root(ofSize: size, from: StoreTiles(store)), reason: reason)
  }

  /// The member `predecessor` of `ledger.opened`.
  public var json: JSONValue {
    .object([
      "checkpoint": .string(Base64.encode(checkpoint.bytes)), "reason": .string(reason),
      "root": .string(recoveredRoot.base64),
      "size": .integer(Int64(clamping: recoveredSize)),
    ])
  }
}
