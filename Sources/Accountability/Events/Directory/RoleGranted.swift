/// An organisation may act in a role from here on; with `task`, as reviewer of that one task.
///
/// The registrar grants `governing` exactly once, to another organisation; every other grant, for
/// ever, is the governing body's.
struct RoleGranted: EventBody {
  static let declaration = Declaration(
    "role.granted", about: .org,
    by: .words("the governing body; `governing` itself once, by the registrar"),
    fields: [
      .required("role", .word(Role.granted.map(\.rawValue))), .optional("task", .id),
    ], "Role granted", "授予角色")

  /// Roles that judge, and the roles they are kept apart from.
  static let judging: [Role] = [.supervisor, .auditor]
  static let running: [Role] = [.issuer, .registrar]

  let organisation: OrganisationID
  let role: Role
  let task: TaskID?

  init(_ event: EventReader) throws(Refusal) {
    organisation = try event.organisation()
    role = try event.word("role")
    task = try event.optionalID("task")
  }

  func reads(in programme: Programme) -> [StateKey] {
    (task.map { [.task($0)] } ?? []) + programme.liveKeys(of: organisation)
  }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    let record = try programme.organisation(organisation)
    if context.isOpening {
      guard role == .registrar, organisation == context.organisation, task == nil else {
        throw Refusal(
          .misplaced, "Entry 0 makes its author the registrar, and grants nothing else.")
      }
      return
    }
    try requireGrantor(in: programme, context)
    let conflicting = Self.judging.contains(role) ? Self.running : Self.judging
    let mayConflict = Self.judging.contains(role) || Self.running.contains(role)
    if mayConflict, let held = record.roles.first(where: conflicting.contains) {
      throw Refusal(
        .separation,
        "\(organisation) holds \(held.rawValue), which is kept apart from \(role.rawValue).",
        hint: "Grant it to another organisation, or withdraw \(held.rawValue) first.")
    }
    if let task {
      try requireReviewer(of: try programme.task(task))
    } else if record.roles.contains(role) {
      throw Refusal(.alreadyExists, "\(organisation) holds \(role.rawValue) already.")
    }
  }

  private func requireGrantor(in programme: Programme, _ context: Context) throws(Refusal) {
    let isFirstGoverning = role == .governing && programme.ledger?.hasGrantedGoverning == false
    if isFirstGoverning {
      let refusal = Refusal(
        .noRole, "The registrar grants `governing` once, and to another organisation than itself.")
      try programme.requireActing(asAnyOf: [.registrar], context, else: refusal)
      guard organisation != context.organisation, task == nil else { throw refusal }
    } else {
      try programme.requireActing(
        asAnyOf: [.governing], context,
        else: Refusal(
          .noRole, "Roles are granted by the governing body.",
          hint: "`onus org list` shows which organisation that is."))
    }
  }

  private func requireReviewer(of task: Task) throws(Refusal) {
    guard role == .supervisor else {
      throw Refusal(.malformed, "Only `supervisor` can be granted for one task.")
    }
    guard !task.parties.contains(organisation) else {
      throw Refusal(
        .notIndependent, "\(organisation) leads or supports \(task.id), or has.",
        hint: "Name an organisation that has no part in it.")
    }
    guard !task.namedReviewers.contains(organisation) else {
      throw Refusal(.alreadyExists, "\(organisation) is named to review \(task.id) already.")
    }
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    if let task {
      programme.tasks.update(task) { $0.namedReviewers.append(organisation) }
      return
    }
    programme.organisations.update(organisation) { organisation in
      let held = organisation.roles + [role]
      organisation.roles = Role.allCases.filter(held.contains)
    }
    switch role {
    case .registrar: programme.ledger?.registrars.append(organisation)
    case .governing:
      programme.ledger?.governors.append(organisation)
      programme.ledger?.hasGrantedGoverning = true
    default: break
    }
  }
}
