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

  private static func seed(ofPEM pem: [UInt8], passphrase: [UInt8]) -> [UInt8]? {
    guard let bio = unsafe BIO_new_mem_buf(pem, Int32(clamping: pem.count)) else { return nil }
    defer { unsafe BIO_free(bio) }
    // A callback that hands over what it was given, and so can never prompt.
    let given = passphrase
    let key = unsafe given.withUnsafeBufferPointer { buffer in
      unsafe withUnsafePointer(to: buffer) { pointer in
        unsafe PEM_read_bio_PrivateKey(
          bio, nil,
          { target, capacity, _, context in
            guard let target = unsafe target, let context = unsafe context else { return -1 }
            let given = unsafe context.assumingMemoryBound(
              to: UnsafeBufferPointer<UInt8>.self
            ).pointee
            guard given.count <= Int(capacity) else { return -1 }
            for index in 0..<given.count {
              unsafe target[index] = CChar(bitPattern: given[index])
            }
            return Int32(given.count)
          }, UnsafeMutableRawPointer(mutating: pointer))
      }
    }
    guard let key = unsafe key else { return nil }
    defer { unsafe EVP_PKEY_free(key) }
    guard unsafe EVP_PKEY_get_id(key) == EVP_PKEY_ED25519 else { return nil }
    var seed = [UInt8](repeating: 0, count: 32)  // cleared by the caller
    var count = seed.count
    guard unsafe EVP_PKEY_get_raw_private_key(key, &seed, &count) == 1, count == 32 else {
      return nil
    }
    return seed
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
