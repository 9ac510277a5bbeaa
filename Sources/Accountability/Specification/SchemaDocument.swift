public import Encoding

/// The JSON Schema (2020-12) of event lines, printed from the declarations the reader checks.
///
/// What a schema cannot say, and the reader checks beyond it: text is limited in bytes (the schema
/// counts characters, of which there are never more), a citation's number is below 2^53, ISO week
/// 53 must exist in its year, a verifier key's id must be its key's, and the line is canonical.
public enum SchemaDocument {
  private static let dialect = "https://json-schema.org/draft/2020-12/schema"

  /// The path of a type's schema under the schemas' folder.
  public static func path(of type: EventType) -> String { "events/\(type).json" }

  /// The schema of the event line of a type.
  public static func event(_ declaration: Declaration) -> JSONValue {
    var members: [(String, JSONValue)] = [
      ("data", .object(object(declaration.fields))),
      ("type", .object(["const": .string(declaration.type.rawValue)])),
    ]
    if declaration.subject != .none { members.append((declaration.subject.rawValue, .object(id))) }
    return .object([
      "$id": .string("urn:onus:schema:event:\(declaration.type)"), "$schema": .string(dialect),
      "additionalProperties": .bool(false),
      "description": .string(declaration.label.chinese), "properties": .object(JSONObject(members)),
      "required": .array(members.map(\.0).sorted().map { .string($0) }),
      "title": .string(declaration.label.english), "type": .string("object"),
    ])
  }

  /// The schema of any event line.
  public static var anyEvent: JSONValue {
    .object([
      "$id": .string("urn:onus:schema:event"), "$schema": .string(dialect),
      "description": .string("任一事件"),
      "oneOf": .array(
        EventCatalogue.all.map {
          .object(["$ref": .string("urn:onus:schema:event:\($0.declaration.type)")])
        }), "title": .string("Any event"),
    ])
  }

  /// The schema of an object of these members, as a document of its own.
  public static func document(
    _ name: String, _ fields: [FieldDeclaration], _ english: String, _ chinese: String
  ) -> JSONValue {
    var document = object(fields)
    document["$id"] = .string("urn:onus:schema:\(name)")
    document["$schema"] = .string(dialect)
    document["description"] = .string(chinese)
    document["title"] = .string(english)
    return .object(document)
  }

  /// The schema of one form.
  static func schema(_ shape: Shape) -> JSONValue { .object(members(of: shape)) }

  private static func members(of shape: Shape) -> JSONObject {
    switch shape {
    case .id: id
    case .word(let words): ["enum": .array(words.map { .string($0) })]
    case .text(let maximum):
      [
        "maxLength": .integer(Int64(maximum)), "minLength": .integer(1),
        "pattern": .string(Pattern.text), "type": .string("string"),
      ]
    case .day: text("(?:\(Pattern.day))")
    case .period: text(Pattern.period)
    case .offset: text(Pattern.offset)
    case .timestamp: text(Pattern.timestamp)
    case .integer(let range):
      [
        "maximum": .integer(range.upperBound), "minimum": .integer(range.lowerBound),
        "type": .string("integer"),
      ]
    case .decimal: text(Pattern.decimal)
    case .flag: ["type": .string("boolean")]
    case .digest: text(Pattern.digest)
    case .citation: text(Pattern.citation)
    case .verifierKey: text(Pattern.verifierKey)
    case .keyName: text(Pattern.keyName)
    case .sealed:
      [
        "additionalProperties": .bool(false),
        "properties": .object([
          "media": .object(text(ShapeCheck.mediaPattern)),
          "sealed": .object(text(Pattern.digest)),
          "size": schema(.integer(0...SealedContent.maximumByteCount)),
        ]),
        "required": .array([.string("media"), .string("sealed")]), "type": .string("object"),
      ]
    case .list(let item, let count):
      [
        "items": schema(item), "maxItems": .integer(Int64(count.upperBound)),
        "minItems": .integer(Int64(count.lowerBound)), "type": .string("array"),
      ]
    case .object(let fields): object(fields)
    case .map(let item, let count):
      [
        "additionalProperties": schema(item), "maxProperties": .integer(Int64(count.upperBound)),
        "minProperties": .integer(Int64(count.lowerBound)), "propertyNames": .object(id),
        "type": .string("object"),
      ]
    }
  }

  private static let id = text(Pattern.id)

  private static func object(_ fields: [FieldDeclaration]) -> JSONObject {
    [
      "additionalProperties": .bool(false),
      "properties": .object(JSONObject(fields.map { ($0.name, schema($0.shape)) })),
      "required": .array(
        fields.filter(\.isRequired).map(\.name).sorted().map { .string($0) }),
      "type": .string("object"),
    ]
  }

  private static func text(_ pattern: String) -> JSONObject {
    ["pattern": .string("^\(pattern)$"), "type": .string("string")]
  }
}

/// Regular expressions of ECMA-262, each for a whole string.
private enum Pattern {
  static let id = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
  static let text =
    #"^[^\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef]*$"#
  static let day =
    "(?!0000)(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    + "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    + "|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)"
  static let period =
    "(?!0000)[0-9]{4}(?:-Q[1-4]|-(?:0[1-9]|1[0-2])|-W(?:0[1-9]|[1-4][0-9]|5[0-3]))?"
  static let offset = "(?!-00:00)[+-](?:(?:0[0-9]|1[0-7]):[0-5][0-9]|18:00)"
  static let timestamp = "(?:\(day))T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9][.][0-9]{3}Z"
  static let decimal = "(?!-0$)-?(?:0|[1-9][0-9]{0,14})(?:[.][0-9]{0,5}[1-9])?"
  static let digest = "[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]="
  static let keyName = "\(id)[+][0-9a-f]{8}"
  static let citation =
    "\(keyName)/[1-9][0-9]{0,15}[.](?:[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-6])"
  /// Its base64 begins with the byte 1, the algorithm: `A`, then one of sixteen.
  static let verifierKey = "\(keyName)[+]A[Q-Za-f][A-Za-z0-9+/]{42}"
}
