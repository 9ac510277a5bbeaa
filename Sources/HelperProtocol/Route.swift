internal import Encoding

/// What a server takes: `POST /add-checkpoint 1048576`, a method, a path, and the most bytes of a body.
///
/// A segment `*` of the path stands for any one of at most 128 letters, digits, `.`, `_` and `-`.
public struct Route: Hashable, Sendable, CustomStringConvertible {
  /// The method.
  public let method: String
  /// The path's segments.
  private let segments: [String]
  /// The most bytes of a request's body.
  public let limit: Int

  /// Reads a route.
  ///
  /// - Throws: ``HelperError`` that says how one is written.
  public init(_ text: String) throws(HelperError) {
    let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard words.count == 3, !words[0].isEmpty,
      words[0].utf8.allSatisfy({ (0x41...0x5A).contains($0) }),
      let limit = Digits.number(
        Array(words[2].utf8)[...], atMost: UInt64(Frame.maximumBodyByteCount)),
      words[1].hasPrefix("/"), let address = try? WebAddress("http://x" + words[1]),
      address.query == nil
    else { throw HelperError("\"\(text)\" is not a route: write METHOD PATH LIMIT.") }
    method = words[0]
    segments = Self.segments(words[1])
    self.limit = Int(limit)
  }

  /// The route in one spelling.
  public var description: String { "\(method) \(segments.joined(separator: "/")) \(limit)" }

  /// Whether the path of a request is this one's.
  public func leads(to path: String) -> Bool {
    let asked = Self.segments(path)
    return asked.count == segments.count
      && zip(segments, asked).allSatisfy { own, other in
        own == "*" ? Self.isName(other.utf8) : own.utf8.elementsEqual(other.utf8)
      }
  }

  private static func isName(_ segment: String.UTF8View) -> Bool {
    (1...128).contains(segment.count)
      && segment.allSatisfy { TextRules.isAlphanumeric($0) || "._-".utf8.contains($0) }
  }

  private static func segments(_ path: String) -> [String] {
    path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
  }
}
