internal import Cryptography

/// A key for an organisation that has none left: by registrar and governing body together, and
/// listed by every audit (`docs/decisions/0003-key-recovery.md`).
struct KeyRecovered: EventBody {
  static let declaration = Declaration(
    "key.recovered", about: .org, by: [.registrar, .governing],
    cosigner: "the new key, and the other of registrar and governing body",
    fields: [
      .optional("post", .id),
      .optional("roles", .list(of: .word(Role.allCases.map(\.rawValue)), count: 1...9)),
      .verifierKey,
    ], "Key recovered", "恢复密钥")

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

  func reads(in programme: Programme) -> [StateKey] {
    Programme.reads(vkey) + (post.map { [.post($0)] } ?? [])
  }

  func cosigners(in programme: Programme, _ context: Context) -> [Cosigner] {
    let other: Role = programme.acts(as: .registrar, context) ? .governing : .registrar
    return [.key(vkey.keyName), .role(other)]
  }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    let record = try programme.organisation(organisation)
    guard record.hasHadKey, record.liveKeys.isEmpty else {
      throw Refusal(
        .wrongState,
        "\(organisation) \(record.hasHadKey ? "still has a live key" : "never had a key").",
        hint: "Enrol its key with key.enrolled.")
    }
    guard vkey.name.utf8.elementsEqual(organisation.rawValue.utf8) else {
      throw Refusal(
        .malformed, "The key is named \(vkey.name), and the organisation is \(organisation).",
        hint: "A key bears the id of its organisation.")
    }
    try programme.requireNew(vkey)
    if let post {
      guard try programme.post(post).organisation == organisation else {
        throw Refusal(.separation, "The post \(post) is not one of \(organisation).")
      }
    }
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    programme.enrol(vkey, post: post, roles: roles, context, isRecovered: true)
  }
}
