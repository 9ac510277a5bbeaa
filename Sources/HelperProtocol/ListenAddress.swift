internal import Encoding

/// Where a server listens: `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080`; port 0 for any that is free.
public struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
  /// The host's name or number, without brackets.
  public let host: String
  /// The port.
  public let port: UInt16

  /// Reads an address to listen on.
  ///
  /// - Throws: ``HelperError`` that says how one is written.
  public init(_ text: String) throws(HelperError) {
    let bytes = Array(text.utf8)
    let wrong = HelperError(
      "\"\(text)\" is not a place to listen on: write HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080."
    )
    guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")),
      let port = Digits.number(bytes[(colon + 1)...], atMost: 65_535),
      // The rules for hosts are those of addresses.
      let address = try? WebAddress("http://" + String(decoding: bytes[..<colon], as: UTF8.self)),
      address.port == nil, address.path.isEmpty, address.query == nil
    else { throw wrong }
    host = address.host
    self.port = UInt16(port)
  }

  /// The address in one spelling.
  public var description: String { Self.text(host: host, port: Int(port)) }

  /// A host and a port as they are written together.
  public static func text(host: String, port: Int) -> String {
    host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
  }

  /// Whether only this machine reaches it.
  public var isLoopback: Bool {
    host == "localhost" || host == "::1"
      || host.hasPrefix("127.") && host.utf8.allSatisfy { $0 == 0x2E || (0x30...0x39).contains($0) }
  }
}
