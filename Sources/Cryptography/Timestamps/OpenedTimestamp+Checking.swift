internal import COpenSSL
internal import Encoding

extension OpenedTimestamp {
  /// Throws unless the certificate inside signed what is there, with a hash that still holds, and the
  /// signature binds that very certificate (RFC 5816: `ESSCertID`).
  func checkSignature() throws(CryptographyError) {
    ERR_clear_error()
    defer { ERR_clear_error() }
    guard let signer = unsafe signer, let infos = unsafe CMS_get0_SignerInfos(message),
      let info = unsafe OPENSSL_sk_value(infos, 0).map({ OpaquePointer($0) })
    else { throw Self.forged("it has no signer") }
    var algorithm: UnsafeMutablePointer<X509_ALGOR>?
    unsafe CMS_SignerInfo_get0_algs(info, nil, nil, &algorithm, nil)
    guard let algorithm = unsafe algorithm,
      Self.strongHashes.contains(unsafe OBJ_obj2nid(algorithm.pointee.algorithm))
    else { throw Self.forged("its signature is over a hash that no longer counts") }
    // The certificate's own worth is another question, so it is not verified here.
    let flags = UInt32(CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY)
    guard unsafe CMS_verify(message, nil, nil, nil, nil, flags) == 1 else {
      throw Self.forged("the signature does not verify (\(OpenSSLErrors.drain()))")
    }
    guard unsafe Self.binds(info, signer) else {
      throw Self.forged("the signature does not name the certificate that is with it")
    }
  }

  /// Throws unless a trusted certificate vouches for the signer's at the time that was stated.
  func checkCertificate(_ trusted: TrustedCertificates) throws(CryptographyError) {
    ERR_clear_error()
    defer { ERR_clear_error() }
    guard let signer = unsafe signer, let store = unsafe trusted.makeStore(),
      let context = unsafe X509_STORE_CTX_new()
    else { throw Self.untrusted("there was no memory to look") }
    let certificates = unsafe CMS_get1_certs(message)
    defer {
      unsafe X509_STORE_CTX_free(context)
      unsafe X509_STORE_free(store)
      unsafe onus_free_certificates(certificates)
    }
    guard unsafe X509_STORE_CTX_init(context, store, signer, certificates) == 1,
      let rules = unsafe X509_STORE_CTX_get0_param(context)
    else { throw Self.untrusted("there was no memory to look") }
    unsafe X509_VERIFY_PARAM_set_time(
      rules, time_t(time.milliseconds / 1000))
    unsafe X509_VERIFY_PARAM_set_depth(rules, Self.maximumChainDepth)
    unsafe X509_VERIFY_PARAM_set_auth_level(rules, Self.securityLevel)
    unsafe X509_VERIFY_PARAM_set_flags(rules, UInt(X509_V_FLAG_PARTIAL_CHAIN))
    unsafe X509_STORE_CTX_set_purpose(context, X509_PURPOSE_TIMESTAMP_SIGN)
    guard unsafe X509_verify_cert(context) == 1 else {
      let code = unsafe X509_STORE_CTX_get_error(context)
      let depth = unsafe X509_STORE_CTX_get_error_depth(context)
      let place = depth == 0 ? "" : ", of the certificate \(depth) above it"
      throw Self.untrusted(
        unsafe String(cString: X509_verify_cert_error_string(Int(code))) + place)
    }
    guard unsafe Self.isForTimestampsAlone(signer) else {
      throw Self.untrusted("its certificate is for other purposes too")
    }
    guard unsafe isNamed(by: signer) else {
      throw Self.untrusted("it states another name than its certificate")
    }
  }

  /// OpenSSL's level of 112 bits: RSA and DSA from 2,048 bits, curves from 224, no SHA-1.
  private static let securityLevel: Int32 = 2
  private static let maximumChainDepth: Int32 = 8

  /// Hashes under which nobody finds two texts; SHA-1 is not among them.
  private static let strongHashes: Set<Int32> = [
    NID_sha256, NID_sha384, NID_sha512, NID_sha512_256, NID_sha3_256, NID_sha3_384, NID_sha3_512,
    NID_shake256, NID_sm3,
  ]

