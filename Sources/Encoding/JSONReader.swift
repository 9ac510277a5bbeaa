/// One strict pass over the bytes of a value.
struct JSONReader {
  private(set) var position: Int
  private let count: Int

  init(count: Int, from start: Int = 0) {
    self.count = count
    position = start
  }

  func error(_ code: JSONError.Code, _ message: String) -> JSONError {
    JSONError(code: code, offset: position, message: message)
  }

  mutating func value(in bytes: Span<UInt8>, depth: Int) throws(JSONError) -> JSONValue {
    switch try peek(bytes) {
    case UInt8(ascii: "{"): return try object(in: bytes, depth: depth + 1)
    case UInt8(ascii: "["): return try array(in: bytes, depth: depth + 1)
    case UInt8(ascii: "\""): return .string(try string(in: bytes))
    case UInt8(ascii: "t"):
      try word("true", in: bytes)
      return .bool(true)
    case UInt8(ascii: "f"):
      try word("false", in: bytes)
      return .bool(false)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      return .integer(try integer(in: bytes))
    default:
      throw error(
        .unexpectedByte,
        "A value begins with {, [, a quote, a digit, a minus, true or false, and null is not used.")
    }
  }

  private func peek(_ bytes: Span<UInt8>) throws(JSONError) -> UInt8 {
    guard position < count else { throw error(.unexpectedEnd, "The JSON value ends too soon.") }
    return bytes[position]
  }

  private mutating func take(_ byte: UInt8, in bytes: Span<UInt8>) throws(JSONError) {
    guard try peek(bytes) == byte else {
      throw error(
        .unexpectedByte,
        "A \(Unicode.Scalar(byte)) is expected here, without any white space around it.")
    }
    position += 1
  }

  private mutating func word(_ text: String, in bytes: Span<UInt8>) throws(JSONError) {
    for byte in text.utf8 { try take(byte, in: bytes) }
  }

  private func requireDepth(_ depth: Int) throws(JSONError) {
    guard depth <= CanonicalJSON.maximumDepth else {
      throw error(.tooDeep, "The value nests deeper than \(CanonicalJSON.maximumDepth) levels.")
    }
  }

  private mutating func object(in bytes: Span<UInt8>, depth: Int) throws(JSONError) -> JSONValue {
    try requireDepth(depth)
    position += 1
    var members: [(key: String, value: JSONValue)] = []
    if try peek(bytes) == UInt8(ascii: "}") {
      position += 1
      return .object(JSONObject())
    }
    members.reserveCapacity(4)
    while true {
      let start = position
      let key = try key(in: bytes)
      if let last = members.last, !JSONObject.isBefore(last.key, key) {
        position = start
        throw error(.keyOrder, "The keys of an object stand in ascending order, each once.")
      }
      try take(UInt8(ascii: ":"), in: bytes)
      members.append((key, try value(in: bytes, depth: depth)))
      guard members.count <= CanonicalJSON.maximumMemberCount else {
        throw error(
          .tooManyMembers,
          "An object has at most \(CanonicalJSON.maximumMemberCount) members.")
      }
      if try peek(bytes) == UInt8(ascii: "}") { break }
      try take(UInt8(ascii: ","), in: bytes)
    }
    position += 1
    return .object(JSONObject(sorted: members))
  }

  /// A key: `[A-Za-z0-9._+/-]{1,128}`, so that it needs no escape and no validation.
  private mutating func key(in bytes: Span<UInt8>) throws(JSONError) -> String {
    try take(UInt8(ascii: "\""), in: bytes)
    let start = position
    while position < count, TextRules.isKeyByte(bytes[position]) { position += 1 }
    let length = position - start
    guard try peek(bytes) == UInt8(ascii: "\""),
      (1...CanonicalJSON.maximumKeyByteCount).contains(length),
      let key = text(bytes.extracting(start..<position))
    else {
      throw error(
        .badKey, "An object's key is 1 to 128 ASCII letters, digits and any of . _ + / and -.")
    }
    position += 1
    return key
  }

