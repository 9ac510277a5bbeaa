internal import Cryptography
internal import Encoding

extension Programme {
  /// Holds an event against what its type declares: who may, on which task, in which states,
  /// and with what distance from it.
  func requireAuthority(
    _ declaration: Declaration, _ event: Event, _ context: Context
  ) throws(Refusal) {
    guard organisations.has(context.organisation) else {
      throw Refusal(
        .unknownSubject, "The organisation \(context.organisation) is not registered.",
        hint: "The registrar registers it with `onus org add`.")
    }
    guard case .task(let id) = event.subject, declaration.type != "task.issued" else {
      return try requireRole(declaration, on: .none, context)
    }
    try withTask(id) { (target) throws(Refusal) in
      try requireRole(declaration, on: target.roles, context)
      if declaration.isIndependent { try requireIndependent(context.organisation, of: target) }
      try require(target, in: declaration.states, for: declaration.type)
    }
  }

  private func requireRole(
    _ declaration: Declaration, on target: TaskRoles, _ context: Context
  ) throws(Refusal) {
    let roles = declaration.by.roles
    guard !roles.isEmpty else { return }
    var isHeld = false
    for role in roles where holds(role, context.organisation, target) {
      if keys.lend(context.author, { $0.permits(role, on: target) }) == true { return }
      isHeld = true
    }
    guard isHeld else {
      let words = roles.map(\.rawValue).joined(separator: " or ")
      throw Refusal(
        roles.contains(where: \.isPerTask) ? .notParty : .noRole,
        "\(context.organisation) is not \(words) here, and only that may write "
          + "`\(declaration.type)`.",
        hint: Self.holders(of: roles, target))
    }
    throw Refusal(
      .keyLimited,
      "The key \(context.author) is limited and may not write `\(declaration.type)` here.",
      hint: Self.otherKey(of: context.organisation))
  }

  /// Who holds the roles, as far as the task tells.
  private static func holders(of roles: [Role], _ target: TaskRoles) -> String {
    let parts = roles.compactMap { role -> String? in
      switch role {
      case .lead: target.lead.map { "\($0) leads it" }
      case .support:
        target.supports.isEmpty ? nil : list(target.supports) + " support it"
      case .territory:
        target.territories.isEmpty ? nil : "it is done in " + list(target.territories)
      default: nil
      }
    }
    guard let first = parts.first else {
      return roles.contains(where: \.isPerTask)
        ? "Nobody has that part in it." : "`onus org list` shows who is."
    }
    return (first.prefix(1).uppercased() + first.dropFirst())
      + parts.dropFirst().map { ", \($0)" }.joined() + "."
  }

  private static func list(_ organisations: [OrganisationID]) -> String {
    organisations.map(\.rawValue).joined(separator: ", ")
  }

  /// What to do where a key is limited to other duties.
  static func otherKey(of organisation: OrganisationID) -> String {
    "Sign with another of \(organisation)'s keys; `onus org show \(organisation)` lists them and "
      + "their limits."
  }

  /// The task, or a refusal that names it.
  func task(_ id: TaskID) throws(Refusal) -> Task {
    guard let task = tasks[id] else { throw Self.unknown(id) }
    return task
  }

  /// Lends the task, or refuses with its name; where it is only looked into, cheaper than a copy.
  @inline(__always)
  func withTask<R>(
    _ id: TaskID, _ body: (Task) throws(Refusal) -> R
  ) throws(Refusal) -> R {
    guard let result = try tasks.lend(id, body) else { throw Self.unknown(id) }
    return result
  }

  private static func unknown(_ id: TaskID) -> Refusal {
    Refusal(.unknownSubject, "There is no task \(id).", hint: "List tasks with `onus status`.")
  }

  func require(_ task: Task, in states: [TaskState], for type: EventType) throws(Refusal) {
    guard states.isEmpty || states.contains(task.state) else {
      let accepted = states.map(\.rawValue).joined(separator: ", ")
      throw Refusal(
        .wrongState, "Task \(task.id) is \(task.state.rawValue), where `\(type)` has no place.",
        hint: "It is accepted while the task is \(accepted).")
    }
  }

  /// Who judges belongs to no organisation that leads or supports the task, or ever has.
  func requireIndependent(_ organisation: OrganisationID, of task: Task) throws(Refusal) {
    guard !task.parties.contains(organisation) else {
      throw Refusal(
        .notIndependent,
        "\(organisation) leads or supports \(task.id), or has, and so may not decide on it.",
        hint: "Another holder of the role decides, or the governing body names one.")
    }
  }

  /// Refuses a decision taken before a change by another organisation was seen.
  func requireFresh(_ touch: Touch, _ what: String, _ context: Context) throws(Refusal) {
    let latest = touch.latest(notBy: context.organisation)
    guard latest < context.seen || latest == 0 else {
      throw Refusal(
        .stale,
        "\(what) changed at entry \(latest), after the \(context.seen) entries that the "
          + "signer had seen.",
        hint: "Look at it with `onus show \(latest)` and sign again.", entry: latest)
    }
  }

  func holds(_ role: Role, _ organisation: OrganisationID, _ task: TaskRoles) -> Bool {
    switch role {
    case .lead: task.lead == organisation
    case .support: task.supports.contains(organisation)
    case .territory: task.territories.contains(organisation)
    case .supervisor:
      // Whoever was named to review and later came to issue or register judges no more.
      has(role, organisation)
        || (task.namedReviewers.contains(organisation)
          && organisations[organisation]?.roles.contains(where: RoleGranted.running.contains)
            == false)
    default: has(role, organisation)
    }
  }

  private func has(_ role: Role, _ organisation: OrganisationID) -> Bool {
    organisations.lend(organisation) { $0.roles.contains(role) } ?? false
  }
}

extension Role {
  /// Whether the role follows from a task's assignment rather than from a grant.
  public var isPerTask: Bool { self == .lead || self == .support || self == .territory }
}

extension EnrolledKey {
  /// Whether the key's own limits let its organisation use `role` through it.
  ///
  /// A key of one post acts as lead on that post's tasks only, and in the roles it names.
  func permits(_ role: Role, on task: TaskRoles) -> Bool {
    if !roles.isEmpty, !roles.contains(role) { return false }
    guard let post else { return true }
    return role == .lead ? task.post == post : roles.contains(role)
  }
}
