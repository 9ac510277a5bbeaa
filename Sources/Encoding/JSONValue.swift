/// A value of canonical JSON (`docs/formats/canonical-json.md`): no `null`, no fractions.
///
/// Strings are compared by their UTF-8 bytes, never by Unicode equivalence.
public enum JSONValue: Hashable, Sendable {
  case object(JSONObject)
  case array([JSONValue])
  case string(String)
  case integer(Int64)
  case bool(Bool)

  /// The members, if this is an object.
  public var object: JSONObject? { if case .object(let value) = self { value } else { nil } }
  /// The items, if this is an array.
  public var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
  /// The text, if this is a string.
  public var string: String? { if case .string(let value) = self { value } else { nil } }
  /// The number, if this is one.
  public var integer: Int64? { if case .integer(let value) = self { value } else { nil } }
  /// The truth value, if this is one.
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

  /// Equality by bytes.
  public static func == (left: Self, right: Self) -> Bool {
    switch (left, right) {
    case (.object(let left), .object(let right)): left == right
    case (.array(let left), .array(let right)): left == right
    case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
    case (.integer(let left), .integer(let right)): left == right
    case (.bool(let left), .bool(let right)): left == right
    default: false
    }
  }

  /// Hashes what equality compares.
  public func hash(into hasher: inout Hasher) {
    switch self {
    case .object(let value): hasher.combine(value)
    case .array(let value): hasher.combine(value)
    case .string(let value): for byte in value.utf8 { hasher.combine(byte) }
    case .integer(let value): hasher.combine(value)
    case .bool(let value): hasher.combine(value)
    }
  }
}

/// The members of an object, kept in the order in which they are written: by bytes of the key.
public struct JSONObject: Hashable, Sendable, ExpressibleByDictionaryLiteral {
  /// Keys and values, in order of key.
  public private(set) var members: [(key: String, value: JSONValue)] = []

  /// No members.
  public init() {}

  /// Members in any order; keys are schema words or ids and must differ.
  public init(_ members: [(String, JSONValue)]) {
    self.members = members.map { (key: $0.0, value: $0.1) }.sorted { Self.isBefore($0.key, $1.key) }
    for (left, right) in zip(self.members, self.members.dropFirst()) {
      precondition(left.key != right.key, "duplicate key \(left.key)")
    }
  }

  /// Members in any order; keys must differ.
  public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }

  /// Members already in strictly ascending order, as the reader has checked.
  init(sorted members: [(key: String, value: JSONValue)]) { self.members = members }

  /// The keys, in order.
  public var keys: [String] { members.map(\.key) }
  /// Whether there are no members.
  public var isEmpty: Bool { members.isEmpty }

  /// The value under a key; setting `nil` removes it.
  public subscript(key: String) -> JSONValue? {
    get {
      let byteCount = key.utf8.count
      for index in members.indices
      where members[index].key.utf8.count == byteCount && members[index].key == key {
        return members[index].value
      }
      return nil
    }
    set {
      let place = members.firstIndex { !Self.isBefore($0.key, key) } ?? members.endIndex
      let isThere = place < members.endIndex && members[place].key == key
      switch (isThere, newValue) {
      case (true, let value?): members[place].value = value
      case (true, nil): members.remove(at: place)
      case (false, let value?): members.insert((key, value), at: place)
      case (false, nil): break
      }
    }
  }

  /// Equality of all members.
  public static func == (left: Self, right: Self) -> Bool {
    left.members.elementsEqual(right.members) { $0.key == $1.key && $0.value == $1.value }
  }

  /// Hashes what equality compares.
  public func hash(into hasher: inout Hasher) {
    for member in members {
      hasher.combine(member.key)
      hasher.combine(member.value)
    }
  }

  static func isBefore(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }
}
