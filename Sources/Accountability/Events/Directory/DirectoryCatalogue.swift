internal import Cryptography
internal import Encoding

extension EventCatalogue {
  /// The ledger itself, organisations, posts, keys and roles.
  static let directory: [any EventBody.Type] = [
    LedgerOpened.self, RulesAdopted.self, OrgRegistered.self, PostDefined.self, KeyEnrolled.self,
    KeyRotated.self, KeyRecovered.self, KeyRevoked.self, RoleGranted.self, RoleWithdrawn.self,
  ]
}

extension FieldDeclaration {
  static let titleEnglish = required("titleEn", .text(maximum: 500))
  static let titleChinese = required("titleZh", .text(maximum: 500))
  static let verifierKey = required("vkey", .verifierKey)
}

// What the events of the directory have in common.
extension Programme {
  /// The organisation, or a refusal that names it.
  func organisation(_ id: OrganisationID) throws(Refusal) -> Organisation {
    guard let organisation = organisations[id] else {
      throw Refusal(
        .unknownSubject, "The organisation \(id) is not registered.",
        hint: "The registrar registers it with `onus org add`.")
    }
    return organisation
  }

  /// The post, or a refusal that names it.
  func post(_ id: PostID) throws(Refusal) -> Post {
    guard let post = posts[id] else {
      throw Refusal(
        .unknownSubject, "There is no post \(id).",
        hint: "The registrar defines it with post.defined.")
    }
    return post
  }

  /// Whether the author acts for an organisation that holds `role`, with a key that lets it.
  func acts(as role: Role, _ context: Context) -> Bool {
    holds(role, context.organisation, .none)
      && keys[context.author]?.permits(role, on: .none) == true
  }

  /// Refuses who holds none of the roles with `refusal`, and who holds one as limited if their key may
  /// not use it.
  func requireActing(
    asAnyOf roles: [Role], _ context: Context, else refusal: @autoclosure () -> Refusal
  ) throws(Refusal) {
    guard !roles.contains(where: { acts(as: $0, context) }) else { return }
    guard roles.contains(where: { holds($0, context.organisation, .none) }) else { throw refusal() }
    throw Refusal(
      .keyLimited, "The key \(context.author) is limited to other duties.",
      hint: Self.otherKey(of: context.organisation))
  }

  /// Refuses a key that was ever enrolled here, under whatever name; the log key counts.
  func requireNew(_ vkey: VerifierKey) throws(Refusal) {
    if keys[vkey.keyName] != nil {
      throw Refusal(
        .alreadyExists, "The key \(vkey.keyName) was enrolled before.", hint: "Make a new key.")
    }
    if let use = keyUses[StateKey.keyUse(vkey.publicKey).name] {
      throw Refusal(
        .alreadyExists, "The public key of \(vkey.keyName) was enrolled before, as \(use.name).",
        hint: "Make a new key.")
    }
  }

  /// What enrolling a key reads.
  static func reads(_ vkey: VerifierKey) -> [StateKey] {
    var keys: [StateKey] = [.key(vkey.keyName), .keyUse(vkey.publicKey)]
    if let id = OrganisationID(vkey.name) { keys.append(.organisation(id)) }
    return keys
  }

  /// Takes a key in; it counts from the next entry.
  mutating func enrol(
    _ vkey: VerifierKey, post: PostID?, roles: [Role], _ context: Context,
    isRecovered: Bool = false
  ) {
    guard let id = OrganisationID(vkey.name) else { return }
    var key = EnrolledKey()
    key.name = vkey.keyName
    key.publicKeyBytes = vkey.publicKey.bytes
    key.organisation = id
    key.post = post
    key.roles = roles
    key.enrolledAt = context.entry
    key.isRecovered = isRecovered
    keys[vkey.keyName] = key
    var use = KeyUse()
    use.name = vkey.keyName
    keyUses[StateKey.keyUse(vkey.publicKey).name] = use
    organisations.update(id) { organisation in
      organisation.liveKeys.append(vkey.keyName)
      organisation.hasHadKey = true
    }
  }

  /// Ends a key at this entry.
  mutating func end(
    _ name: KeyName, _ ending: EnrolledKey.Ending, since: Timestamp? = nil, _ context: Context
  ) {
    guard var key = keys[name], key.endedAt == nil else { return }
    key.endedAt = context.entry
    key.ending = ending
    key.compromisedSince = since
    keys[name] = key
    organisations.update(key.organisation) { $0.liveKeys.removeAll { $0 == name } }
  }
}
