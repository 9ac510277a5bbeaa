internal import Encoding

/// The name of a key: its owner and 4 bytes of a hash, `D03+1a2b3c4d`.
public struct KeyName: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The owner: an organisation's id, or a log's origin.
  public let name: String
  /// The first four bytes of SHA-256 over name, LF, algorithm and public key.
  public let id: UInt32

  /// A key's name; nothing is checked.
  public init(name: String, id: UInt32) {
    self.name = name
    self.id = id
  }

  /// Reads `name+hex`; the hexadecimal is eight digits of lower case.
  public init?(_ text: String) {
    let digits = text.utf8.suffix(8)
    guard let plus = text.utf8.index(digits.startIndex, offsetBy: -1, limitedBy: text.startIndex),
      text.utf8[plus] == UInt8(ascii: "+")
    else { return nil }
    var id: UInt32 = 0
    for digit in digits {
      guard let value = Hex.value(of: digit) else { return nil }
      id = id << 4 | UInt32(value)
    }
    let name = String(text[..<plus])
    guard Self.isName(name) else { return nil }
    self.init(name: name, id: id)
  }

  /// Whether the C2SP signed-note rules allow a name: not empty, no space of any kind and no plus.
  public static func isName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 255
      && (name.utf8.allSatisfy { (0x21..<0x7F).contains($0) && $0 != UInt8(ascii: "+") }
        || name.unicodeScalars.allSatisfy {
          $0 != "+" && !$0.properties.isWhitespace && !TextRules.isForbidden($0)
        })
  }

  /// `name+hex`.
  public var description: String {
    name + "+" + Hex.encode(id)
  }

  /// Equality by bytes.
  public static func == (left: Self, right: Self) -> Bool {
    left.id == right.id && left.name.utf8.elementsEqual(right.name.utf8)
  }

  /// Hashes what equality compares.
  public func hash(into hasher: inout Hasher) { hasher.combine(id) }

  /// Orders by name, then id.
  public static func < (left: Self, right: Self) -> Bool {
    if left.name.utf8.elementsEqual(right.name.utf8) { return left.id < right.id }
    return left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
  }
}

/// A C2SP signed-note verifier key of type Ed25519: `name+hex+base64(0x01 || public key)`.
public struct VerifierKey: Hashable, Sendable, CustomStringConvertible {
  /// The byte that says Ed25519.
  public static let algorithm: UInt8 = 0x01

  /// The owner.
  public let name: String
  /// The public key.
  public let publicKey: PublicKey
  /// The first four bytes of SHA-256 over name, LF, algorithm and public key.
  public let id: UInt32

  /// The verifier key of that name.
  ///
  /// - Throws: ``CryptographyError/Code/badVerifierKey`` if signed notes do not allow the name.
  public init(name: String, publicKey: PublicKey) throws(CryptographyError) {
    guard KeyName.isName(name) else {
      throw CryptographyError(
        .badVerifierKey, "A key's name is 1 to 255 bytes without spaces, plus signs and controls.")
    }
    self.name = name
    self.publicKey = publicKey
    id = Self.id(name: name, publicKeyBytes: publicKey.bytes)
  }

  /// Reads the text form, whose id must be that of its name and key.
  public init(_ text: String) throws(CryptographyError) {
    let parts = try VerifierKeyText.parse(text, algorithm: Self.algorithm, "A verifier key")
    try self.init(name: parts.name, publicKey: parts.publicKey)
  }

  /// Name and id.
  public var keyName: KeyName { KeyName(name: name, id: id) }

  /// The text form.
  public var description: String {
    VerifierKeyText.write(keyName, algorithm: Self.algorithm, publicKey)
  }

  /// The id of a name and a key.
  public static func id(name: String, publicKeyBytes: [UInt8]) -> UInt32 {
    VerifierKeyText.id(name: name, algorithm: algorithm, publicKeyBytes: publicKeyBytes)
  }

  /// Equality by bytes.
  public static func == (left: Self, right: Self) -> Bool {
    left.keyName == right.keyName && left.publicKey == right.publicKey
  }

  /// Hashes what equality compares.
  public func hash(into hasher: inout Hasher) { hasher.combine(publicKey) }
}
