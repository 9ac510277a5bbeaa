internal import Cryptography

/// A key of an organisation, from the next entry on; it signs too, which proves that somebody holds
/// its private half.
///
/// The registrar enrols an organisation's first key. A further one needs a live key of the same
/// organisation, and never gets more than that key may.
struct KeyEnrolled: EventBody {
  static let declaration = Declaration(
    "key.enrolled", about: .org,
    by: .words("the registrar for the first key; then a live key of the organisation"),
    cosigner: "the new key",
    fields: [
      .optional("post", .id),
      .optional("roles", .list(of: .word(Role.allCases.map(\.rawValue)), count: 1...9)),
      .verifierKey,
    ], "Key enrolled", "登记密钥")

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
    context.isOpening ? [] : [.key(vkey.keyName)]
  }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    let record = try programme.organisation(organisation)
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
    if context.isOpening {
      guard vkey.keyName == context.author, roles.isEmpty, post == nil else {
        throw Refusal(.misplaced, "Entry 0 enrols the registrar's own key, without limits.")
      }
    } else if record.hasHadKey {
      try requireOwn(record, in: programme, context)
    } else if !programme.acts(as: .registrar, context) {
      throw Refusal(.noRole, "The first key of \(organisation) is enrolled by the registrar.")
    }
  }

  private func requireOwn(
    _ record: Organisation, in programme: Programme, _ context: Context
  ) throws(Refusal) {
    guard context.organisation == organisation, let author = programme.keys[context.author] else {
      throw Refusal(
        .noRole, "A further key of \(organisation) needs one of its own live keys as author.",
        hint: record.liveKeys.isEmpty
          ? "It has none left: registrar and governing body recover it with key.recovered."
          : "Its live keys are \(record.liveKeys.map(\.description).joined(separator: ", ")).")
    }
    // A key of a post, with no roles named, leads that post's tasks; naming roles would add to it.
    let isFree = author.roles.isEmpty && author.post == nil
    let isWithinRoles =
      roles.isEmpty ? author.roles.isEmpty : roles.allSatisfy(author.roles.contains)
    guard isFree || isWithinRoles, author.post == nil || author.post == post else {
      throw Refusal(
        .keyLimited, "The key \(context.author) is limited, and the new key would be less so.",
        hint: "Give the new key the same limits, or narrower ones.")
    }
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    programme.enrol(vkey, post: post, roles: roles, context)
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
