internal import Encoding

/// The text form that C2SP's verifier keys of every kind share: `name+hex+base64(algorithm || key)`.
enum VerifierKeyText {
  /// The parts of a text whose key is Ed25519 and of this algorithm. The name is not checked.
  ///
  /// - Parameter what: What the text should have been, for the message: "A verifier key".
  static func parse(
    _ text: String, algorithm: UInt8, _ what: String
  ) throws(CryptographyError) -> (name: String, publicKey: PublicKey) {
    guard let parts = split(text), parts.key.count == 33, parts.key[0] == algorithm else {
      throw CryptographyError(
        .badVerifierKey, "\(what) has the form name+hex+base64 and holds an Ed25519 key.")
    }
    let publicKey = try PublicKey(Array(parts.key[1...]))
    let id = id(name: parts.name, algorithm: algorithm, publicKeyBytes: publicKey.bytes)
    guard parts.id.utf8.elementsEqual(Hex.encode(id).utf8) else {
      throw CryptographyError(
        .badVerifierKey,
        "The id in the verifier key of \(parts.name) is not that of its name and key.")
    }
    return (parts.name, publicKey)
  }

  /// The text of these parts.
  static func write(_ name: KeyName, algorithm: UInt8, _ publicKey: PublicKey) -> String {
    "\(name)+\(Base64.encode([algorithm] + publicKey.bytes))"
  }

  /// The first four bytes of SHA-256 over name, LF, algorithm and public key.
  static func id(name: String, algorithm: UInt8, publicKeyBytes: [UInt8]) -> UInt32 {
    let digest = SHA256.hash(Array(name.utf8) + [0x0A, algorithm] + publicKeyBytes)
    return digest.bytes[..<4].reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// Name, id, and the key with its algorithm before it.
  static func split(_ text: String) -> (name: String, id: String, key: [UInt8])? {
    // Base64 may hold a plus, the name may not: split at the first two.
    let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, let key = Base64.decode(String(parts[2])), !key.isEmpty else {
      return nil
    }
    return (String(parts[0]), String(parts[1]), key)
  }
}
