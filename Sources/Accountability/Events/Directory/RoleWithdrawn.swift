/// An organisation may no longer act in a role. The last registrar and the last governing body stay
/// unless a successor is named in the same submission.
struct RoleWithdrawn: EventBody {
  static let declaration = Declaration(
    "role.withdrawn", about: .org, by: [.governing],
    fields: [.required("role", .word(Role.granted.map(\.rawValue)))], "Role withdrawn", "收回角色")

  let organisation: OrganisationID
  let role: Role

  init(_ event: EventReader) throws(Refusal) {
    organisation = try event.organisation()
    role = try event.word("role")
  }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    guard try programme.organisation(organisation).roles.contains(role) else {
      throw Refusal(.nothingToDo, "\(organisation) does not hold \(role.rawValue).")
    }
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    programme.organisations.update(organisation) { $0.roles.removeAll { $0 == role } }
    switch role {
    case .registrar: programme.ledger?.registrars.removeAll { $0 == organisation }
    case .governing: programme.ledger?.governors.removeAll { $0 == organisation }
    default: break
    }
  }
}
