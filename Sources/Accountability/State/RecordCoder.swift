internal import Cryptography
internal import Encoding

/// A stored record that cannot be read back: the views are damaged or of another version.
public struct StateError: Error, Hashable, Sendable {
  /// What was found, in one sentence.
  public let message: String
}

/// One piece of folded state that is stored and loaded by key.
///
/// `code` names each field once, for reading and for writing alike, so the two cannot drift apart.
/// The form is private to one projection version: fields in order, integers as LEB128, texts with
/// their length, words as their place among their kind. It is never signed and never leaves `views.db`.
public protocol Record: Sendable, Equatable {
  /// A blank to be read into.
  init()
  /// Passes every field through the coder, in order.
  mutating func code(with coder: inout RecordCoder) throws(StateError)
}

/// Reads or writes the fields of a record.
public struct RecordCoder: Sendable {
  private var bytes: [UInt8]
  private var position = 0
  let isReading: Bool

  /// The bytes of a record.
  ///
  /// - Parameter byteCount: How many there will be, as far as that can be guessed.
  public static func encode(_ record: some Record, expecting byteCount: Int = 128) -> [UInt8] {
    var copy = record
    var coder = RecordCoder(bytes: [], isReading: false)
    coder.bytes.reserveCapacity(byteCount)
    do {
      try copy.code(with: &coder)
    } catch {
      preconditionFailure("only reading throws: \(error.message)")
    }
    return coder.bytes
  }

  /// The record of these bytes, all of them.
  public static func decode<R: Record>(_ kind: R.Type, _ bytes: [UInt8]) throws(StateError) -> R {
    var record = R()
    var coder = RecordCoder(bytes: bytes, isReading: true)
    try record.code(with: &coder)
    guard coder.position == bytes.count else {
      throw StateError(message: "A stored record has bytes left over.")
    }
    return record
  }

  private init(bytes: [UInt8], isReading: Bool) {
    self.bytes = bytes
    self.isReading = isReading
  }

  // MARK: Fields

  mutating func code(_ value: inout UInt64) throws(StateError) {
    if isReading {
      var result: UInt64 = 0
      var shift: UInt64 = 0
      while true {
        guard position < bytes.count, shift < 64 else { throw Self.short }
        let byte = bytes[position]
        position += 1
        result |= UInt64(byte & 0x7F) << shift
        if byte < 0x80 { break }
        shift += 7
      }
      value = result
    } else {
      var rest = value
      while rest >= 0x80 {
        bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
        rest >>= 7
      }
      bytes.append(UInt8(rest))
    }
  }

  mutating func code(_ value: inout Int64) throws(StateError) {
    var zigzag = UInt64(bitPattern: (value << 1) ^ (value >> 63))
    try code(&zigzag)
    value = Int64(bitPattern: zigzag >> 1) ^ -Int64(bitPattern: zigzag & 1)
  }

  mutating func code(_ value: inout Int) throws(StateError) {
    var wide = Int64(value)
    try code(&wide)
    value = Int(wide)
  }

  mutating func code(_ value: inout Bool) throws(StateError) {
    var number: UInt64 = value ? 1 : 0
    try code(&number)
    value = number == 1
  }

  mutating func code(_ value: inout [UInt8]) throws(StateError) {
    var count = UInt64(value.count)
    try code(&count)
    if isReading {
      guard count <= UInt64(bytes.count - position) else { throw Self.short }
      value = Array(bytes[position..<position + Int(count)])
      position += Int(count)
    } else {
      bytes.append(contentsOf: value)
    }
  }

  mutating func code(_ value: inout String) throws(StateError) {
    var count = UInt64(value.utf8.count)
    try code(&count)
    if isReading {
      guard count <= UInt64(bytes.count - position) else { throw Self.short }
      value = String(decoding: bytes[position..<position + Int(count)], as: UTF8.self)
      position += Int(count)
    } else {
      bytes.append(contentsOf: value.utf8)
    }
  }

  mutating func code<Kind>(_ value: inout ID<Kind>) throws(StateError) {
    var text = value.rawValue
    try code(&text)
    if isReading { value = ID(unchecked: text) }
  }

  /// A word, as its place among all of its kind.
  mutating func code<Word: CaseIterable & Equatable>(_ value: inout Word) throws(StateError)
  where Word.AllCases == [Word] {
    let words = Word.allCases
    var place = UInt64(words.firstIndex(of: value) ?? 0)
    try code(&place)
    guard isReading else { return }
    guard place < words.count else {
      throw StateError(message: "A stored record holds no \(Word.self).")
    }
    value = words[Int(place)]
  }

  mutating func code(_ value: inout Day) throws(StateError) {
    var days = Int64(value.daysSinceEpoch)
    try code(&days)
    if isReading { value = Day(daysSinceEpoch: Int32(truncatingIfNeeded: days)) }
  }

  mutating func code(_ value: inout Timestamp) throws(StateError) {
    var milliseconds = value.milliseconds
    try code(&milliseconds)
    if isReading { value = Timestamp(milliseconds: milliseconds) }
  }

  mutating func code(_ value: inout KeyName) throws(StateError) {
    var name = value.name
    var id = UInt64(value.id)
    try code(&name)
    try code(&id)
    if isReading { value = KeyName(name: name, id: UInt32(truncatingIfNeeded: id)) }
  }

  mutating func code(_ value: inout Citation) throws(StateError) {
    var key = value.key
    var n = value.n
    var event = value.event
    try code(&key)
    try code(&n)
    try code(&event)
    if isReading { value = Citation(key: key, n: n, event: event) }
  }

  mutating func code(_ value: inout Period) throws(StateError) {
    var kind = value.kind
    var day = value.firstDay
    try code(&kind)
    try code(&day)
    if isReading { value = Period(containing: day, kind: kind) }
  }

  mutating func code(_ value: inout UTCOffset) throws(StateError) {
    var text = value.description
    try code(&text)
    if isReading { value = try Self.parsed(UTCOffset(text)) }
  }

  /// A field that may be absent; `blank` is what a present one is read into.
  mutating func code<Value>(
    _ value: inout Value?, blank: @autoclosure () -> Value,
    _ body: (inout RecordCoder, inout Value) throws(StateError) -> Void
  ) throws(StateError) {
    var isPresent = value != nil
    try code(&isPresent)
    guard isPresent else {
      value = nil
      return
    }
    var present = value ?? blank()
    try body(&self, &present)
    value = present
  }

  /// A list.
  mutating func code<Value>(
    _ values: inout [Value], blank: @autoclosure () -> Value,
    _ body: (inout RecordCoder, inout Value) throws(StateError) -> Void
  ) throws(StateError) {
    var count = UInt64(values.count)
    try code(&count)
    if isReading {
      guard count <= UInt64(bytes.count - position) else { throw Self.short }
      values = []
      values.reserveCapacity(Int(count))
      for _ in 0..<count {
        var value = blank()
        try body(&self, &value)
        values.append(value)
      }
    } else {
      for index in values.indices { try body(&self, &values[index]) }
    }
  }

  private static var short: StateError { StateError(message: "A stored record ends too soon.") }

  private static func parsed<Value>(_ value: Value?) throws(StateError) -> Value {
    guard let value else { throw StateError(message: "A stored record holds an impossible value.") }
    return value
  }
}
