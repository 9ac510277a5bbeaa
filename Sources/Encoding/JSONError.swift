/// Why bytes are not canonical JSON.
public struct JSONError: Error, Hashable, Sendable {
  /// What is wrong, to branch on.
  public enum Code: String, Hashable, Sendable {
    case unexpectedByte = "unexpected-byte"
    case unexpectedEnd = "unexpected-end"
    case trailingBytes = "trailing-bytes"
    case tooDeep = "too-deep"
    case tooManyMembers = "too-many-members"
    case badKey = "bad-key"
    case keyOrder = "key-order"
    case badNumber = "bad-number"
    case badString = "bad-string"
    case notCanonical = "not-canonical"
  }

  /// What is wrong.
  public let code: Code
  /// Where, in bytes from the start of what was given.
  public let offset: Int
  /// What is wrong and what would be accepted, in one sentence.
  public let message: String
}
