internal import CSodium

/// The private half of an Ed25519 key. It has no description, and its memory is cleared when the
/// last reference goes.
public final class SigningKey: Sendable {
  /// The public half.
  public let publicKey: PublicKey
  private let secret: SecretBytes

  /// A new random key.
  public convenience init() {
    var seed = SystemRandom.bytes(32)
    defer { seed.clear() }
    do {
      try self.init(seed: seed)
    } catch {
      preconditionFailure("a random seed made no key: \(error.message)")
    }
  }

  /// The key of a seed (RFC 8032, §5.1.5).
  ///
  /// - Throws: ``CryptographyError/Code/badSeed`` unless there are 32 bytes.
  public init(seed: [UInt8]) throws(CryptographyError) {
    guard seed.count == 32, Sodium.isReady else {
      throw CryptographyError(.badSeed, "An Ed25519 seed is 32 bytes.")
    }
    var publicBytes = [UInt8](repeating: 0, count: 32)
    var secretBytes = [UInt8](repeating: 0, count: 64)
    unsafe crypto_sign_seed_keypair(&publicBytes, &secretBytes, seed)
    secret = SecretBytes(secretBytes)
    secretBytes.clear()
    publicKey = try PublicKey(publicBytes)
  }

  /// Signs `message`; the same message gives the same signature.
  public func sign(_ message: [UInt8]) -> Signature {
    var signature = [UInt8](repeating: 0, count: 64)
    secret.lend { secret in
      unsafe secret.withUnsafeBufferPointer {
        guard let secret = $0.baseAddress else { return }
        // 64 bytes of secret and of signature, as the function demands.
        unsafe _ = crypto_sign_detached(
          &signature, nil, message, UInt64(message.count), secret)
      }
    }
    return Signature(unchecked: signature)
  }

  /// Lends the 32 bytes of the seed.
  func withSeed<R>(_ body: (Span<UInt8>) -> R) -> R {
    secret.lend { body($0.extracting(first: 32)) }
  }
}

extension [UInt8] {
  /// Overwrites secret bytes before they go; the compiler may not leave it out.
  mutating func clear() { unsafe sodium_memzero(&self, count) }
}

/// Bytes that are cleared when they go.
///
/// `@unchecked Sendable`: they are written once, in the initialiser, and only read after it.
@safe private final class SecretBytes: @unchecked Sendable {
  private let memory: UnsafeMutableBufferPointer<UInt8>

  init(_ bytes: [UInt8]) {
    unsafe memory = .allocate(capacity: bytes.count)
    _ = unsafe memory.initialize(from: bytes)
  }

  deinit {
    unsafe sodium_memzero(memory.baseAddress, memory.count)
    unsafe memory.deallocate()
  }

  func lend<R>(_ body: (Span<UInt8>) -> R) -> R {
    let bytes = unsafe UnsafeBufferPointer(memory)
    return body(unsafe bytes.span)
  }
}
