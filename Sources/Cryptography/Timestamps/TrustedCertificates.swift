internal import COpenSSL

/// The certificates by which an auditor knows timestamp authorities: their CAs', or their own.
///
/// Every one of them is trusted as it stands, whether it is a root or not. They are the auditor's:
/// a ledger brings none.
@safe public final class TrustedCertificates: @unchecked Sendable {
  // `@unchecked`: the stack is filled in the initialiser and only read afterwards. OpenSSL counts
  // references to certificates atomically, and guards what it caches in each with a lock of its own.
  private let stack: OpaquePointer

  /// How many there are.
  public let count: Int

  /// The most bytes that are read.
  public static let maximumByteCount = 1 << 20
  /// The most certificates: more than operating systems ship.
  private static let maximumCount = 1000

  /// Reads PEM: blocks `CERTIFICATE`, with anything between them.
  ///
  /// - Throws: ``CryptographyError/Code/badCertificates`` if there is none, if a block is broken, or
  ///   if one holds something else: nothing that was meant to be trusted is left out in silence.
  public init(pem: [UInt8]) throws(CryptographyError) {
    ERR_clear_error()
    guard pem.count <= Self.maximumByteCount, let stack = unsafe OPENSSL_sk_new_null() else {
      throw Self.bad("there are more than \(Self.maximumByteCount) bytes of them")
    }
    unsafe self.stack = stack
    var isFinished = false
    defer { if !isFinished { unsafe onus_free_certificates(stack) } }
    let count = try unsafe pem.withUnsafeBufferPointer {
      (buffer) throws(CryptographyError) -> Int in
      // The bytes are read where they lie, so they must lie there until the last block is read.
      guard let bio = unsafe BIO_new_mem_buf(buffer.baseAddress, Int32(buffer.count)) else {
        throw Self.bad("there is nothing in it")
      }
      defer { unsafe BIO_free(bio) }
      return try unsafe Self.read(bio, into: stack)
    }
    ERR_clear_error()
    guard count > 0 else { throw Self.bad("there is no block of PEM in it") }
    // From here on it is whole, and its end frees the stack.
    isFinished = true
    self.count = count
  }

  /// Reads every block, and returns how many there were.
  private static func read(
    _ bio: OpaquePointer, into stack: OpaquePointer
  ) throws(CryptographyError) -> Int {
    var count = 0
    while let block = try unsafe nextBlock(bio) {
      guard block.label == "CERTIFICATE" else {
        throw bad("block \(count + 1) holds a \(block.label)")
      }
      guard count < maximumCount else { throw bad("there are more than \(maximumCount)") }
      guard let certificate = unsafe certificate(block.bytes),
        unsafe OPENSSL_sk_push(stack, UnsafeRawPointer(certificate)) > 0
      else { throw bad("block \(count + 1) is no certificate") }
      count += 1
    }
    return count
  }

  deinit { unsafe onus_free_certificates(stack) }

  /// A store that trusts them; the caller frees it.
  func makeStore() -> OpaquePointer? {
    guard let store = unsafe X509_STORE_new() else { return nil }
    for place in 0..<Int32(count) {
      guard let certificate = unsafe OPENSSL_sk_value(stack, place),
        unsafe X509_STORE_add_cert(store, OpaquePointer(certificate)) == 1
      else {
        unsafe X509_STORE_free(store)
        return nil
      }
    }
    return unsafe store
  }

  /// The next block of PEM; `nil` if there is none.
  private static func nextBlock(
    _ bio: OpaquePointer
  ) throws(CryptographyError) -> (label: String, bytes: [UInt8])? {
    var label: UnsafeMutablePointer<CChar>?
    var header: UnsafeMutablePointer<CChar>?
    var data: UnsafeMutablePointer<UInt8>?
    var count = 0
    guard unsafe PEM_read_bio(bio, &label, &header, &data, &count) == 1, let label = unsafe label,
      let header = unsafe header, let data = unsafe data
    else {
      guard ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE else {
        throw bad("a block of PEM is broken (\(OpenSSLErrors.drain()))")
      }
      return nil
    }
    defer {
      unsafe CRYPTO_free(label, nil, 0)
      unsafe CRYPTO_free(header, nil, 0)
      unsafe CRYPTO_free(data, nil, 0)
    }
    return unsafe (
      String(cString: label), Array(UnsafeBufferPointer(start: data, count: count))
    )
  }

  /// The certificate that these bytes are, all of them.
  private static func certificate(_ bytes: [UInt8]) -> OpaquePointer? {
    unsafe bytes.withUnsafeBufferPointer { buffer in
      var next = buffer.baseAddress
      guard let certificate = unsafe d2i_X509(nil, &next, buffer.count) else { return nil }
      guard unsafe next == buffer.baseAddress.map({ unsafe $0 + buffer.count }) else {
        unsafe X509_free(certificate)
        return nil
      }
      return unsafe certificate
    }
  }

  private static func bad(_ reason: String) -> CryptographyError {
    ERR_clear_error()
    return CryptographyError(
      .badCertificates, "The certificates are not in PEM as they should be: \(reason).")
  }
}