  /// Whether the extended key usage names timestamps and nothing else (RFC 3161 §2.3). That it is
  /// critical, OpenSSL checks for this purpose; uses that it does not know, it passes over.
  private static func isForTimestampsAlone(_ certificate: OpaquePointer) -> Bool {
    guard let found = unsafe X509_get_ext_d2i(certificate, NID_ext_key_usage, nil, nil)
    else { return false }
    let uses = OpaquePointer(found)
    defer { unsafe onus_free_objects(uses) }
    guard unsafe OPENSSL_sk_num(uses) == 1, let use = unsafe OPENSSL_sk_value(uses, 0) else {
      return false
    }
    return unsafe OBJ_obj2nid(OpaquePointer(use)) == NID_time_stamp
  }

  // MARK: Which certificate was meant

  /// Whether the signed attributes name the certificate by its hash. There are two such attributes,
  /// an old one by SHA-1; one must be there, and each that is must match.
  private static func binds(_ info: OpaquePointer, _ certificate: OpaquePointer) -> Bool {
    var hasOne = false
    for (attribute, isOld) in [
      (NID_id_smime_aa_signingCertificate, true), (NID_id_smime_aa_signingCertificateV2, false),
    ] {
      guard let object = unsafe OBJ_nid2obj(attribute),
        unsafe CMS_signed_get_attr_by_NID(info, attribute, -1) >= 0
      else { continue }
      // −3: the attribute stands once, and has one value.
      guard
        let value = unsafe CMS_signed_get0_data_by_OBJ(info, object, -3, V_ASN1_SEQUENCE),
        let bytes = unsafe ASN1.bytes(value.assumingMemoryBound(to: ASN1_STRING.self)),
        unsafe names(bytes, certificate, isOld: isOld)
      else { return false }
      hasOne = true
    }
    return hasOne
  }

  /// Whether the first certificate that the attribute lists is this one (RFC 5035 §3).
  private static func names(_ bytes: [UInt8], _ certificate: OpaquePointer, isOld: Bool) -> Bool {
    var outer = DERReader(bytes[...])
    guard var attribute = outer.sequence(), var list = attribute.sequence(),
      var first = list.sequence()
    else { return false }
    var hash: OpaquePointer? = unsafe isOld ? EVP_sha1() : EVP_sha256()
    if !isOld, let algorithm = first.next(DERElement.sequence) {
      var parts = DERReader(algorithm.content)
      guard let identifier = parts.next(DERElement.objectIdentifier) else { return false }
      unsafe hash = Self.hash(identifier.bytes)
    }
    guard let hash = unsafe hash, let stated = first.next(DERElement.octetString) else {
      return false
    }
    var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var count: UInt32 = 0
    guard unsafe X509_digest(certificate, hash, &digest, &count) == 1 else { return false }
    return digest.prefix(Int(count)).elementsEqual(stated.content)
  }

  /// The hash of that identifier, if it is one that may name a certificate.
  private static func hash(_ identifier: ArraySlice<UInt8>) -> OpaquePointer? {
    let object = unsafe identifier.withUnsafeBufferPointer { buffer in
      var next = buffer.baseAddress
      return unsafe d2i_ASN1_OBJECT(nil, &next, buffer.count)
    }
    guard let object = unsafe object else { return nil }
    defer { unsafe ASN1_OBJECT_free(object) }
    let number = unsafe OBJ_obj2nid(object)
    guard strongHashes.contains(number) else { return nil }
    return unsafe EVP_get_digestbyname(OBJ_nid2sn(number))
  }

  private static func forged(_ reason: String) -> CryptographyError {
    CryptographyError(
      .forgedTimestamp, "The timestamp is not what its certificate signed: \(reason).")
  }

  private static func untrusted(_ reason: String) -> CryptographyError {
    CryptographyError(
      .untrustedTimestamp,
      "No certificate that is trusted vouches for whoever signed the timestamp: \(reason).")
  }
}
