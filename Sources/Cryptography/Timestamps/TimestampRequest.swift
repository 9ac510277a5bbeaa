internal import COpenSSL

/// What is sent to a timestamp authority: the hash of something, and a number by which its answer is
/// known (RFC 3161 §2.4.1, `TimeStampReq`).
///
/// `docs/formats/timestamp.md` shows one. Authorities call a file of it `.tsq`.
public struct TimestampRequest: Hashable, Sendable {
  /// The most bytes that are read.
  public static let maximumByteCount = 4096
  /// The most bytes of a number that authorities must know how to handle: 160 bits.
  static let maximumIntegerByteCount = 20

  /// The request, in DER.
  public let bytes: [UInt8]
  /// The SHA-256 hash of what is to be timestamped.
  public let imprint: Digest
  /// The number that the answer must repeat, big-endian without zeros in front; empty is 0.
  public let nonce: [UInt8]?
  /// The policy that the timestamp must be under, such as `1.2.3.4`; any if there is none.
  public let policy: String?

  /// A request with a fresh number, which asks for the authority's certificate too.
  ///
  /// - Parameters:
  ///   - imprint: The hash of what is to be timestamped.
  ///   - policy: An object identifier in digits; most authorities have just one policy.
  ///   - nonce: 1 to 20 bytes, the first not 0; 63 random bits unless a test knows better.
  /// - Throws: ``CryptographyError/Code/badTimestampRequest`` for a policy that is none.
  public static func make(
    of imprint: Digest, policy: String? = nil, nonce: [UInt8] = Self.randomNonce()
  ) throws(CryptographyError) -> TimestampRequest {
    let bytes = OpenSSLErrors.discarding { encode(imprint, policy: policy, nonce: nonce) }
    guard let bytes else {
      throw CryptographyError(
        .badTimestampRequest,
        "No request can be made: a policy is an object identifier such as 1.2.3.4.")
    }
    return try TimestampRequest(bytes)
  }

  /// 63 bits: as much as every authority takes, and the same length each time.
  public static func randomNonce() -> [UInt8] {
    var nonce = SystemRandom.bytes(8)
    nonce[0] = nonce[0] & 0x3F | 0x40
    return nonce
  }

  /// Reads a request in DER, ours or another program's.
  ///
  /// - Throws: ``CryptographyError/Code/badTimestampRequest`` for any other bytes, and for a request
  ///   that is made with another hash than SHA-256.
  public init(_ bytes: [UInt8]) throws(CryptographyError) {
    guard bytes.count <= Self.maximumByteCount, DER.isWellFormed(bytes[...]) else {
      throw CryptographyError(
        .badTimestampRequest,
        "A request for a timestamp is one structure in DER of at most \(Self.maximumByteCount) bytes."
      )
    }
    let parts = OpenSSLErrors.discarding { Self.decode(bytes) }
    guard let parts else {
      throw CryptographyError(
        .badTimestampRequest, "The bytes are not a request for a timestamp of a SHA-256 hash.")
    }
    self.bytes = bytes
    (imprint, nonce, policy) = parts
  }

  private static func encode(_ imprint: Digest, policy: String?, nonce: [UInt8]) -> [UInt8]? {
    guard (1...maximumIntegerByteCount).contains(nonce.count), nonce[0] != 0,
      let request = unsafe TS_REQ_new(), let message = unsafe TS_MSG_IMPRINT_new(),
      let algorithm = unsafe X509_ALGOR_new(), let number = unsafe ASN1_INTEGER_new()
    else { return nil }
    defer {
      unsafe TS_REQ_free(request)
      unsafe TS_MSG_IMPRINT_free(message)
      unsafe X509_ALGOR_free(algorithm)
      unsafe ASN1_INTEGER_free(number)
    }
    var hash = imprint.bytes
    // What is set is copied, but for the algorithm's identifier, which is OpenSSL's own constant.
    guard unsafe TS_REQ_set_version(request, 1) == 1,
      unsafe X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nil) == 1,
      unsafe TS_MSG_IMPRINT_set_algo(message, algorithm) == 1,
      unsafe TS_MSG_IMPRINT_set_msg(message, &hash, Int32(hash.count)) == 1,
      unsafe TS_REQ_set_msg_imprint(request, message) == 1,
      unsafe ASN1_STRING_set(number, nonce, Int32(nonce.count)) == 1,
      unsafe TS_REQ_set_nonce(request, number) == 1,
      unsafe TS_REQ_set_cert_req(request, 1) == 1
    else { return nil }
    if let policy {
      guard let object = unsafe OBJ_txt2obj(policy, 1) else { return nil }
      defer { unsafe ASN1_OBJECT_free(object) }
      // OpenSSL reads more spellings than the one that it writes.
      guard unsafe ASN1.text(of: object).map({ $0.utf8.elementsEqual(policy.utf8) }) == true,
        unsafe TS_REQ_set_policy_id(request, object) == 1
      else { return nil }
    }
    return unsafe ASN1.encoded { unsafe i2d_TS_REQ(request, $0) }
  }

  private static func decode(_ bytes: [UInt8]) -> (Digest, [UInt8]?, String?)? {
    unsafe bytes.withUnsafeBufferPointer { buffer in
      var next = buffer.baseAddress
      guard let request = unsafe d2i_TS_REQ(nil, &next, buffer.count) else { return nil }
      defer { unsafe TS_REQ_free(request) }
      guard unsafe TS_REQ_get_version(request) == 1,
        unsafe ASN1.encoded({ unsafe i2d_TS_REQ(request, $0) }) == bytes,
        let imprint = unsafe ASN1.sha256(TS_REQ_get_msg_imprint(request))
      else { return nil }
      var nonce: [UInt8]?
      if let number = unsafe TS_REQ_get_nonce(request) {
        nonce = unsafe ASN1.magnitude(number)
        guard nonce != nil else { return nil }
      }
      var policy: String?
      if let object = unsafe TS_REQ_get_policy_id(request) {
        policy = unsafe ASN1.text(of: object)
        guard policy != nil else { return nil }
      }
      return (imprint, nonce, policy)
    }
  }
}
