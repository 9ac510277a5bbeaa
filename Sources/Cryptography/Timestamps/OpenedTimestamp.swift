internal import COpenSSL
internal import Encoding

/// A timestamp under OpenSSL's eyes, for the length of a call.
///
/// The answer is taken apart here, by tags and lengths; the signed message in it is read with the
/// functions of CMS, since those of TS know neither RSA-PSS nor signers that are named by a key
/// identifier; what was signed (`TSTInfo`) is read with those of TS.
@safe struct OpenedTimestamp: ~Copyable {
  /// The signed message.
  let message: OpaquePointer
  /// What was signed.
  private let info: OpaquePointer

  let imprint: Digest
  let time: Timestamp
  let accuracyMilliseconds: Int64?
  let nonce: [UInt8]?
  let policy: String
  let serial: String
  let authority: String

  init(_ bytes: [UInt8]) throws(CryptographyError) {
    guard bytes.count <= TimestampResponse.maximumByteCount, DER.isWellFormed(bytes[...]) else {
      throw Self.malformed(
        "it is not one structure in DER of at most \(TimestampResponse.maximumByteCount) bytes")
    }
    defer { ERR_clear_error() }
    let token = try Self.token(in: bytes)
    guard let message = unsafe Self.signedMessage(token) else {
      throw Self.malformed("it holds no signed message of the kind of a timestamp")
    }
    guard let info = unsafe Self.info(in: message) else {
      unsafe CMS_ContentInfo_free(message)
      throw Self.malformed("what it signs is no timestamp")
    }
    var isWhole = false
    defer {
      if !isWhole {
        unsafe CMS_ContentInfo_free(message)
        unsafe TS_TST_INFO_free(info)
      }
    }
    guard let imprint = unsafe ASN1.sha256(TS_TST_INFO_get_msg_imprint(info)) else {
      throw Self.malformed("it is of another hash than SHA-256")
    }
    guard let time = unsafe ASN1.bytes(TS_TST_INFO_get_time(info)).flatMap(Self.time) else {
      throw Self.malformed("it states no time that can be read")
    }
    guard let policy = unsafe ASN1.text(of: TS_TST_INFO_get_policy_id(info)),
      let serial = unsafe ASN1.bytes(TS_TST_INFO_get_serial(info)), serial.count <= 64
    else { throw Self.malformed("it states no policy, or no number, that can be read") }
    guard let nonce = unsafe Self.nonce(of: info), let accuracy = unsafe Self.accuracy(of: info)
    else { throw Self.malformed("its nonce or its accuracy is out of all bounds") }
    guard unsafe !Self.hasCriticalExtension(info) else {
      throw Self.malformed("it has an extension that must be understood, and none is known here")
    }
    guard let signer = unsafe Self.signer(of: message) else {
      throw Self.malformed("it has not one signature with the certificate of whoever made it")
    }
    (self.imprint, self.time, self.policy) = (imprint, time, policy)
    (self.nonce, self.accuracyMilliseconds) = (nonce.value, accuracy.value)
    self.serial = Hex.encode(serial)
    authority = unsafe ASN1.text(ofName: X509_get_subject_name(signer)) ?? "an authority unnamed"
    unsafe self.message = message
    unsafe self.info = info
    isWhole = true
  }

  deinit {
    unsafe CMS_ContentInfo_free(message)
    unsafe TS_TST_INFO_free(info)
  }

  /// The certificate that the one signature names; it lives as long as this.
  var signer: OpaquePointer? { unsafe Self.signer(of: message) }

  /// Whether the name of the authority, if what was signed states one, is that certificate's.
  func isNamed(by certificate: OpaquePointer) -> Bool {
    guard let stated = unsafe TS_TST_INFO_get_tsa(info) else { return true }
    var kind: Int32 = 0
    if let name = unsafe GENERAL_NAME_get0_value(stated, &kind), kind == GEN_DIRNAME,
      unsafe X509_NAME_cmp(X509_get_subject_name(certificate), OpaquePointer(name)) == 0
    {
      return true
    }
    guard let found = unsafe X509_get_ext_d2i(certificate, NID_subject_alt_name, nil, nil)
    else { return false }
    let names = OpaquePointer(found)
    defer { unsafe onus_free_names(names) }
    return (0..<(unsafe OPENSSL_sk_num(names))).contains { place in
      let name = unsafe OPENSSL_sk_value(names, place)
      return unsafe GENERAL_NAME_cmp(
        stated, name?.assumingMemoryBound(to: GENERAL_NAME.self)) == 0
    }
  }

  // MARK: Taking apart

  /// The signed message in an answer that grants one.
  private static func token(in bytes: [UInt8]) throws(CryptographyError) -> ArraySlice<UInt8> {
    var outer = DERReader(bytes[...])
    guard var answer = outer.sequence(), let status = answer.next(DERElement.sequence) else {
      throw malformed("it is no answer to a request for a timestamp")
    }
    try TimestampStatus(status.bytes).requireGranted()
    guard let token = answer.next(DERElement.sequence), answer.isAtEnd else {
      throw malformed("it grants a timestamp and holds none")
    }
    return token.bytes
  }

