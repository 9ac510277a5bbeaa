public import Accountability
public import Cryptography
public import Encoding

/// Sealed content as an event carries it: `{"media":"text/plain","sealed":"<commitment>"}`, for a
/// file with its `size` (`docs/formats/seal.md`).
public struct Seal: Hashable, Sendable {
  /// SHA-256 over author, media type, salt and content.
  public let commitment: Digest
  /// The media type.
  public let media: String
  /// The size of a file in bytes; `nil` for padded text.
  public let size: Int64?

  /// The seal that `opening` opens when `key` is the author: of text.
  public static func text(_ opening: Opening, by key: KeyName) -> Seal {
    Seal(commitment: opening.commitment(by: key), media: opening.media, size: nil)
  }

  /// The seal that `opening` opens when `key` is the author: of a file.
  public static func file(_ opening: Opening, by key: KeyName) -> Seal {
    Seal(
      commitment: opening.commitment(by: key), media: opening.media,
      size: Int64(opening.content.count))
  }

  /// The seal as it stands in an event's data.
  public var json: JSONValue {
    var object: JSONObject = ["media": .string(media), "sealed": .string(commitment.base64)]
    if let size { object["size"] = .integer(size) }
    return .object(object)
  }

  /// Whether `opening` is what this seals when `key` is the author: commitment, media type, and the
  /// form of the content.
  ///
  /// - Throws: `LedgerError` of code ``LedgerError/Code/wrongOpening`` that says what differs.
  public func check(_ opening: Opening, by key: KeyName) throws(LedgerError) {
    guard opening.commitment(by: key) == commitment else {
      throw LedgerError(.wrongOpening, "The opening does not match the commitment \(commitment).")
    }
    guard opening.media.utf8.elementsEqual(media.utf8) else {
      throw LedgerError(.wrongOpening, "The opening is \(opening.media), and the seal \(media).")
    }
    if let size {
      guard Int64(opening.content.count) == size else {
        throw LedgerError(
          .wrongOpening,
          "The opening has \(opening.content.count) bytes, and the event says \(size).")
      }
    } else {
      guard opening.text != nil else {
        throw LedgerError(
          .wrongOpening, "The opening of a seal without a size is text, padded to 256 bytes.")
      }
    }
  }

  /// Reads a seal: an object with exactly the members `sealed`, `media` and perhaps `size`.
  init?(_ object: JSONObject) {
    guard let commitment = object["sealed"]?.string.flatMap({ Digest(base64: $0) }),
      let media = object["media"]?.string
    else { return nil }
    let size = object["size"]?.integer
    guard object.members.count == (size == nil ? 2 : 3) else { return nil }
    self.init(commitment: commitment, media: media, size: size)
  }

  init(commitment: Digest, media: String, size: Int64?) {
    self.commitment = commitment
    self.media = media
    self.size = size
  }
}

extension Event {
  /// Every seal in the event's data, in the order of its bytes.
  ///
  /// A seal is known by its form alone, so that the openings of a type that this software does not
  /// know are found as well.
  public var seals: [Seal] {
    var seals: [Seal] = []
    Self.collect(.object(data), into: &seals)
    return seals
  }

  /// The event's data with something in the place of each of ``seals``; `nil` where there is nothing to put
  /// into the place of one.
  public func data(
    replacingSeals replacement: (Seal) throws -> JSONValue?
  ) rethrows -> JSONValue? {
    try Self.replacing(.object(data), replacement)
  }

  private static func replacing(
    _ value: JSONValue, _ replacement: (Seal) throws -> JSONValue?
  ) rethrows -> JSONValue? {
    switch value {
    case .object(let object):
      if let seal = Seal(object) { return try replacement(seal) }
      var members: [(String, JSONValue)] = []
      for member in object.members {
        guard let value = try replacing(member.value, replacement) else { return nil }
        members.append((member.key, value))
      }
      return .object(JSONObject(members))
    case .array(let items):
      var array: [JSONValue] = []
      for item in items {
        guard let value = try replacing(item, replacement) else { return nil }
        array.append(value)
      }
      return .array(array)
    default: return value
    }
  }

  private static func collect(_ value: JSONValue, into seals: inout [Seal]) {
    switch value {
    case .object(let object):
      if let seal = Seal(object) { return seals.append(seal) }
      for member in object.members { collect(member.value, into: &seals) }
    case .array(let items):
      for item in items { collect(item, into: &seals) }
    default: return
    }
  }
}

extension Seal {
  /// Holds the openings that a file brings against the seals of its events.
  ///
  /// - Throws: `LedgerError` of code ``LedgerError/Code/wrongOpening`` if one opens no seal of theirs,
  ///   or one that another opens, and `tooLong` if they are too many.
  static func check(
    _ openings: [Opening], of events: [Event], by author: KeyName
  ) throws(LedgerError) {
    guard openings.count <= Limits.openingCount else {
      throw LedgerError(.tooLong, "A submission brings at most \(Limits.openingCount) openings.")
    }
    guard !openings.isEmpty else { return }
    let seals = events.flatMap(\.seals)
    var opened: Set<Digest> = []
    for opening in openings {
      let commitment = opening.commitment(by: author)
      let matching = seals.filter { $0.commitment == commitment }
      guard !matching.isEmpty else {
        throw LedgerError(
          .wrongOpening, "An opening belongs to no seal of its submission.",
          hint: "Its commitment by this author would be \(commitment).")
      }
      guard opened.insert(commitment).inserted else {
        throw LedgerError(.wrongOpening, "The seal \(commitment) is opened twice.")
      }
      for seal in matching { try seal.check(opening, by: author) }
    }
  }
}

extension Submission {
  /// Every seal of its events, in order; a commitment that stands twice comes twice.
  public var seals: [Seal] { events.flatMap(\.seals) }
}
