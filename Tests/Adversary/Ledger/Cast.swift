import Cryptography

/// A key and whose it is. The private half is here too: what a forger holds is for the attack to say.
struct Signer: Sendable {
  let vkey: VerifierKey
  let key: SigningKey

  /// The key of this number under a name; the name is the organisation's id, or the log's origin.
  init(_ name: String, number: UInt8) throws {
    key = try SigningKey(seed: [UInt8](repeating: number, count: 32))
    vkey = try VerifierKey(name: name, publicKey: key.publicKey)
  }

  var name: KeyName { vkey.keyName }
}

/// Everybody who has a part in the ledger, by a label: `ROADS/chief` is a further key of ROADS.
struct Cast: Sendable {
  static let origin = "beihe.example/plan"

  private static let labels = [
    "REG", "GOV", "ISS", "SUP", "CHECK", "ROADS", "ROADS/chief", "ROADS/next", "WATER", "WATER/2",
    "CITY", "PARKS", "LOST", "LOST/2",
  ]

  let log: Signer
  /// A key that nobody has enrolled.
  let stranger: Signer
  /// The witnesses, whose keys are of another kind.
  let witnesses: [(key: SigningKey, cosigner: CosignerKey)]
  private let signers: [String: Signer]

  /// - Parameters:
  ///   - number: Another number gives other people of the same names.
  ///   - log: Another number gives another log under the same name.
  ///   - origin: The log's name.
  init(_ number: UInt8 = 0, log: UInt8 = 0, origin: String = Cast.origin) throws {
    self.log = try Signer(origin, number: 200 &+ log)
    stranger = try Signer("ROADS", number: 199 &- number)
    var signers: [String: Signer] = [:]
    for (place, label) in Self.labels.enumerated() {
      let name = String(label.prefix { $0 != "/" })
      signers[label] = try Signer(name, number: UInt8(place + 1) &+ 40 &* number)
    }
    self.signers = signers
    witnesses = try ["court.example/w", "city.example/w"].enumerated().map { place, name in
      let key = try SigningKey(seed: [UInt8](repeating: UInt8(180 + place), count: 32))
      return (key, try CosignerKey(name: name, publicKey: key.publicKey))
    }
  }

  subscript(_ label: String) -> Signer {
    guard let signer = signers[label] else { preconditionFailure("\(label) has no part in it") }
    return signer
  }

  /// Every enrolled key, by its name.
  var keys: [KeyName: Signer] {
    Dictionary(uniqueKeysWithValues: signers.values.map { ($0.name, $0) })
  }
}
