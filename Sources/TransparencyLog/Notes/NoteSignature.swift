public import Cryptography
internal import Encoding

/// One signature line of a signed note: who signed, with which key, and the signature itself.
///
/// Whether it verifies is not known until it is checked against a key. Lines of unknown keys are
/// carried unchanged: a checkpoint may bear cosignatures of witnesses nobody here knows.
public struct NoteSignature: Sendable {
  /// The most bytes a payload may have: roomy for post-quantum signatures.
  public static let maximumPayloadByteCount = 16_384

  /// The name of the key, as written.
  public let name: String
  /// The first four bytes of the line's base64, big-endian.
  public let id: UInt32
  /// What follows the id: for Ed25519, 64 bytes.
  public let payload: [UInt8]

  /// A line with these parts.
  ///
  /// Throws `malformedSignature` if the name is empty or holds a plus, a space of any kind or a
  /// control character, or if the payload is empty or too long.
  public init(name: String, id: UInt32, payload: [UInt8]) throws(NoteError) {
    guard Self.isKeyName(name) else {
      throw NoteError(
        .malformedSignature, "A key name is not empty and has no space and no plus sign in it.")
    }
    guard !payload.isEmpty, payload.count <= Self.maximumPayloadByteCount else {
      throw NoteError(
        .malformedSignature,
        "A signature has 1 to \(Self.maximumPayloadByteCount) bytes after the id of its key.")
    }
    self.name = name
    self.id = id
    self.payload = payload
  }

  /// Parses one line without its LF.
  init(line: ArraySlice<UInt8>) throws(NoteError) {
    var rest = line
    guard rest.starts(with: Self.prefix) else {
      throw NoteError(
        .malformedSignature, "A signature line begins with an em dash and one space.")
    }
    rest = rest.dropFirst(Self.prefix.count)
    guard let space = rest.firstIndex(of: ASCII.space),
      let name = String(validating: rest[..<space], as: UTF8.self),
      var bytes = Base64.decode(rest[(space + 1)...]), bytes.count > 4
    else {
      throw NoteError(
        .malformedSignature,
        "A signature line is an em dash, the name of a key, and the base64 of id and signature.")
    }
    let id = bytes[..<4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    bytes.removeFirst(4)
    try self.init(name: name, id: id, payload: bytes)
  }

  /// The name and id of the key that is said to have signed.
  public var keyName: KeyName { KeyName(name: name, id: id) }

  /// The whole line, with its LF.
  public var line: [UInt8] {
    let idBytes = [UInt8(id >> 24), UInt8(id >> 16 & 255), UInt8(id >> 8 & 255), UInt8(id & 255)]
    return Self.prefix + name.utf8 + [ASCII.space] + Base64.encode(idBytes + payload).utf8
      + [ASCII.lineFeed]
  }

  /// Whether this line claims to be made with `key`. Compares bytes, not characters.
  func claims(_ key: VerifierKey) -> Bool {
    id == key.id && name.utf8.elementsEqual(key.name.utf8)
  }

  /// Em dash (U+2014) and a space.
  private static let prefix: [UInt8] = [0xE2, 0x80, 0x94, ASCII.space]

  /// The rule of c2sp.org/signed-note for names, and no control characters.
  private static func isKeyName(_ name: String) -> Bool {
    !name.isEmpty
      && (name.utf8.allSatisfy { (0x21..<0x7F).contains($0) && $0 != ASCII.plus }
        || name.unicodeScalars.allSatisfy {
          $0 != "+" && $0.value >= 0x20 && !$0.properties.isWhitespace
        })
  }
}

extension NoteSignature: Hashable {
  /// Compares bytes: `String` equality would take two spellings of one character for the same name.
  public static func == (left: NoteSignature, right: NoteSignature) -> Bool {
    left.id == right.id && left.payload == right.payload
      && left.name.utf8.elementsEqual(right.name.utf8)
  }

  /// Hashes id and payload; equality decides the rest.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(id)
    hasher.combine(payload)
  }
}
