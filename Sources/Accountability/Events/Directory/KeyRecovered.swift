internal import Cryptography

/// A key for an organisation that has none left: by registrar and governing body together, and
/// listed by every audit (`docs/decisions/0003-key-recovery.md`).
struct KeyRecovered: EventBody {
  static let declaration = Declaration(
    "key.recovered", about: .org, by: [.registrar, .governing],
    cosigner: "the new key, and the other of registrar and governing body",
    fields: NewKey.fields, "Key recovered", "恢复密钥")

  let key: NewKey

  init(_ event: EventReader) throws(Refusal) { key = try NewKey(event) }

  func reads(in programme: Programme) -> [StateKey] { key.reads }

  func cosigners(in programme: Programme, _ context: Context) -> [Cosigner] {
    let other: Role = programme.acts(as: .registrar, context) ? .governing : .registrar
    return [.key(key.vkey.keyName), .role(other)]
  }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    let record = try programme.organisation(key.organisation)
    guard record.hasHadKey, record.liveKeys.isEmpty else {
      throw Refusal(
        .wrongState,
        "\(key.organisation) \(record.hasHadKey ? "still has a live key" : "never had a key").",
        hint: "Enrol its key with key.enrolled.")
    }
    try key.admit(in: programme)
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    programme.enrol(key.vkey, post: key.post, roles: key.roles, context, isRecovered: true)
  }
}
