internal import Encoding

/// The address of something on a network: `http://` or `https://`, a host, perhaps a port and a path.
///
/// Of all that the standard allows this takes what is written in one way: ASCII, lower case scheme, no
/// name or password, no fragment, no `.` and `..` in the path.
public struct WebAddress: Hashable, Sendable, CustomStringConvertible {
  /// The most bytes of an address.
  public static let maximumByteCount = 2048

  /// Whether the line to it is encrypted.
  public let isSecure: Bool
  /// The host's name or number, without brackets.
  public let host: String
  /// The port, if one is named.
  public let port: UInt16?
  /// Empty, or what begins with a slash; without the query.
  public let path: String
  /// What follows the question mark, if there is one.
  public let query: String?

  /// Whether a text is meant to be an address and not the name of a file.
  public static func isMeant(by text: String) -> Bool {
    let start = text.utf8.prefix(8).map { $0 | 0x20 }
    return start.starts(with: "http://".utf8) || start.starts(with: "https://".utf8)
  }

  /// Reads an address.
  ///
  /// - Throws: ``HelperError`` that says what is wrong with it.
  public init(_ text: String) throws(HelperError) {
    guard text.utf8.count <= Self.maximumByteCount else {
      throw HelperError("An address has at most \(Self.maximumByteCount) bytes.")
    }
    let bytes = Array(text.utf8)
    guard bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw HelperError("An address is ASCII without spaces; write other letters as %XX or xn--.")
    }
    let scheme = text.hasPrefix("https://") ? "https://" : "http://"
    guard text.hasPrefix(scheme) else {
      throw HelperError("An address begins with http:// or https://.")
    }
    isSecure = scheme == "https://"
    var rest = bytes[scheme.utf8.count...]
    let authority = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
    rest = rest.dropFirst(authority.count)
    guard let (host, port) = Self.authority(authority) else {
      throw HelperError(
        "After \(scheme) stands a host such as example.org, 192.0.2.1 or [2001:db8::1], and perhaps a port."
      )
    }
    (self.host, self.port) = (host, port)
    let path = rest.prefix { $0 != UInt8(ascii: "?") }
    let query = rest.dropFirst(path.count)
    guard Self.isPath(path), Self.isPath(query.dropFirst()) else {
      throw HelperError("The path of an address has no `.`, no `..`, no fragment and no stray %.")
    }
    self.path = String(decoding: path, as: UTF8.self)
    self.query = query.isEmpty ? nil : String(decoding: query.dropFirst(), as: UTF8.self)
  }

  /// The address in one spelling.
  public var description: String {
    let host = self.host.utf8.contains(UInt8(ascii: ":")) ? "[\(self.host)]" : self.host
    return (isSecure ? "https://" : "http://") + host + (port.map { ":\($0)" } ?? "") + path
      + (query.map { "?\($0)" } ?? "")
  }

  /// The address of what lies below this one.
  ///
  /// - Throws: ``HelperError`` if `path` cannot stand there, or this address has a query.
  public func below(_ path: String) throws(HelperError) -> WebAddress {
    guard query == nil else { throw HelperError("Nothing lies below an address with a query.") }
    return try WebAddress("\(self)" + (self.path.hasSuffix("/") ? "" : "/") + path)
  }

  // MARK: Parts

  private static func authority(_ bytes: ArraySlice<UInt8>) -> (host: String, port: UInt16?)? {
    var rest = bytes
    let host: ArraySlice<UInt8>
    if rest.first == UInt8(ascii: "[") {
      host = rest.dropFirst().prefix { $0 != UInt8(ascii: "]") }
      rest = rest.dropFirst(host.count + 2)
      guard (2...45).contains(host.count), bytes.count >= host.count + 2,
        host.allSatisfy({ isHexadecimal($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }
        ),
        host.contains(UInt8(ascii: ":"))
      else { return nil }
    } else {
      host = rest.prefix { $0 != UInt8(ascii: ":") }
      rest = rest.dropFirst(host.count)
      let labels = host.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      guard (1...253).contains(host.count),
        labels.allSatisfy({ label in
          (1...63).contains(label.count) && label.first != UInt8(ascii: "-")
            && label.allSatisfy { TextRules.isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
        })
      else { return nil }
    }
    let name = String(decoding: host, as: UTF8.self)
    guard let colon = rest.popFirst() else { return (name, nil) }
    guard colon == UInt8(ascii: ":"), let port = Digits.number(rest, atMost: 65_535), port > 0
    else { return nil }
    return (name, UInt16(port))
  }

  /// Whether these are the bytes of a path or a query.
  private static func isPath(_ bytes: ArraySlice<UInt8>) -> Bool {
    var rest = bytes
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%") {
        guard let high = rest.popFirst(), let low = rest.popFirst(), isHexadecimal(high),
          isHexadecimal(low)
        else { return false }
      } else if !TextRules.isAlphanumeric(byte), !"-._~!$&'()*+,;=:@/?".utf8.contains(byte) {
        return false
      }
    }
    return !bytes.split(separator: UInt8(ascii: "/")).contains { segment in
      segment.elementsEqual(".".utf8) || segment.elementsEqual("..".utf8)
    }
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
  }
}
