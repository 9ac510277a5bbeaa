public import Encoding

/// What a timestamp authority answered: its signed word that a hash lay before it at a time
/// (RFC 3161 §2.4.2, `TimeStampResp`).
///
/// The bytes are kept as they came and never written again. Reading them verifies nothing; then
/// ``check(of:)`` and ``check(answers:)`` compare what is stated, ``checkSignature()`` says whether
/// the certificate inside signed it, and ``check(trusting:)`` whether that certificate counts.
/// Authorities call a file of it `.tsr`. `docs/formats/timestamp.md` has the bytes.
public struct TimestampResponse: Hashable, Sendable {
  /// The most bytes that are read, or taken from an authority.
  public static let maximumByteCount = 65_536

  /// The answer, in DER.
  public let bytes: [UInt8]
  /// The SHA-256 hash that it is of.
  public let imprint: Digest
  /// When the authority says it had the hash; parts of a millisecond count as a whole one.
  public let time: Timestamp
  /// How far the authority says that its clock may be off, in milliseconds, if it says so.
  public let accuracyMilliseconds: Int64?
  /// The number of the request that it answers, big-endian without zeros in front.
  public let nonce: [UInt8]?
  /// The authority's policy, an object identifier in digits.
  public let policy: String
  /// The number of the timestamp, in hexadecimal; an authority never gives one twice.
  public let serial: String
  /// The subject of the certificate that is said to have signed, at most some 512 bytes of it.
  public let authority: String

  /// Reads an answer that grants a timestamp. No signature is verified.
  ///
  /// - Throws: ``CryptographyError/Code/timestampRefused`` if the authority gives none, with its
  ///   reason; ``CryptographyError/Code/badTimestamp`` for any other bytes than one answer in DER with
  ///   one signature, the certificate of whoever made it, and a SHA-256 hash.
  public init(_ bytes: [UInt8]) throws(CryptographyError) {
    let opened = try OpenedTimestamp(bytes)
    self.bytes = bytes
    (imprint, time, accuracyMilliseconds) = (
      opened.imprint, opened.time, opened.accuracyMilliseconds
    )
    (nonce, policy, serial) = (opened.nonce, opened.policy, opened.serial)
    authority = opened.authority
  }

  /// Throws ``CryptographyError/Code/otherTimestamp`` unless this is of these bytes.
  public func check(of message: [UInt8]) throws(CryptographyError) {
    guard imprint == SHA256.hash(message) else {
      throw CryptographyError(.otherTimestamp, "The timestamp is of something else.")
    }
  }

  /// Throws ``CryptographyError/Code/otherTimestamp`` unless this answers that request: the same
  /// hash, its number, and its policy if it named one.
  public func check(answers request: TimestampRequest) throws(CryptographyError) {
    guard imprint == request.imprint else {
      throw CryptographyError(.otherTimestamp, "The timestamp is of something else.")
    }
    guard nonce == request.nonce else {
      throw CryptographyError(
        .otherTimestamp, "The timestamp answers another request: its number (nonce) is another.")
    }
    guard request.policy.map({ $0.utf8.elementsEqual(policy.utf8) }) ?? true else {
      throw CryptographyError(
        .otherTimestamp,
        "The timestamp is under policy \(policy), and \(request.policy ?? "") was asked for.")
    }
  }

  /// Throws ``CryptographyError/Code/forgedTimestamp`` unless the certificate inside signed this, and
  /// the signature names that certificate and no other in its place.
  ///
  /// It proves nothing about who that is: anybody can make a certificate.
  public func checkSignature() throws(CryptographyError) {
    try OpenedTimestamp(bytes).checkSignature()
  }

  /// Throws ``CryptographyError/Code/forgedTimestamp`` as ``checkSignature()`` does, and
  /// ``CryptographyError/Code/untrustedTimestamp`` unless the certificate was good at the time stated,
  /// is for timestamps alone, and is one of those trusted or issued under one.
  ///
  /// Validity is judged at the time of the timestamp and not now, since a timestamp outlives its
  /// certificate. Whether that was revoked is not looked at: that needs a network, or lists as old
  /// as the timestamp.
  public func check(trusting certificates: TrustedCertificates) throws(CryptographyError) {
    let opened = try OpenedTimestamp(bytes)
    try opened.checkSignature()
    try opened.checkCertificate(certificates)
  }
}
