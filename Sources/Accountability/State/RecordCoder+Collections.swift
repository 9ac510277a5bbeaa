internal import Cryptography
internal import Encoding

/// Lists of fields, and fields that may be absent.
extension RecordCoder {
  /// A list of records.
  mutating func code<R: Record>(_ values: inout [R]) throws(StateError) {
    try code(&values, blank: R()) { (coder, value) throws(StateError) in
      try value.code(with: &coder)
    }
  }

  /// A record that may be absent.
  mutating func code<R: Record>(_ value: inout R?) throws(StateError) {
    try code(&value, blank: R()) { (coder, value) throws(StateError) in
      try value.code(with: &coder)
    }
  }

  /// A list of ids.
  mutating func code<Kind>(_ values: inout [ID<Kind>]) throws(StateError) {
    try code(&values, blank: .blank) { (coder, value) throws(StateError) in
      try coder.code(&value)
    }
  }

  /// An id that may be absent.
  mutating func code<Kind>(_ value: inout ID<Kind>?) throws(StateError) {
    try code(&value, blank: .blank) { (coder, value) throws(StateError) in
      try coder.code(&value)
    }
  }

  /// A date that may be absent.
  mutating func code(_ value: inout Day?) throws(StateError) {
    try code(&value, blank: .blank) { (coder, value) throws(StateError) in
      try coder.code(&value)
    }
  }

  /// An instant that may be absent.
  mutating func code(_ value: inout Timestamp?) throws(StateError) {
    try code(&value, blank: .blank) { (coder, value) throws(StateError) in
      try coder.code(&value)
    }
  }

  /// A citation that may be absent.
  mutating func code(_ value: inout Citation?) throws(StateError) {
    try code(&value, blank: .blank) { (coder, value) throws(StateError) in
      try coder.code(&value)
    }
  }

  /// A list of citations.
  mutating func code(_ values: inout [Citation]) throws(StateError) {
    try code(&values, blank: .blank) { (coder, value) throws(StateError) in
      try coder.code(&value)
    }
  }

  /// A number that may be absent.
  mutating func code(_ value: inout UInt64?) throws(StateError) {
    try code(&value, blank: 0) { (coder, value) throws(StateError) in
      try coder.code(&value)
    }
  }

  /// A list of words.
  mutating func code<Word: CaseIterable & Equatable>(
    _ values: inout [Word], blank: @autoclosure () -> Word
  ) throws(StateError) where Word.AllCases == [Word] {
    try code(&values, blank: blank()) { (coder, value) throws(StateError) in
      try coder.code(&value)
    }
  }
}

// Blanks are what fields are read into; none is ever seen outside a decode.
extension ID {
  init(unchecked text: String) { rawValue = text }
  static var blank: Self { Self(unchecked: "") }
}
extension KeyName {
  static var blank: Self { KeyName(name: "", id: 0) }
}
extension Citation {
  static var blank: Self { Citation(key: .blank, n: 0, event: 0) }
}
extension Day {
  static var blank: Self { Day(daysSinceEpoch: 0) }
}
extension Timestamp {
  static var blank: Self { Timestamp(milliseconds: 0) }
}
