internal import COpenSSL

/// Key files: PKCS #8 in PEM (RFC 5958, RFC 8410), which `openssl pkey` reads.
extension SigningKey {
  /// Reads a key file, protected or not; it never asks anybody for a passphrase.
  ///
  /// - Throws: ``CryptographyError/Code/badPassphrase`` if the file is protected and the passphrase
  ///   is missing or wrong, ``CryptographyError/Code/badKeyFile`` if it is no Ed25519 key.
  public convenience init(pem: [UInt8], passphrase: [UInt8]?) throws(CryptographyError) {
    let isEncrypted = Self.pemIsEncrypted(pem)
    if isEncrypted, passphrase == nil {
      throw CryptographyError(.badPassphrase, "The key file is protected by a passphrase.")
    }
    var seed: [UInt8]? = Self.seed(ofPEM: pem, passphrase: passphrase ?? [])
    let reasons = OpenSSLErrors.drain()
    defer { seed?.clear() }
    guard let seed else {
      if isEncrypted {
        throw CryptographyError(.badPassphrase, "The passphrase does not open the key file.")
      }
      let why = reasons.isEmpty ? "" : " (\(reasons))"
      throw CryptographyError(
        .badKeyFile, "The file does not hold an Ed25519 private key in PKCS #8 PEM\(why).")
    }
    try self.init(seed: seed)
  }

  /// The key file: encrypted with AES-256-CBC under a passphrase, or plain without one.
  ///
  /// - Throws: ``CryptographyError/Code/badPassphrase`` for a passphrase that could not be read back:
  ///   empty, or above 1,000 bytes.
  public func pem(passphrase: [UInt8]?) throws(CryptographyError) -> [UInt8] {
    if let passphrase, !(1...1000).contains(passphrase.count) {
      throw CryptographyError(.badPassphrase, "A passphrase has 1 to 1,000 bytes.")
    }
    let bytes = withSeed { seed in Self.pem(ofSeed: seed, passphrase: passphrase) }
    let reasons = OpenSSLErrors.drain()
    guard let bytes else {
      throw CryptographyError(.badKeyFile, "The key could not be written as PEM (\(reasons)).")
    }
    return bytes
  }

  /// Whether a key file is protected by a passphrase.
  public static func pemIsEncrypted(_ pem: [UInt8]) -> Bool {
    pem.split(separator: 0x0A).contains {
      $0.starts(with: "-----BEGIN ENCRYPTED PRIVATE KEY-----".utf8)
    }
  }

  /// The seed in a key file, read with the ASN.1 functions for exactly this form.
  ///
  /// `PEM_read_bio_PrivateKey` asks every decoder of every provider whether the file is its own,
  /// which takes as long as signing a submission and storing it.
  private static func seed(ofPEM pem: [UInt8], passphrase: [UInt8]) -> [UInt8]? {
    unsafe pem.withUnsafeBufferPointer { buffer in
      // The bytes are read where they lie, so they must lie there until that is done.
      guard let bio = unsafe BIO_new_mem_buf(buffer.baseAddress, Int32(clamping: buffer.count))
      else { return nil }
      defer { unsafe BIO_free(bio) }
      return unsafe seed(in: bio, passphrase: passphrase)
    }
  }

  private static func seed(in bio: OpaquePointer, passphrase: [UInt8]) -> [UInt8]? {
    var label: UnsafeMutablePointer<CChar>?
    var header: UnsafeMutablePointer<CChar>?
    var data: UnsafeMutablePointer<UInt8>?
    var count = 0
    guard unsafe PEM_read_bio(bio, &label, &header, &data, &count) == 1, let label = unsafe label,
      let header = unsafe header, let data = unsafe data
    else { return nil }
    defer {
      unsafe CRYPTO_free(label, nil, 0)
      unsafe CRYPTO_free(header, nil, 0)
      unsafe CRYPTO_clear_free(data, count, nil, 0)
    }
    // A header would mean the encryption of before PKCS #8.
    guard unsafe header.pointee == 0 else { return nil }
    guard
      let key = unsafe privateKey(String(cString: label), UnsafePointer(data), count, passphrase)
    else { return nil }
    defer { unsafe PKCS8_PRIV_KEY_INFO_free(key) }
    return unsafe seed(of: key)
  }

  private static func privateKey(
    _ label: String, _ data: UnsafePointer<UInt8>, _ count: Int, _ passphrase: [UInt8]
  ) -> OpaquePointer? {
    var next: UnsafePointer<UInt8>? = unsafe data
    if label == "PRIVATE KEY" { return unsafe d2i_PKCS8_PRIV_KEY_INFO(nil, &next, count) }
    guard label == "ENCRYPTED PRIVATE KEY", let sealed = unsafe d2i_X509_SIG(nil, &next, count)
    else { return nil }
    defer { unsafe X509_SIG_free(sealed) }
    var phrase = passphrase.map { CChar(bitPattern: $0) }
    defer { unsafe OPENSSL_cleanse(&phrase, phrase.count) }
    return unsafe PKCS8_decrypt(sealed, phrase, Int32(clamping: phrase.count))
  }

  /// RFC 8410 §7: the private key is an octet string that holds an octet string of 32 bytes.
  private static func seed(of key: OpaquePointer) -> [UInt8]? {
    var algorithm: OpaquePointer?
    var bytes: UnsafePointer<UInt8>?
    var count: Int32 = 0
    guard unsafe PKCS8_pkey_get0(&algorithm, &bytes, &count, nil, key) == 1,
      unsafe OBJ_obj2nid(algorithm) == NID_ED25519, count == 34, let bytes = unsafe bytes,
      unsafe bytes[0] == 0x04, unsafe bytes[1] == 32
    else { return nil }
    return unsafe Array(UnsafeBufferPointer(start: bytes + 2, count: 32))  // cleared by the caller
  }

  private static func pem(ofSeed seed: Span<UInt8>, passphrase: [UInt8]?) -> [UInt8]? {
    let key = unsafe seed.withUnsafeBufferPointer {
      unsafe EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, $0.baseAddress, $0.count)
    }
    guard let key = unsafe key, let bio = unsafe BIO_new(BIO_s_mem()) else { return nil }
    defer {
      unsafe EVP_PKEY_free(key)
      unsafe BIO_free(bio)
    }
    let isWritten: Int32
    if let passphrase {
      var phrase = passphrase.map { CChar(bitPattern: $0) }
      defer { unsafe OPENSSL_cleanse(&phrase, phrase.count) }
      isWritten = unsafe PEM_write_bio_PKCS8PrivateKey(
        bio, key, EVP_aes_256_cbc(), &phrase, Int32(clamping: phrase.count), nil, nil)
    } else {
      isWritten = unsafe PEM_write_bio_PKCS8PrivateKey(bio, key, nil, nil, 0, nil, nil)
    }
    guard isWritten == 1 else { return nil }
    var data: UnsafeMutablePointer<CChar>?
    let count = unsafe onus_bio_memory(bio, &data)
    guard let data = unsafe data, count > 0 else { return nil }
    return unsafe UnsafeBufferPointer(start: data, count: count).map { UInt8(bitPattern: $0) }
  }
}
