public import Cryptography
public import Encoding

extension Programme {
  /// Judges one entry and applies it if it holds; the writer, the views and the audit all call this.
  ///
  /// Nothing of a void entry takes effect, except that the count of a key advances where its
  /// signature verifies and its number was next: so a cheating writer cannot wedge an honest key.
  ///
  /// - Parameters:
  ///   - index: The entry's index; 0 opens the ledger.
  ///   - time: The ledger's clock at the entry.
  ///   - timeOfSeen: The time of the newest entry the author had seen; `nil` if none.
  ///   - seenMatches: Whether `seen.root` is the root at `seen.size`.
  ///   - isSigned: Whether signature line `i` verifies under a key.
  public mutating func apply(
    _ submission: SubmissionFacts, index: UInt64, time: Timestamp, timeOfSeen: Timestamp?,
    seenMatches: Bool, isSigned: (Int, PublicKey) -> Bool
  ) -> Outcome {
    if let rules = ledger?.rules, rules > Rules.newest { return .unknown(neededRules: rules) }
    var standings: [Standing] = []
    let outcome: Outcome
    do throws(Refusal) {
      standings = try standing(of: submission, at: index, isSigned)
      try requireHistory(submission, standings, index, time, timeOfSeen, seenMatches)
      try judge(submission, index, time)
      outcome = .applied
    } catch {
      rollBack()
      outcome = .void(error)
      if standings.isEmpty { standings = lenientStandings(of: submission, isSigned) }
    }
    advanceCounts(submission, standings, isApplied: outcome == .applied)
    commit()
    return outcome
  }

  /// What one line of `by` turned out to be.
  private struct Standing {
    /// The number of the key's last submission; 0 if this one enrols it.
    var count: UInt64 = 0
    /// The largest `seen` the key has signed.
    var seen: UInt64 = 0
    var isSigned = false
    var isNext = false
  }

  // MARK: Signatures

  private func standing(
    of submission: SubmissionFacts, at index: UInt64, _ isSigned: (Int, PublicKey) -> Bool
  ) throws(Refusal) -> [Standing] {
    var standings: [Standing] = []
    for (line, signer) in submission.by.enumerated() {
      if let key = keys[signer.key] {
        guard key.endedAt == nil else {
          throw Refusal(
            .endedKey, "The key \(signer.key) stopped counting at entry \(key.endedAt ?? 0).",
            hint: "Sign with a key that the organisation holds now.", entry: key.endedAt)
        }
        guard let publicKey = key.publicKey, isSigned(line, publicKey) else {
          throw Self.badSignature(signer.key)
        }
        standings.append(Self.standing(of: key, signer.n, isSigned: true))
      } else if let vkey = enrolment(of: signer.key, in: submission), index == 0 || line > 0 {
        guard isSigned(line, vkey.publicKey) else { throw Self.badSignature(signer.key) }
        standings.append(Standing(isSigned: true, isNext: signer.n == 1))
      } else {
        throw Refusal(
          .unknownKey, "The key \(signer.key) was never enrolled in this ledger.",
          hint: "Have the registrar enrol the organisation's first key, or sign with a live key.")
      }
    }
    return standings
  }

  /// After a refusal that came before all lines were judged: which known keys did sign.
  private func lenientStandings(
    of submission: SubmissionFacts, _ isSigned: (Int, PublicKey) -> Bool
  ) -> [Standing] {
    submission.by.enumerated().map { line, signer in
      guard let key = keys[signer.key], let publicKey = key.publicKey else {
        return Standing()
      }
      return Self.standing(of: key, signer.n, isSigned: isSigned(line, publicKey))
    }
  }

  private static func standing(
    of key: EnrolledKey, _ n: UInt64, isSigned: Bool
  ) -> Standing {
    Standing(count: key.count, seen: key.seen, isSigned: isSigned, isNext: n == key.count + 1)
  }

  private func enrolment(of name: KeyName, in submission: SubmissionFacts) -> VerifierKey? {
    submission.events.lazy.compactMap(\.enrolledKey).first { $0.keyName == name }
  }

  private static func badSignature(_ key: KeyName) -> Refusal {
    Refusal(
      .badSignature, "The signature of \(key) does not verify over this submission.",
      hint: "Sign the exact bytes again; nothing may change after signing.")
  }

  // MARK: History

  private func requireHistory(
    _ submission: SubmissionFacts, _ standings: [Standing], _ index: UInt64, _ time: Timestamp,
    _ timeOfSeen: Timestamp?, _ seenMatches: Bool
  ) throws(Refusal) {
    for (signer, standing) in zip(submission.by, standings) {
      guard standing.isNext else {
        let expected = standing.count + 1
        throw Refusal(
          .wrongCount,
          "The next number of \(signer.key) is \(expected), and this one says \(signer.n).",
          hint:
            "Sign again with that number, as `onus sign --again FILE --number \(expected)` does.")
      }
      guard submission.seenSize >= standing.seen else {
        throw Refusal(
          .fallingSeen,
          "The key \(signer.key) had already seen \(standing.seen) entries, and this says "
            + "\(submission.seenSize).",
          hint: "Sign again against a checkpoint of at least \(standing.seen) entries.")
      }
    }
    let allowed = index == 0 ? 0...0 : 1...index
    guard allowed.contains(submission.seenSize) else {
      throw Refusal(
        .wrongSeen,
        submission.seenSize > index
          ? "The signer has seen \(submission.seenSize) entries, more than this ledger "
            + "holds: it was rolled back, or it is another ledger."
          : "`seen.size` is \(submission.seenSize), which an entry at index \(index) cannot have.")
    }
    guard seenMatches else {
      throw Refusal(
        .wrongSeen,
        "The root that the signer saw at size \(submission.seenSize) is not the root of "
          + "this ledger there.",
        hint: "The submission was signed for another ledger or another history.")
    }
    try requireTimes(submission, time, timeOfSeen)
  }

