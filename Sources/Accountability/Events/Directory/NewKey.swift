internal import Cryptography

/// A key as an event brings it in: whose it is, and to what it is limited.
struct NewKey {
  static let fields: [FieldDeclaration] = [
    .optional("post", .id),
    .optional("roles", .list(of: .word(Role.allCases.map(\.rawValue)), count: 1...9)),
    .verifierKey,
  ]

  let organisation: OrganisationID
  let vkey: VerifierKey
  let post: PostID?
  let roles: [Role]

  init(_ event: EventReader) throws(Refusal) {
    organisation = try event.organisation()
    vkey = try event.verifierKey("vkey")
    post = try event.optionalID("post")
    roles = try event.roles("roles")
  }

  var reads: [StateKey] { Programme.reads(vkey) + (post.map { [.post($0)] } ?? []) }

  /// Refuses a key of another name, one that was ever enrolled, and one for another's post.
  func admit(in programme: Programme) throws(Refusal) {
    guard vkey.name.utf8.elementsEqual(organisation.rawValue.utf8) else {
      throw Refusal(
        .malformed, "The key is named \(vkey.name), and the organisation is \(organisation).",
        hint: "A key bears the id of its organisation.")
    }
    try programme.requireNew(vkey)
    if let post {
      guard try programme.post(post).organisation == organisation else {
        throw Refusal(
          .separation, "The post \(post) is not one of \(organisation).",
          hint: "A key is limited to a post of its own organisation.")
      }
    }
  }
}

extension EventReader {
  /// A list of roles in their order, each once; empty if absent.
  func roles(_ name: String) throws(Refusal) -> [Role] {
    let words = try strings(name)
    let roles = Role.allCases.filter { role in words.contains { $0 == role.rawValue } }
    guard roles.count == words.count else { throw wrong(name) }
    return roles
  }
}
