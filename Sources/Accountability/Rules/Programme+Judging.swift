internal import Cryptography
internal import Encoding

/// Who may: every event of an entry, one after the other, and who signs with its author.
extension Programme {
  mutating func judge(
    _ submission: SubmissionFacts, _ index: UInt64, _ time: Timestamp
  ) throws(Refusal) {
    let author = submission.by[0].key
    guard let organisation = OrganisationID(author.name) else {
      throw Refusal(.malformed, "The key name \(author) is not an organisation's id.")
    }
    if index == 0 { try requireOpening(submission) }
    let actingBefore = acting ?? actingRoles()
    acting = actingBefore
    let others = submission.by.dropFirst().map(\.key)
    var wanted: Set<KeyName> = []
    begin(isCertain: Self.isCertain(submission))
    for (offset, event) in submission.events.enumerated() {
      let context = Context(
        author: author, organisation: organisation,
        cosigners: others, seen: submission.seenSize,
        at: submission.at, entry: index, time: time,
        citation: Citation(key: author, n: submission.by[0].n, event: offset + 1))
      let isLast = offset == submission.events.count - 1
      let body: any EventBody
      do throws(Refusal) {
        body = try admitted(event, isLast: isLast, context, &wanted)
      } catch {
        throw error.at(event: offset + 1)
      }
      if isLast, let extra = others.first(where: { !wanted.contains($0) }) {
        throw Refusal(
          .unwantedCosigner, "No event of this submission asks for the signature of \(extra).",
          hint: "Sign again without it.")
      }
      body.evolve(&self, context)
    }
    if hasTouchedHolders {
      precondition(tasks.keepsJournal, "an event about a task changed the directory")
      acting = try requireHolders(since: actingBefore)
    }
  }

  /// Whether nothing can be refused once the first event has taken effect: the only one, and about
  /// a task, so that it changes nothing of who can act.
  static func isCertain(_ submission: SubmissionFacts) -> Bool {
    guard submission.events.count == 1, case .task = submission.events[0].subject else {
      return false
    }
    return true
  }

  /// Everything that an event must satisfy before it takes effect.
  func admitted(
    _ event: Event, isLast: Bool, _ context: Context, _ wanted: inout Set<KeyName>
  ) throws(Refusal) -> any EventBody {
    let (body, declaration) = try read(event, context.entry)
    if !context.isOpening { try requireAuthority(declaration, event, context) }
    try EventCatalogue.requirePlace(of: event, isLast: isLast)
    let demands = try body.cosigners(in: self, context)
    try body.admit(in: self, context)
    for demand in demands { wanted.formUnion(try cosigners(answering: demand, context)) }
    return body
  }

  func read(
    _ event: Event, _ index: UInt64
  ) throws(Refusal) -> (any EventBody, Declaration) {
    let isOpening = index == 0 && ledger == nil
    return try EventCatalogue.read(
      event, rules: rules ?? Rules.newest, isOpening: isOpening)
  }

  /// Entry 0 opens the ledger and enrols the registrar alone (`docs/rules.md`, *Beginnings*).
  func requireOpening(_ submission: SubmissionFacts) throws(Refusal) {
    let types = submission.events.map(\.type)
    guard types == ["ledger.opened", "org.registered", "key.enrolled", "role.granted"],
      submission.by.count == 1
    else {
      throw Refusal(
        .misplaced,
        "Entry 0 holds exactly ledger.opened, org.registered, key.enrolled and "
          + "role.granted, signed by the registrar's first key."
      )
    }
  }

  func cosigners(
    answering demand: Cosigner, _ context: Context
  ) throws(Refusal) -> [KeyName] {
    let answering = context.cosigners.filter { answers(demand, $0, context) }
    guard !answering.isEmpty else {
      throw Refusal(
        .missingCosigner, "The submission lacks the signature of \(demand.sentence).",
        hint: "Both sign the same text: sign it again with --with and that key.")
    }
    return answering
  }

  /// A key that this very submission enrols proves only that somebody holds it: it answers for no
  /// post and no role yet.
  func answers(_ demand: Cosigner, _ name: KeyName, _ context: Context) -> Bool {
    if case .key(let demanded) = demand { return name == demanded }
    guard name != context.author, let key = keys[name], key.enrolledAt < context.entry else {
      return false
    }
    switch demand {
    case .key: return false
    case .post(let id):
      guard let post = posts[id], key.organisation == post.organisation else { return false }
      return key.speaks(for: id)
    case .role(let role):
      return key.organisation != context.organisation && holds(role, key.organisation, .none)
        && key.permits(role, on: .none)
    }
  }

  /// The registry and the governing body, once they can act, can never be left unable to.
  ///
  /// - Returns: Which of them can act now.
  func requireHolders(since before: [Role]) throws(Refusal) -> [Role] {
    let now = actingRoles()
    if let role = before.first(where: { !now.contains($0) }) {
      throw Refusal(
        .lastHolder, "This would leave the ledger without a live key that holds \(role.rawValue).",
        hint: "Name and equip the successor in the same submission.")
    }
    return now
  }

  func actingRoles() -> [Role] { [.registrar, .governing].filter(hasActing) }

  func hasActing(_ role: Role) -> Bool {
    let holders = role == .registrar ? ledger?.registrars : ledger?.governors
    return holders?.contains { id in
      organisations[id]?.liveKeys.contains { keys[$0]?.permits(role, on: .none) == true } ?? false
    } ?? false
  }
}

extension Cosigner {
  var sentence: String {
    switch self {
    case .key(let name): "the new key \(name)"
    case .post(let id): "the receiving post \(id)"
    case .role(let role): "another organisation that holds \(role.rawValue)"
    }
  }
}
