internal import Encoding

/// The verifier key of a cosigner, such as a witness (c2sp.org/tlog-cosignature):
/// `name+hex+base64(0x04 || public key)`.
///
/// A type of its own: what a witness signs is another text than what a log signs, and a key of the
/// one kind must never be taken for one of the other.
public struct CosignerKey: Hashable, Sendable, CustomStringConvertible {
  /// The byte that says a timestamped cosignature by Ed25519.
  public static let algorithm: UInt8 = 0x04
  /// The byte that says one by ML-DSA-44, which this software cannot check.
  private static let quantumSafeAlgorithm: UInt8 = 0x06
  /// How long such a public key is.
  private static let quantumSafeByteCount = 1312

  /// The cosigner.
  public let name: String
  /// The public key.
  public let publicKey: PublicKey
  /// The first four bytes of SHA-256 over name, LF, algorithm and public key.
  public let id: UInt32

  /// The cosigner's key of that name.
  ///
  /// - Throws: ``CryptographyError/Code/badVerifierKey`` if signed notes do not allow the name.
  public init(name: String, publicKey: PublicKey) throws(CryptographyError) {
    guard KeyName.isName(name) else {
      throw CryptographyError(
        .badVerifierKey, "A key's name is 1 to 255 bytes without spaces, plus signs and controls.")
    }
    self.name = name
    self.publicKey = publicKey
    id = VerifierKeyText.id(
      name: name, algorithm: Self.algorithm, publicKeyBytes: publicKey.bytes)
  }

  /// Reads the text form, whose id must be that of its name and key.
  public init(_ text: String) throws(CryptographyError) {
    let parts = try VerifierKeyText.parse(
      text, algorithm: Self.algorithm, "The verifier key of a witness")
    try self.init(name: parts.name, publicKey: parts.publicKey)
  }

  /// The public key in a verifier key by ML-DSA-44, whose signatures this software cannot check;
  /// `nil` for any other text. Logs may have such a key too.
  public static func publicKeyOfOtherAlgorithm(_ text: String) -> [UInt8]? {
    guard let parts = VerifierKeyText.split(text), KeyName.isName(parts.name),
      parts.key[0] == quantumSafeAlgorithm, parts.key.count == 1 + quantumSafeByteCount
    else { return nil }
    let publicKey = Array(parts.key[1...])
    let id = VerifierKeyText.id(
      name: parts.name, algorithm: quantumSafeAlgorithm, publicKeyBytes: publicKey)
    return parts.id.utf8.elementsEqual(Hex.encode(id).utf8) ? publicKey : nil
  }

  /// Name and id.
  public var keyName: KeyName { KeyName(name: name, id: id) }

  /// The text form.
  public var description: String {
    VerifierKeyText.write(keyName, algorithm: Self.algorithm, publicKey)
  }

  /// Equality by bytes.
  public static func == (left: Self, right: Self) -> Bool {
    left.keyName == right.keyName && left.publicKey == right.publicKey
  }

  /// Hashes what equality compares.
  public func hash(into hasher: inout Hasher) { hasher.combine(publicKey) }
}
