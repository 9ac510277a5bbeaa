public import Cryptography
public import Encoding

extension EventReader {
  /// The task the event is about.
  public func task() throws(Refusal) -> TaskID {
    guard case .task(let id) = event.subject else { throw wrong("task") }
    return id
  }

  /// The organisation the event is about.
  public func organisation() throws(Refusal) -> OrganisationID {
    guard case .organisation(let id) = event.subject else { throw wrong("org") }
    return id
  }

  /// Whether the member is there.
  public func has(_ name: String) -> Bool { data[name] != nil }

  /// An id.
  public func id<Kind>(_ name: String, of kind: Kind.Type = Kind.self) throws(Refusal) -> ID<Kind> {
    guard let id = ID<Kind>(try string(name)) else { throw wrong(name) }
    return id
  }

  /// An id that may be absent.
  public func optionalID<Kind>(
    _ name: String, of kind: Kind.Type = Kind.self
  ) throws(Refusal) -> ID<Kind>? {
    has(name) ? try id(name) : nil
  }

  /// A list of ids, empty if absent.
  public func ids<Kind>(_ name: String, of kind: Kind.Type = Kind.self) throws(Refusal) -> [ID<
    Kind
  >] {
    try strings(name).map { (text) throws(Refusal) in
      guard let id = ID<Kind>(text) else { throw wrong(name) }
      return id
    }
  }

  /// Text as it stands.
  public func string(_ name: String) throws(Refusal) -> String {
    guard case .string(let text)? = data[name] else { throw wrong(name) }
    return text
  }

  /// Text that may be absent.
  public func optionalString(_ name: String) throws(Refusal) -> String? {
    has(name) ? try string(name) : nil
  }

  /// A list of texts, empty if absent.
  public func strings(_ name: String) throws(Refusal) -> [String] {
    guard let value = data[name] else { return [] }
    guard case .array(let items) = value else { throw wrong(name) }
    return try items.map { (item) throws(Refusal) in
      guard case .string(let text) = item else { throw wrong(name) }
      return text
    }
  }

  /// A word of an enumeration.
  public func word<Word: RawRepresentable>(
    _ name: String, as kind: Word.Type = Word.self
  ) throws(Refusal) -> Word where Word.RawValue == String {
    guard let word = Word(rawValue: try string(name)) else { throw wrong(name) }
    return word
  }

  /// A whole number.
  public func integer(_ name: String) throws(Refusal) -> Int64 {
    guard case .integer(let number)? = data[name] else { throw wrong(name) }
    return number
  }

  /// A truth value, false if absent.
  public func flag(_ name: String) throws(Refusal) -> Bool {
    guard let value = data[name] else { return false }
    guard case .bool(let flag) = value else { throw wrong(name) }
    return flag
  }

  /// A date.
  public func day(_ name: String) throws(Refusal) -> Day {
    guard let day = Day(try string(name)) else { throw wrong(name) }
    return day
  }

  /// A reporting period.
  public func period(_ name: String) throws(Refusal) -> Period {
    guard let period = Period(try string(name)) else { throw wrong(name) }
    return period
  }

  /// A citation.
  public func citation(_ name: String) throws(Refusal) -> Citation {
    guard let citation = Citation(try string(name)) else { throw wrong(name) }
    return citation
  }

  /// A list of citations, empty if absent.
  public func citations(_ name: String) throws(Refusal) -> [Citation] {
    try strings(name).map { (text) throws(Refusal) in
      guard let citation = Citation(text) else { throw wrong(name) }
      return citation
    }
  }

  /// A verifier key.
  public func verifierKey(_ name: String) throws(Refusal) -> VerifierKey {
    let text = try string(name)
    do {
      return try VerifierKey(text)
    } catch {
      throw Refusal(.malformed, "The verifier key in `\(name)` cannot be used: \(error.message)")
    }
  }

  /// A key's name.
  public func keyName(_ name: String) throws(Refusal) -> KeyName {
    guard let key = KeyName(try string(name)) else { throw wrong(name) }
    return key
  }

  /// Sealed content.
  public func sealed(_ name: String) throws(Refusal) -> SealedContent {
    guard case .object(let object)? = data[name], case .string(let text)? = object["sealed"],
      let commitment = Digest(base64: text), case .string(let media)? = object["media"]
    else { throw wrong(name) }
    return SealedContent(
      commitment: commitment, media: media, size: object["size"].flatMap { $0.integer })
  }

  /// Objects of a list, each with a reader of its own; empty if absent.
  public func objects(_ name: String) throws(Refusal) -> [EventReader] {
    guard let value = data[name] else { return [] }
    guard case .array(let items) = value else { throw wrong(name) }
    return try items.map { (item) throws(Refusal) in
      guard case .object(let object) = item else { throw wrong(name) }
      return EventReader(event: event, data: object)
    }
  }

  /// An object, with a reader of its own.
  public func object(_ name: String) throws(Refusal) -> EventReader {
    guard case .object(let object)? = data[name] else { throw wrong(name) }
    return EventReader(event: event, data: object)
  }

  /// An object of ids and decimals, in order of id; empty if absent.
  public func values(_ name: String) throws(Refusal) -> [(id: IndicatorID, value: String)] {
    guard let value = data[name] else { return [] }
    guard case .object(let object) = value else { throw wrong(name) }
    return try object.members.map { (member) throws(Refusal) in
      guard let id = IndicatorID(member.key), case .string(let number) = member.value else {
        throw wrong(name)
      }
      return (id, number)
    }
  }
}
