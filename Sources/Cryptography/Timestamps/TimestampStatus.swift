internal import COpenSSL

/// What an authority answers to a request, before the timestamp if there is one (`PKIStatusInfo`).
struct TimestampStatus {
  private let number: Int64
  /// The authority's own words, at most 300 bytes of them.
  private let text: String
  /// The reasons that RFC 3161 knows, in words.
  private let reasons: [String]

  /// - Throws: ``CryptographyError/Code/badTimestamp``.
  init(_ bytes: ArraySlice<UInt8>) throws(CryptographyError) {
    let parts: (Int64, String, [String])? = OpenSSLErrors.discarding {
      unsafe bytes.withUnsafeBufferPointer { buffer in
        var next = buffer.baseAddress
        guard let status = unsafe d2i_TS_STATUS_INFO(nil, &next, buffer.count) else { return nil }
        defer { unsafe TS_STATUS_INFO_free(status) }
        guard let number = unsafe ASN1.integer(TS_STATUS_INFO_get0_status(status)) else {
          return nil
        }
        return unsafe (number, Self.text(status), Self.reasons(status))
      }
    }
    guard let parts else {
      throw OpenedTimestamp.malformed("its status cannot be read")
    }
    (number, text, reasons) = parts
  }

  /// Throws ``CryptographyError/Code/timestampRefused`` unless a timestamp was granted, as asked for
  /// or with changes: what was changed shows when it is compared with the request.
  func requireGranted() throws(CryptographyError) {
    guard number != Int64(TS_STATUS_GRANTED), number != Int64(TS_STATUS_GRANTED_WITH_MODS) else {
      return
    }
    let what =
      switch number {
      case Int64(TS_STATUS_REJECTION): "rejection"
      case Int64(TS_STATUS_WAITING): "waiting"
      case Int64(TS_STATUS_REVOCATION_WARNING): "a revocation is near"
      case Int64(TS_STATUS_REVOCATION_NOTIFICATION): "a revocation has happened"
      default: "status \(number)"
      }
    let why = (reasons + (text.isEmpty ? [] : ["\"\(text)\""])).joined(separator: ", ")
    throw CryptographyError(
      .timestampRefused,
      "The authority gave no timestamp: \(what)\(why.isEmpty ? "" : " (\(why))").")
  }

  private static func text(_ status: OpaquePointer) -> String {
    guard let texts = unsafe TS_STATUS_INFO_get0_text(status) else { return "" }
    var bytes: [UInt8] = []
    for place in 0..<(unsafe OPENSSL_sk_num(texts)) where bytes.count < 300 {
      guard let value = unsafe OPENSSL_sk_value(texts, place) else { continue }
      let part = unsafe ASN1.bytes(value.assumingMemoryBound(to: ASN1_STRING.self)) ?? []
      bytes += (bytes.isEmpty ? [] : Array(" ".utf8)) + part
    }
    return String(decoding: bytes.prefix(300), as: UTF8.self)
  }

  private static func reasons(_ status: OpaquePointer) -> [String] {
    guard let bits = unsafe TS_STATUS_INFO_get0_failure_info(status) else { return [] }
    let known: [(Int32, String)] = [
      (TS_INFO_BAD_ALG, "it does not take this hash"),
      (TS_INFO_BAD_REQUEST, "it does not allow this request"),
      (TS_INFO_BAD_DATA_FORMAT, "it could not read the request"),
      (TS_INFO_TIME_NOT_AVAILABLE, "it has no time at the moment"),
      (TS_INFO_UNACCEPTED_POLICY, "it does not have the policy asked for"),
      (TS_INFO_UNACCEPTED_EXTENSION, "it does not know an extension of the request"),
      (TS_INFO_ADD_INFO_NOT_AVAILABLE, "it does not have the information asked for"),
      (TS_INFO_SYSTEM_FAILURE, "it failed itself"),
    ]
    return known.filter { unsafe ASN1_BIT_STRING_get_bit(bits, $0.0) == 1 }.map(\.1)
  }
}