  private static func signedMessage(_ token: ArraySlice<UInt8>) -> OpaquePointer? {
    unsafe token.withUnsafeBufferPointer { buffer in
      var next = buffer.baseAddress
      guard let message = unsafe d2i_CMS_ContentInfo(nil, &next, buffer.count) else { return nil }
      guard unsafe OBJ_obj2nid(CMS_get0_type(message)) == NID_pkcs7_signed,
        unsafe OBJ_obj2nid(CMS_get0_eContentType(message)) == NID_id_smime_ct_TSTInfo
      else {
        unsafe CMS_ContentInfo_free(message)
        return nil
      }
      return unsafe message
    }
  }

  private static func info(in message: OpaquePointer) -> OpaquePointer? {
    guard let content = unsafe CMS_get0_content(message),
      let bytes = unsafe ASN1.bytes(content.pointee), DER.isWellFormed(bytes[...])
    else { return nil }
    return unsafe bytes.withUnsafeBufferPointer { buffer in
      var next = buffer.baseAddress
      guard let info = unsafe d2i_TS_TST_INFO(nil, &next, buffer.count) else { return nil }
      guard unsafe next == buffer.baseAddress.map({ unsafe $0 + buffer.count }),
        unsafe TS_TST_INFO_get_version(info) == 1
      else {
        unsafe TS_TST_INFO_free(info)
        return nil
      }
      return unsafe info
    }
  }

  /// The certificate of the one signer, if the message holds it.
  private static func signer(of message: OpaquePointer) -> OpaquePointer? {
    guard let infos = unsafe CMS_get0_SignerInfos(message), unsafe OPENSSL_sk_num(infos) == 1
    else { return nil }
    // Finds the certificates by what each signature names; nothing is verified.
    _ = unsafe CMS_set1_signers_certs(message, nil, 0)
    guard let signers = unsafe CMS_get0_signers(message) else { return nil }
    defer { unsafe OPENSSL_sk_free(signers) }
    return unsafe OPENSSL_sk_value(signers, 0).map { OpaquePointer($0) }
  }

  private static func hasCriticalExtension(_ info: OpaquePointer) -> Bool {
    (0..<(unsafe TS_TST_INFO_get_ext_count(info))).contains { place in
      unsafe X509_EXTENSION_get_critical(TS_TST_INFO_get_ext(info, place)) != 0
    }
  }

  /// What may be there or not.
  private struct Optionally<Value> {
    var value: Value?
  }

  private static func nonce(of info: OpaquePointer) -> Optionally<[UInt8]>? {
    guard let number = unsafe TS_TST_INFO_get_nonce(info) else { return Optionally() }
    return unsafe ASN1.magnitude(number).map { Optionally(value: $0) }
  }

  /// Seconds, milliseconds and microseconds, rounded up; no clock is a year off.
  private static func accuracy(of info: OpaquePointer) -> Optionally<Int64>? {
    guard let accuracy = unsafe TS_TST_INFO_get_accuracy(info) else { return Optionally() }
    func part(_ number: UnsafePointer<ASN1_INTEGER>?, below limit: Int64) -> Int64? {
      guard let number = unsafe number else { return 0 }
      return unsafe ASN1.integer(number).flatMap { (0..<limit).contains($0) ? $0 : nil }
    }
    guard let seconds = unsafe part(TS_ACCURACY_get_seconds(accuracy), below: 366 * 86_400),
      let milliseconds = unsafe part(TS_ACCURACY_get_millis(accuracy), below: 1000),
      let microseconds = unsafe part(TS_ACCURACY_get_micros(accuracy), below: 1000)
    else { return nil }
    return Optionally(value: seconds * 1000 + milliseconds + (microseconds > 0 ? 1 : 0))
  }

  /// `YYYYMMDDhhmmss[.s…]Z` (RFC 3161 §2.4.2), rounded up to a millisecond.
  private static func time(_ text: [UInt8]) -> Timestamp? {
    guard (15...32).contains(text.count), text.last == UInt8(ascii: "Z") else { return nil }
    var fraction = text[14..<(text.count - 1)]
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard fraction.isEmpty || fraction.first == UInt8(ascii: ".") && fraction.count > 1,
      fraction.dropFirst().allSatisfy({ digits.contains($0) })
    else { return nil }
    fraction = fraction.dropFirst()
    let isBeyond = fraction.dropFirst(3).contains { $0 != UInt8(ascii: "0") }
    let shown = Array(fraction.prefix(3)) + Array("000".utf8.dropFirst(min(3, fraction.count)))
    let parts = [
      Array(text[0..<4]), Array("-".utf8), Array(text[4..<6]), Array("-".utf8), Array(text[6..<8]),
      Array("T".utf8), Array(text[8..<10]), Array(":".utf8), Array(text[10..<12]),
      Array(":".utf8), Array(text[12..<14]), Array(".".utf8), shown, Array("Z".utf8),
    ]
    return Timestamp(Array(parts.joined())[...])?.adding(milliseconds: isBeyond ? 1 : 0)
  }

  static func malformed(_ reason: String) -> CryptographyError {
    CryptographyError(.badTimestamp, "The bytes are not a timestamp that can be kept: \(reason).")
  }
}
