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
    fields: NewKey.fields, "Key enrolled", "登记密钥")

  let key: NewKey

  init(_ event: EventReader) throws(Refusal) { key = try NewKey(event) }

  func reads(in programme: Programme) -> [StateKey] { key.reads }

  func cosigners(in programme: Programme, _ context: Context) -> [Cosigner] {
    context.isOpening ? [] : [.key(key.vkey.keyName)]
  }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    let record = try programme.organisation(key.organisation)
    try key.admit(in: programme)
    if context.isOpening {
      guard key.vkey.keyName == context.author, key.roles.isEmpty, key.post == nil else {
        throw Refusal(.misplaced, "Entry 0 enrols the registrar's own key, without limits.")
      }
    } else if record.hasHadKey {
      try requireOwn(record, in: programme, context)
    } else {
      try programme.requireActing(
        asAnyOf: [.registrar], context,
        else: Refusal(
          .noRole, "The first key of \(key.organisation) is enrolled by the registrar.",
          hint: "Send it what `onus key export` prints."))
    }
  }

  private func requireOwn(
    _ record: Organisation, in programme: Programme, _ context: Context
  ) throws(Refusal) {
    guard context.organisation == key.organisation, let author = programme.keys[context.author]
    else {
      throw Refusal(
        .noRole, "A further key of \(key.organisation) needs one of its own live keys as author.",
        hint: record.liveKeys.isEmpty
          ? "It has none left: registrar and governing body recover it with key.recovered."
          : "Its live keys are \(record.liveKeys.map(\.description).joined(separator: ", ")).")
    }
    // A key of a post, with no roles named, leads that post's tasks; naming roles would add to it.
    let isFree = author.roles.isEmpty && author.post == nil
    let isWithinRoles =
      key.roles.isEmpty ? author.roles.isEmpty : key.roles.allSatisfy(author.roles.contains)
    guard isFree || isWithinRoles, author.post == nil || author.post == key.post else {
      throw Refusal(
        .keyLimited, "The key \(context.author) is limited, and the new key would be less so.",
        hint: "Give the new key the same limits, or narrower ones.")
    }
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    programme.enrol(key.vkey, post: key.post, roles: key.roles, context)
  }
}
