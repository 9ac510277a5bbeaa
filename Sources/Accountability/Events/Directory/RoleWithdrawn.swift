/// An organisation may no longer act in a role; with `task`, it reviews that one task no more.
///
/// The last registrar and the last governing body stay unless a successor is named in the same
/// submission.
struct RoleWithdrawn: EventBody {
  static let declaration = Declaration(
    "role.withdrawn", about: .org, by: [.governing],
    fields: [
      .required("role", .word(Role.granted.map(\.rawValue))), .optional("task", .id),
    ], "Role withdrawn", "收回角色")

  let organisation: OrganisationID
  let role: Role
  let task: TaskID?

  init(_ event: EventReader) throws(Refusal) {
    organisation = try event.organisation()
    role = try event.word("role")
    task = try event.optionalID("task")
  }

  func reads(in programme: Programme) -> [StateKey] { task.map { [.task($0)] } ?? [] }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    let record = try programme.organisation(organisation)
    if let task {
      guard role == .supervisor else {
        throw Refusal(.malformed, "Only `supervisor` is granted, and withdrawn, for one task.")
      }
      guard try programme.task(task).namedReviewers.contains(organisation) else {
        throw Refusal(.nothingToDo, "\(organisation) is not named to review \(task).")
      }
      return
    }
    guard record.roles.contains(role) else {
      throw Refusal(.nothingToDo, "\(organisation) does not hold \(role.rawValue).")
    }
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    if let task {
      programme.tasks.update(task) { $0.namedReviewers.removeAll { $0 == organisation } }
      return
    }
    programme.organisations.update(organisation) { $0.roles.removeAll { $0 == role } }
    switch role {
    case .registrar: programme.ledger?.registrars.removeAll { $0 == organisation }
    case .governing: programme.ledger?.governors.removeAll { $0 == organisation }
    default: break
    }
  }
}