  private mutating func array(in bytes: Span<UInt8>, depth: Int) throws(JSONError) -> JSONValue {
    try requireDepth(depth)
    position += 1
    var items: [JSONValue] = []
    if try peek(bytes) == UInt8(ascii: "]") {
      position += 1
      return .array([])
    }
    while true {
      items.append(try value(in: bytes, depth: depth))
      guard items.count <= CanonicalJSON.maximumItemCount else {
        throw error(
          .tooManyMembers, "An array has at most \(CanonicalJSON.maximumItemCount) items.")
      }
      if try peek(bytes) == UInt8(ascii: "]") { break }
      try take(UInt8(ascii: ","), in: bytes)
    }
    position += 1
    return .array(items)
  }

  private mutating func integer(in bytes: Span<UInt8>) throws(JSONError) -> Int64 {
    let start = position
    let isNegative = try peek(bytes) == UInt8(ascii: "-")
    if isNegative { position += 1 }
    let first = position
    var number: Int64 = 0
    while position < count, TextRules.isDigit(bytes[position]), position - first < 17 {
      number = number * 10 + Int64(bytes[position] - UInt8(ascii: "0"))
      position += 1
    }
    let digits = position - first
    guard digits > 0, digits == 1 || bytes[first] != UInt8(ascii: "0"),
      number <= CanonicalJSON.maximumInteger, !(isNegative && number == 0)
    else {
      position = start
      throw error(
        .badNumber,
        "A number is a whole one within ±(2^53 − 1), without leading zeros, and never -0.")
    }
    if position < count, [0x2E, 0x65, 0x45].contains(bytes[position]) {
      throw error(.badNumber, "Fractions and exponents are not used; a decimal is a string.")
    }
    return isNegative ? -number : number
  }

  /// A string; escapes are only `\"` and `\\`, since every other character that would need one is
  /// refused.
  private mutating func string(in bytes: Span<UInt8>) throws(JSONError) -> String {
    try take(UInt8(ascii: "\""), in: bytes)
    let start = position
    var isASCII = true
    while true {
      let byte = try peek(bytes)
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
      if byte < 0x20 || byte == 0x7F { throw forbidden }
      if byte >= 0x80 { isASCII = false }
      position += 1
    }
    var unescaped: [UInt8]?
    if bytes[position] == UInt8(ascii: "\\") {
      unescaped = try unescape(in: bytes, from: start, &isASCII)
    }
    let end = position
    position += 1
    let result =
      if let unescaped { text(unescaped.span) } else { text(bytes.extracting(start..<end)) }
    guard let result else {
      position = start
      throw self.error(.badString, "The text of this string is not valid UTF-8.")
    }
    if !isASCII, TextRules.firstForbiddenScalar(in: result) != nil {
      position = start
      throw forbidden
    }
    return result
  }

  private mutating func unescape(
    in bytes: Span<UInt8>, from start: Int, _ isASCII: inout Bool
  ) throws(JSONError) -> [UInt8] {
    var text: [UInt8] = []
    for index in start..<position { text.append(bytes[index]) }
    while true {
      var byte = try peek(bytes)
      if byte == UInt8(ascii: "\"") { return text }
      if byte < 0x20 || byte == 0x7F { throw forbidden }
      if byte == UInt8(ascii: "\\") {
        position += 1
        byte = try peek(bytes)
        guard byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else {
          throw error(.notCanonical, "The only escapes used are \\\" and \\\\.")
        }
      }
      if byte >= 0x80 { isASCII = false }
      text.append(byte)
      position += 1
    }
  }

  private func text(_ bytes: Span<UInt8>) -> String? {
    do {
      return String(copying: try UTF8Span(validating: bytes))
    } catch {
      return nil
    }
  }

  private var forbidden: JSONError {
    error(
      .badString,
      "A string holds no control characters, line separators, bidirectional marks or noncharacters."
    )
  }
}
