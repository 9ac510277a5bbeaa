internal import COpenSSL

/// Why a key, signature or key file cannot be used.
public struct CryptographyError: Error, Hashable, Sendable {
  /// What is wrong, to branch on. Open: later suites add their own.
  public struct Code: Hashable, Sendable {
    let name: String
    /// The bytes are not a public key that may be used.
    public static let badPublicKey = Code(name: "bad-public-key")
    /// The text is not a verifier key.
    public static let badVerifierKey = Code(name: "bad-verifier-key")
    /// The file does not hold an Ed25519 private key.
    public static let badKeyFile = Code(name: "bad-key-file")
    /// The passphrase is wrong or missing.
    public static let badPassphrase = Code(name: "bad-passphrase")
    /// The seed is not 32 bytes.
    public static let badSeed = Code(name: "bad-seed")
    /// The bytes are not certificates.
    public static let badCertificates = Code(name: "bad-certificates")
    /// The bytes are not a request for a timestamp, or none can be made of what was given.
    public static let badTimestampRequest = Code(name: "bad-timestamp-request")
    /// The bytes are not an authority's answer that holds a timestamp.
    public static let badTimestamp = Code(name: "bad-timestamp")
    /// The authority answered that it gives no timestamp.
    public static let timestampRefused = Code(name: "timestamp-refused")
    /// The timestamp is of something else, or answers another request.
    public static let otherTimestamp = Code(name: "other-timestamp")
    /// The certificate in the timestamp did not sign it.
    public static let forgedTimestamp = Code(name: "forged-timestamp")
    /// No certificate that is trusted vouches for the authority at that time.
    public static let untrustedTimestamp = Code(name: "untrusted-timestamp")
  }

  /// What is wrong.
  public let code: Code
  /// One sentence for a person.
  public let message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}

/// OpenSSL's queue of errors.
enum OpenSSLErrors {
  /// Runs `body`, and leaves nothing of it in the queue.
  static func discarding<R: ~Copyable, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
    defer { ERR_clear_error() }
    return try body()
  }

  /// Empties the queue and says what was in it, oldest first.
  static func drain() -> String {
    var reasons: [String] = []
    while true {
      let code = ERR_get_error()
      if code == 0 { break }
      var buffer = [CChar](repeating: 0, count: 256)
      unsafe ERR_error_string_n(code, &buffer, buffer.count)
      reasons.append(
        String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
    return reasons.joined(separator: "; ")
  }
}