  private func requireTimes(
    _ submission: SubmissionFacts, _ time: Timestamp, _ timeOfSeen: Timestamp?
  ) throws(Refusal) {
    let at = submission.at.milliseconds
    if at > time.milliseconds + Rules.clockLead {
      throw Refusal(
        .wrongTime, "The signer's clock (\(submission.at)) is ahead of the ledger's (\(time)).",
        hint: "Set the signing machine's clock and sign again.")
    }
    if time.milliseconds > at + Rules.carryTime {
      throw Refusal(
        .wrongTime, "The submission was signed on \(submission.at), more than 60 days ago.",
        hint: "Sign it again.")
    }
    if let timeOfSeen, at < timeOfSeen.milliseconds - Rules.clockLead {
      throw Refusal(
        .wrongTime,
        "The signer's clock (\(submission.at)) is behind an entry it had seen (\(timeOfSeen)).",
        hint: "Set the signing machine's clock and sign again.")
    }
  }

  // MARK: Authority

  private mutating func judge(
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
  private static func isCertain(_ submission: SubmissionFacts) -> Bool {
    guard submission.events.count == 1, case .task = submission.events[0].subject else {
      return false
    }
    return true
  }

  /// Everything that an event must satisfy before it takes effect.
  private func admitted(
    _ event: Event, isLast: Bool, _ context: Context, _ wanted: inout Set<KeyName>
  ) throws(Refusal) -> any EventBody {
    let (body, declaration) = try read(event, context.entry)
    if !context.isOpening { try requireAuthority(declaration, event, context) }
    guard event.type != "rules.adopted" || isLast else {
      throw Refusal(
        .misplaced, "`rules.adopted` is the last event of its submission.",
        hint: "What follows is judged by the new rules: put it in a submission of its own.")
    }
    let demands = try body.cosigners(in: self, context)
    try body.admit(in: self, context)
    for demand in demands { wanted.formUnion(try cosigners(answering: demand, context)) }
    return body
  }

  func read(
    _ event: Event, _ index: UInt64
  ) throws(Refusal) -> (any EventBody, Declaration) {
    let rules = ledger?.rules ?? Rules.newest
    guard let kind = EventCatalogue.kind(of: event.type), kind.declaration.since <= rules else {
      throw Refusal(
        .unknownType, "Rules version \(rules) knows no event `\(event.type)`.",
        hint: "Use a type listed in docs/authority.md.")
    }
    let declaration = kind.declaration
    guard (event.type == "ledger.opened") == (index == 0 && ledger == nil) else {
      throw Refusal(
        .misplaced, "`ledger.opened` is the first event of entry 0 and stands nowhere else.")
    }
    return (try kind.init(try EventReader(event, as: declaration)), declaration)
  }

  /// Entry 0 opens the ledger and enrols the registrar alone (DESIGN §3.3).
  private func requireOpening(_ submission: SubmissionFacts) throws(Refusal) {
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

  private func cosigners(
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
  private func answers(_ demand: Cosigner, _ name: KeyName, _ context: Context) -> Bool {
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
      return key.organisation != context.organisation && holds(role, key.organisation, nil)
        && key.permits(role, on: nil)
    }
  }

  /// The registry and the governing body, once they can act, can never be left unable to.
  ///
  /// - Returns: Which of them can act now.
  private func requireHolders(since before: [Role]) throws(Refusal) -> [Role] {
    let now = actingRoles()
    if let role = before.first(where: { !now.contains($0) }) {
      throw Refusal(
        .lastHolder, "This would leave the ledger without a live key that holds \(role.rawValue).",
        hint: "Name and equip the successor in the same submission.")
    }
    return now
  }

  private func actingRoles() -> [Role] { [.registrar, .governing].filter(hasActing) }

  private func hasActing(_ role: Role) -> Bool {
    let holders = role == .registrar ? ledger?.registrars : ledger?.governors
    return holders?.contains { id in
      organisations[id]?.liveKeys.contains { keys[$0]?.permits(role, on: nil) == true } ?? false
    } ?? false
  }

  // MARK: Counts

  private mutating func advanceCounts(
    _ submission: SubmissionFacts, _ standings: [Standing], isApplied: Bool
  ) {
    for (signer, standing) in zip(submission.by, standings)
    where standing.isSigned && standing.isNext {
      keys.update(signer.key) { key in
        key.count = signer.n
        if isApplied { key.seen = submission.seenSize }
      }
    }
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
