internal import CSodium

/// An Ed25519 public key (RFC 8032) in the encodings that Onus accepts: canonical, and not of small
/// order.
public struct PublicKey: Hashable, Sendable {
  /// The 32 bytes.
  public let bytes: [UInt8]

  /// - Throws: ``CryptographyError/Code/badPublicKey``.
  public init(_ bytes: [UInt8]) throws(CryptographyError) {
    guard Ed25519Encoding.isAcceptablePoint(bytes.span) else {
      throw CryptographyError(
        .badPublicKey,
        "An Ed25519 public key is 32 bytes that encode a point canonically and not of small order.")
    }
    self.bytes = bytes
  }

  /// Whether `signature` is this key's over `message`: S < L, R canonical and not of small order,
  /// and the equation without cofactor. About 70 µs.
  public func isValid(_ signature: Signature, for message: [UInt8]) -> Bool {
    isValid(signature, for: message.span)
  }

  /// Whether `signature` is this key's over `message`.
  public func isValid(_ signature: Signature, for message: ArraySlice<UInt8>) -> Bool {
    isValid(signature, for: message.span)
  }

  /// Whether `signature` is this key's over `message`.
  public func isValid(_ signature: Signature, for message: Span<UInt8>) -> Bool {
    let parts = signature.bytes.span
    guard Sodium.isReady, Ed25519Encoding.isAcceptablePoint(parts.extracting(..<32)),
      Ed25519Encoding.isCanonicalScalar(parts.extracting(32...))
    else { return false }
    return unsafe message.withUnsafeBufferPointer { message in
      // 64 and 32 bytes by construction of the two values.
      unsafe crypto_sign_verify_detached(
        signature.bytes, message.baseAddress, UInt64(message.count), bytes) == 0
    }
  }
}

/// An Ed25519 signature: 64 bytes, R and S.
public struct Signature: Hashable, Sendable {
  /// The 64 bytes.
  public let bytes: [UInt8]

  /// The signature of these bytes; `nil` unless there are exactly 64.
  public init?(_ bytes: [UInt8]) {
    guard bytes.count == 64 else { return nil }
    self.bytes = bytes
  }

  init(unchecked bytes: [UInt8]) { self.bytes = bytes }
}
