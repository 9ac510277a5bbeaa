internal import Accountability
internal import Cryptography
internal import Encoding
internal import Ledger

/// Events on their way to being signed, with the openings of what they seal.
struct Draft {
  /// The key that will be the author: seals are bound to it.
  let author: KeyName
  private(set) var events: [Event] = []
  private(set) var openings: [Opening] = []
  /// What a person is told beside the answer: what was filled in that they did not type.
  var remark: String?

  init(author: KeyName) { self.author = author }

  /// Adds an event; members whose value is `nil` are left out.
  mutating func add(
    _ type: EventType, _ subject: Event.Subject = .none, _ data: [(String, JSONValue?)]
  ) {
    let members = data.compactMap { member in member.1.map { (member.0, $0) } }
    events.append(Event(type: type, subject: subject, data: JSONObject(members)))
  }

  /// Adds events as they stand.
  mutating func add(_ more: [Event]) { events += more }

  /// Adds an opening that an event carries the seal of already.
  mutating func add(_ opening: Opening) { openings.append(opening) }

  /// Whether one of its events enrols that key.
  func enrols(_ key: KeyName) -> Bool { events.contains { $0.enrolledKey?.keyName == key } }

  /// Refuses text that no event may hold, or that nobody could read, before it is signed.
  func requireText() throws(Failure) {
    for event in events {
      for (name, value) in event.data.members { try Self.requireText(in: value, name) }
    }
  }

  private static func requireText(in value: JSONValue, _ name: String) throws(Failure) {
    switch value {
    case .string(let text):
      guard !TextRules.isBlank(text) || text.isEmpty else {
        throw Failure(
          "The \(name) of an event holds nothing that can be seen.",
          hint: "Write what it is, or leave it out.", exit: .usage)
      }
      guard let scalar = TextRules.firstForbiddenScalar(in: text) else { return }
      throw Failure(
        "The \(name) of an event may not hold \(TextRules.name(of: scalar)): a control character, a line separator, a bidirectional mark or a noncharacter.",
        hint: "Leave it out.", exit: .usage)
    case .array(let items): for item in items { try requireText(in: item, name) }
    case .object(let object):
      for (inner, value) in object.members { try requireText(in: value, "\(name).\(inner)") }
    case .integer, .bool: return
    }
  }

  /// Seals narrative; `nil` stays `nil`.
  mutating func seal(_ text: String?) throws -> JSONValue? {
    guard let text else { return nil }
    let opening = try Opening.text(text)
    openings.append(opening)
    return .object([
      "sealed": .string(opening.commitment(by: author).base64), "media": .string(opening.media),
    ])
  }

  /// Seals a file.
  mutating func seal(file path: String, media: String) throws -> JSONValue {
    let content = try Files.read(path)
    let opening = try Opening.file(content, media: media)
    openings.append(opening)
    return .object([
      "sealed": .string(opening.commitment(by: author).base64), "media": .string(media),
      "size": .integer(Int64(content.count)),
    ])
  }
}

extension JSONValue {
  /// A string, or nothing.
  static func text(_ text: String?) -> JSONValue? { text.map { .string($0) } }

  /// A list of strings; nothing if it is empty.
  static func texts(_ texts: [String]) -> JSONValue? {
    texts.isEmpty ? nil : .array(texts.map { .string($0) })
  }

  /// A number, or nothing.
  static func number(_ number: Int?) -> JSONValue? { number.map { .integer(Int64($0)) } }

  /// `true`, or nothing: absence is false.
  static func flag(_ flag: Bool) -> JSONValue? { flag ? .bool(true) : nil }
}

extension Event.Subject {
  /// The task of that id.
  static func task(named id: String) throws -> Self {
    guard let id = TaskID(id) else { throw Failure.badID(id, exit: .usage) }
    return .task(id)
  }

  /// The organisation of that id.
  static func organisation(named id: String) throws -> Self {
    guard let id = OrganisationID(id) else { throw Failure.badID(id, exit: .usage) }
    return .organisation(id)
  }
}

extension Failure {
  static func badID(_ text: String, exit: Exit) -> Failure {
    Failure(
      "\(TextRules.quoted(text)) is not an id: 1 to 64 of A-Z, a-z, 0-9, dot, dash and underscore, the first a letter or digit.",
      exit: exit)
  }
}
