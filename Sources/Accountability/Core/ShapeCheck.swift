internal import Cryptography
internal import Encoding

/// Holds JSON against declared forms.
///
/// This and the JSON Schema printed from the same declarations must agree; a test runs both over
/// the same events, whole and mutated. Where a value stands is only put into words once it is wrong.
enum ShapeCheck {
  /// The media types accepted in a seal, as a regular expression.
  static let mediaPattern = "[a-z0-9][a-z0-9.+-]{0,63}/[a-z0-9][a-z0-9.+-]{0,63}"

  static func check(
    _ object: JSONObject, against fields: [FieldDeclaration], path: @autoclosure () -> String
  ) throws(Refusal) {
    for field in fields {
      guard let value = object[field.name] else {
        if field.isRequired {
          throw Refusal(.malformed, "`\(path()).\(field.name)` is missing.")
        }
        continue
      }
      try check(value, against: field.shape, path: "\(path()).\(field.name)")
    }
    for member in object.members where !fields.contains(where: { $0.name == member.key }) {
      let known = fields.map(\.name).joined(separator: ", ")
      throw Refusal(
        .malformed, "`\(path()).\(member.key)` is not a member of this event.",
        hint: known.isEmpty ? "It takes no members." : "It takes \(known).")
    }
  }

  static func check(
    _ value: JSONValue, against shape: Shape, path: @autoclosure () -> String
  ) throws(Refusal) {
    switch (shape, value) {
    case (.integer(let range), .integer(let number)) where range.contains(number): return
    case (.flag, .bool): return
    case (.list(let item, let count), .array(let items)) where count.contains(items.count):
      for (offset, element) in items.enumerated() {
        try check(element, against: item, path: "\(path())[\(offset)]")
      }
    case (.object(let fields), .object(let object)):
      try check(object, against: fields, path: path())
    case (.map(let item, let count), .object(let object)) where count.contains(object.members.count):
      for member in object.members {
        guard TextRules.isIdentifier(member.key) else {
          throw Refusal(.malformed, "`\(path())` has a key that is not an id.")
        }
        try check(member.value, against: item, path: "\(path()).\(member.key)")
      }
    case (.sealed, .object(let object)):
      try checkSeal(object, path: path())
    case (_, .string(let text)) where isText(text, of: shape): return
    default:
      throw Refusal(.malformed, "`\(path())` is not \(shape.sentence).")
    }
  }

  private static func isText(_ text: String, of shape: Shape) -> Bool {
    switch shape {
    case .id: TextRules.isIdentifier(text)
    case .word(let words): words.contains { $0.utf8.elementsEqual(text.utf8) }
    case .text(let maximum): (1...maximum).contains(text.utf8.count)
    case .day: Day(text) != nil
    case .period: Period(text) != nil
    case .offset: UTCOffset(text) != nil
    case .timestamp: Timestamp(text) != nil
    case .decimal: TextRules.isDecimal(text)
    case .digest: Digest(base64: text) != nil
    case .citation: Citation(text).map { TextRules.isIdentifier($0.key.name) } ?? false
    case .keyName: KeyName(text).map { TextRules.isIdentifier($0.name) } ?? false
    case .verifierKey: (try? VerifierKey(text)).map { TextRules.isIdentifier($0.name) } ?? false
    case .integer, .flag, .sealed, .list, .object, .map: false
    }
  }

  private static func checkSeal(
    _ object: JSONObject, path: @autoclosure () -> String
  ) throws(Refusal) {
    for member in object.members {
      let holds =
        switch (member.key, member.value) {
        case ("sealed", .string(let text)): Digest(base64: text) != nil
        case ("media", .string(let text)): TextRules.isMediaType(text)
        case ("size", .integer(let size)): (0...SealedContent.maximumByteCount).contains(size)
        default: false
        }
      guard holds else {
        throw Refusal(.malformed, "`\(path()).\(member.key)` is not \(Shape.sealed.sentence).")
      }
    }
    guard object["sealed"] != nil, object["media"] != nil else {
      throw Refusal(.malformed, "`\(path())` is not \(Shape.sealed.sentence).")
    }
  }
}

extension Shape {
  /// What is accepted, to follow "is not".
  var sentence: String {
    switch self {
    case .id: "an id such as `O03-T04`"
    case .word(let words): "one of " + words.joined(separator: ", ")
    case .text(let maximum): "text of 1 to \(maximum) bytes"
    case .day: "a date such as `2026-10-31`"
    case .period: "a period such as `2026-10`, `2026-Q3`, `2026-W40` or `2026`"
    case .offset: "an offset such as `+08:00`"
    case .timestamp: "a time such as `2026-11-22T03:00:01.412Z`"
    case .integer(let range):
      "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .decimal: "a decimal in a string such as `\"12.5\"`"
    case .flag: "true or false"
    case .digest: "a SHA-256 digest in base64"
    case .citation: "a citation such as `D03+1a2b3c4d/17.2`"
    case .verifierKey: "a verifier key whose name is an id"
    case .keyName: "a key name such as `D03+1a2b3c4d`"
    case .sealed: "sealed content: `sealed` (a digest), `media`, and for a file `size`"
    case .list(_, let count): "a list of \(count.lowerBound) to \(count.upperBound)"
    case .object: "an object"
    case .map(_, let count): "an object of \(count.lowerBound) to \(count.upperBound) members"
    }
  }
}
