internal import Cryptography

/// A key is replaced by a new one with the same limits; both sign, and the old one ends here.
struct KeyRotated: EventBody {
  static let declaration = Declaration(
    "key.rotated", about: .none, by: .words("the key that ends"), cosigner: "the new key",
    fields: [.verifierKey], "Key rotated", "更换密钥")

  let vkey: VerifierKey

  init(_ event: EventReader) throws(Refusal) { vkey = try event.verifierKey("vkey") }

  func reads(in programme: Programme) -> [StateKey] { Programme.reads(vkey) }

  func cosigners(in programme: Programme, _ context: Context) -> [Cosigner] {
    [.key(vkey.keyName)]
  }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    guard vkey.name.utf8.elementsEqual(context.organisation.rawValue.utf8) else {
      throw Refusal(
        .malformed, "The new key is named \(vkey.name), and the old one \(context.author.name).",
        hint: "A key bears the id of its organisation.")
    }
    try programme.requireNew(vkey)
    guard programme.keys[context.author]?.endedAt == nil else {
      throw Refusal(.endedKey, "The key \(context.author) ended in this very submission.")
    }
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    guard let old = programme.keys[context.author] else { return }
    programme.enrol(vkey, post: old.post, roles: old.roles, context)
    programme.end(context.author, .rotated, context)
  }
}
