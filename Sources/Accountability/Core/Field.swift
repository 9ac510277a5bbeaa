public import Cryptography
internal import Encoding

/// The form of a JSON value in event data: the reader checks it and the schema is printed from it.
public indirect enum Shape: Hashable, Sendable {
  /// An id.
  case id
  /// One of these words.
  case word([String])
  /// Plain text of at most so many bytes; titles and reasons, never narrative.
  case text(maximum: Int)
  /// `2026-10-31`.
  case day
  /// `2026`, `2026-Q3`, `2026-10`, `2026-W40`.
  case period
  /// A fixed offset such as `+08:00`.
  case offset
  /// An instant.
  case timestamp
  /// A whole number in a range.
  case integer(ClosedRange<Int64>)
  /// A decimal in a string.
  case decimal
  /// true or false.
  case flag
  /// A SHA-256 digest in base64.
  case digest
  /// A citation of another event.
  case citation
  /// A verifier key.
  case verifierKey
  /// A key's name and id.
  case keyName
  /// Sealed content: its commitment and media type.
  case sealed
  /// A list of so many.
  case list(of: Shape, count: ClosedRange<Int>)
  /// An object of these members.
  case object([FieldDeclaration])
  /// An object whose keys are ids and whose values have one form.
  case map(of: Shape, count: ClosedRange<Int>)
}

/// One member of an event's `data`.
public struct FieldDeclaration: Hashable, Sendable {
  /// The key, lowerCamelCase.
  public let name: String
  /// The form of the value.
  public let shape: Shape
  /// Whether it must be there.
  public let isRequired: Bool
  /// The first rules version that knows it.
  public let since: Int

  /// A member that must be there.
  public static func required(_ name: String, _ shape: Shape, since: Int = 1) -> Self {
    Self(name: name, shape: shape, isRequired: true, since: since)
  }

  /// A member that may be absent; it is never `null`.
  public static func optional(_ name: String, _ shape: Shape, since: Int = 1) -> Self {
    Self(name: name, shape: shape, isRequired: false, since: since)
  }
}

/// Sealed content as an event carries it (`docs/formats/seal.md`); the text lies elsewhere.
public struct SealedContent: Hashable, Sendable {
  /// The most bytes that may be sealed.
  public static let maximumByteCount: Int64 = 1 << 32

  /// SHA-256 over author key, media type, salt and content.
  public let commitment: Digest
  /// The media type, such as `text/plain`.
  public let media: String
  /// The size of a file in bytes; absent for padded text.
  public let size: Int64?
}

/// Reads a body out of an event that has been held against its declaration.
///
/// Every accessor throws ``Refusal/Code/malformed`` rather than trap when a body asks for a member
/// in a form that its declaration does not give: an error in the catalogue then refuses, and the
/// tests that build every type find it.
public struct EventReader: Sendable {
  let event: Event
  let data: JSONObject

  /// Holds an event against the declaration of its type.
  init(_ event: Event, as declaration: Declaration) throws(Refusal) {
    switch (declaration.subject, event.subject) {
    case (.none, .none), (.org, .organisation), (.task, .task): break
    default:
      throw Refusal(
        .malformed, "\(event.type) takes \(declaration.subject.sentence) as its subject.")
    }
    try ShapeCheck.check(event.data, against: declaration.fields, path: "data")
    self.event = event
    self.data = event.data
  }

  /// A reader of an object inside the data; its form has been checked with the whole.
  init(event: Event, data: JSONObject) {
    self.event = event
    self.data = data
  }

  func wrong(_ name: String) -> Refusal {
    Refusal(.malformed, "\(event.type) lacks a usable member `\(name)`.")
  }
}

extension Declaration.SubjectKind {
  var sentence: String {
    switch self {
    case .none: "nothing"
    case .org: "an organisation (`org`)"
    case .task: "a task (`task`)"
    }
  }
}
