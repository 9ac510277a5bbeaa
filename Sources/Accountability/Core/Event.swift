public import Cryptography
public import Encoding

/// The wire name of an event type, `noun.past-tense`: the storage format for ever.
public struct EventType: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
  /// The name as events carry it.
  public let rawValue: String

  /// A type of that name; whether the rules know it is another question.
  public init(_ rawValue: String) { self.rawValue = rawValue }

  /// A type of that name.
  public init(stringLiteral value: String) { self.init(value) }

  /// The name as events carry it.
  public var description: String { rawValue }
}

/// One line of a submission: what is said, of what (`docs/formats/submission.md`).
///
/// ```json
/// {"data":{"percent":60,"period":"2026-10"},"task":"O03-T04","type":"progress.reported"}
/// ```
public struct Event: Hashable, Sendable {
  /// What an event is about.
  public enum Subject: Hashable, Sendable {
    case none
    case organisation(OrganisationID)
    case task(TaskID)
  }

  /// The event's type, known or not.
  public let type: EventType
  /// What it is about.
  public let subject: Subject
  /// Its fields, always present even if empty.
  public let data: JSONObject

  /// The key that it enrols if it holds, whatever else is wrong with it; `nil` of every other type.
  public var enrolledKey: VerifierKey? {
    guard case .string(let text)? = data["vkey"], Self.enrolling.contains(type) else { return nil }
    return try? VerifierKey(text)
  }

  private static let enrolling: Set<EventType> = ["key.enrolled", "key.rotated", "key.recovered"]

  /// An event of these parts.
  public init(type: EventType, subject: Subject, data: JSONObject) {
    self.type = type
    self.subject = subject
    self.data = data
  }

  /// Reads the shape every event line has, whatever its type.
  ///
  /// - Throws: `Refusal` of code ``Refusal/Code/malformed`` naming the key that is wrong.
  public init(_ json: JSONValue) throws(Refusal) {
    guard case .object(let line) = json else {
      throw Refusal(.malformed, "An event line is not a JSON object.")
    }
    var subject = Subject.none
    var type: EventType?
    var data: JSONObject?
    for (key, value) in line.members {
      switch (key, value) {
      case ("data", .object(let object)): data = object
      case ("type", .string(let name)) where Event.isTypeName(name): type = EventType(name)
      case ("task", .string(let text)):
        guard let id = TaskID(text), subject == .none else { throw Event.badMember(key) }
        subject = .task(id)
      case ("org", .string(let text)):
        guard let id = OrganisationID(text), subject == .none else { throw Event.badMember(key) }
        subject = .organisation(id)
      default: throw Event.badMember(key)
      }
    }
    guard let type, let data else {
      throw Refusal(.malformed, "An event line lacks `type` or `data`.")
    }
    self.init(type: type, subject: subject, data: data)
  }

  /// Reads an event line of a known type by the shortest way; `nil` where ``init(_:)`` has to look, and
  /// to say what is wrong.
  public init?(line: Span<UInt8>) {
    guard let event = EventText.parse(line) else { return nil }
    self = event
  }

  /// The event line as a value; `CanonicalJSON.write` of it is the line.
  public var json: JSONValue {
    var line = JSONObject()
    line["data"] = .object(data)
    line["type"] = .string(type.rawValue)
    switch subject {
    case .none: break
    case .organisation(let id): line["org"] = .string(id.rawValue)
    case .task(let id): line["task"] = .string(id.rawValue)
    }
    return .object(line)
  }

  /// `[a-z][a-z.-]{0,63}`: lower case words, so that an unknown type is still safe to print.
  static func isTypeName(_ name: String) -> Bool {
    guard (1...64).contains(name.utf8.count), let first = name.utf8.first else { return false }
    let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
    return letters.contains(first)
      && name.utf8.allSatisfy {
        letters.contains($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
      }
  }

  private static func badMember(_ key: String) -> Refusal {
    Refusal(
      .malformed,
      "The member `\(key)` of an event line is not one of data, type, and task or org, "
        + "in their form."
    )
  }
}
