/// Canonical JSON: RFC 8785 output, restricted (`docs/formats/canonical-json.md`).
///
/// The reader accepts exactly what the writer writes, so a value has one spelling and nothing is
/// ever re-encoded in order to be verified:
///
/// ```json
/// {"percent":60,"period":"2026-10"}
/// ```
public enum CanonicalJSON {
  /// How deep arrays and objects may nest.
  public static let maximumDepth = 8
  /// How many members an object may have.
  public static let maximumMemberCount = 256
  /// How many items an array may have.
  public static let maximumItemCount = 65_536
  /// How many bytes a key may have.
  public static let maximumKeyByteCount = 128
  /// The largest magnitude of a number: 2^53 − 1.
  public static let maximumInteger: Int64 = 9_007_199_254_740_991

  /// Reads one value and nothing else. Takes time linear in `bytes` and never recurses deeper than
  /// ``maximumDepth``.
  ///
  /// - Throws: `JSONError` with the offset of the first byte that the writer would not have written.
  public static func parse(_ bytes: ArraySlice<UInt8>) throws(JSONError) -> JSONValue {
    try parse(bytes.span)
  }

  /// Reads one value and nothing else.
  public static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
    try parse(bytes.span)
  }

  /// Reads one value and nothing else.
  public static func parse(_ bytes: Span<UInt8>) throws(JSONError) -> JSONValue {
    var reader = JSONReader(count: bytes.count)
    let value = try reader.value(in: bytes, depth: 0)
    guard reader.position == bytes.count else {
      throw reader.error(.trailingBytes, "There are bytes after the end of the JSON value.")
    }
    return value
  }

  /// Reads the object that begins at `start`, within `depth` others, and says where it ends.
  ///
  /// - Throws: `JSONError`, as for a value that is alone.
  public static func parseObject(
    _ bytes: Span<UInt8>, from start: Int, depth: Int
  ) throws(JSONError) -> (object: JSONObject, end: Int) {
    var reader = JSONReader(count: bytes.count, from: start)
    guard case .object(let object) = try reader.value(in: bytes, depth: depth) else {
      throw reader.error(.unexpectedByte, "An object is expected here.")
    }
    return (object, reader.position)
  }

  /// The one spelling of a value. What may be written is checked by ``validate(_:)``.
  public static func write(_ value: JSONValue) -> [UInt8] {
    var bytes: [UInt8] = []
    append(value, to: &bytes)
    return bytes
  }

  /// Appends the one spelling of a value.
  public static func append(_ value: JSONValue, to bytes: inout [UInt8]) {
    switch value {
    case .object(let object):
      bytes.append(UInt8(ascii: "{"))
      for (offset, member) in object.members.enumerated() {
        if offset > 0 { bytes.append(UInt8(ascii: ",")) }
        append(member.key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        append(member.value, to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    case .array(let items):
      bytes.append(UInt8(ascii: "["))
      for (offset, item) in items.enumerated() {
        if offset > 0 { bytes.append(UInt8(ascii: ",")) }
        append(item, to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .string(let text): append(text, to: &bytes)
    case .integer(let number): bytes += String(number).utf8
    case .bool(let flag): bytes += (flag ? "true" : "false").utf8
    }
  }

  /// Refuses a value that the reader would not take back.
  public static func validate(_ value: JSONValue) throws(JSONError) {
    _ = try parse(write(value))
  }

  private static func append(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        bytes.append(UInt8(ascii: "\\"))
      }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
