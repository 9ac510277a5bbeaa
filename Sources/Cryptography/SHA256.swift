internal import COpenSSL
internal import Glibc

/// SHA-256 (FIPS 180-4) by OpenSSL, with the algorithm fetched once and the context kept.
///
/// An implicit fetch for every digest costs a quarter to a half more than the hash of an entry; and to
/// begin by copying a context that is ready takes 80 ns less than to make one ready, where the whole of
/// a node of the tree takes 130.
public struct SHA256: ~Copyable {
  private let context: Context
  private var isStarted = false

  /// A hash of nothing yet.
  public init() { context = SpareContext.take() }

  deinit { SpareContext.give(context) }

  /// Adds bytes.
  public mutating func update(_ bytes: Span<UInt8>) {
    start()
    let isDone = unsafe bytes.withUnsafeBufferPointer {
      unsafe EVP_DigestUpdate(context.pointer, $0.baseAddress, $0.count)
    }
    precondition(isDone == 1, "EVP_DigestUpdate failed")
  }

  /// Adds bytes.
  public mutating func update(_ bytes: [UInt8]) { update(bytes.span) }

  /// Adds bytes.
  public mutating func update(_ bytes: ArraySlice<UInt8>) { update(bytes.span) }

  /// The digest of what was added; the hash then begins again with nothing.
  public mutating func finalize() -> Digest {
    start()
    isStarted = false
    var words: [4 of UInt64] = [0, 0, 0, 0]
    let isDone = unsafe withUnsafeMutableBytes(of: &words) { raw in
      // SHA-256 writes exactly the 32 bytes that four words have.
      unsafe EVP_DigestFinal_ex(
        context.pointer, raw.baseAddress?.assumingMemoryBound(to: UInt8.self), nil)
    }
    precondition(isDone == 1, "EVP_DigestFinal_ex failed")
    return Digest(
      word: UInt64(bigEndian: words[0]), UInt64(bigEndian: words[1]), UInt64(bigEndian: words[2]),
      UInt64(bigEndian: words[3]))
  }

  private mutating func start() {
    guard !isStarted else { return }
    isStarted = true
    precondition(
      unsafe EVP_MD_CTX_copy_ex(context.pointer, Context.ready.pointer) == 1,
      "EVP_MD_CTX_copy_ex failed")
  }

  // MARK: In one call

  /// The digest of `bytes`.
  public static func hash(_ bytes: [UInt8]) -> Digest { hash(bytes.span) }

  /// The digest of `bytes`.
  public static func hash(_ bytes: ArraySlice<UInt8>) -> Digest { hash(bytes.span) }

  /// The digest of `bytes`.
  public static func hash(_ bytes: Span<UInt8>) -> Digest {
    var hash = SHA256()
    hash.update(bytes)
    return hash.finalize()
  }

  /// The digest of one byte and `bytes`: a leaf of the tree.
  public static func hash(prefix: UInt8, _ bytes: [UInt8]) -> Digest {
    hash(prefix: prefix, bytes.span)
  }

  /// The digest of one byte and `bytes`: a leaf of the tree.
  public static func hash(prefix: UInt8, _ bytes: ArraySlice<UInt8>) -> Digest {
    hash(prefix: prefix, bytes.span)
  }

  /// The digest of one byte and `bytes`: a leaf of the tree.
  public static func hash(prefix: UInt8, _ bytes: Span<UInt8>) -> Digest {
    var hash = SHA256()
    let first: [1 of UInt8] = [prefix]
    hash.update(first.span)
    hash.update(bytes)
    return hash.finalize()
  }

  /// The digest of one byte and two digests: a node of the tree.
  public static func hash(prefix: UInt8, _ left: Digest, _ right: Digest) -> Digest {
    var node: [65 of UInt8] = InlineArray(repeating: prefix)
    left.write(to: &node, at: 1)
    right.write(to: &node, at: 33)
    return hash(node.span)
  }
}

/// A digest context: the one that is ready to begin, or one that belongs to one hash at a time.
///
/// `@unchecked Sendable`: the one that threads share is written once and only copied from.
@safe private struct Context: @unchecked Sendable {
  let pointer: OpaquePointer

  /// A context that has begun and taken in nothing, with the algorithm fetched once.
  static let ready: Context = {
    // What a machine's openssl.cnf or environment says is nobody's business here.
    OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_LOAD_CONFIG), nil)
    guard let algorithm = unsafe EVP_MD_fetch(nil, "SHA256", nil),
      let pointer = unsafe EVP_MD_CTX_new(),
      unsafe EVP_DigestInit_ex2(pointer, algorithm, nil) == 1
    else { preconditionFailure("OpenSSL has no SHA-256: \(OpenSSLErrors.drain())") }
    return unsafe Context(pointer: pointer)
  }()
}

/// The context that a thread used last and nobody uses now, so that hashing allocates none and takes
/// no lock.
private enum SpareContext {
  private static let slot: pthread_key_t = {
    var slot = pthread_key_t()
    let code = unsafe pthread_key_create(&slot) { spare in
      unsafe EVP_MD_CTX_free(spare.map { OpaquePointer($0) })
    }
    precondition(code == 0, "no thread-local slot is left")
    return slot
  }()

  static func take() -> Context {
    if let spare = unsafe pthread_getspecific(slot) {
      pthread_setspecific(slot, nil)
      return unsafe Context(pointer: OpaquePointer(spare))
    }
    guard let pointer = unsafe EVP_MD_CTX_new() else { preconditionFailure("out of memory") }
    return unsafe Context(pointer: pointer)
  }

  /// Keeps one for the thread that gives it back, whichever took it.
  static func give(_ context: Context) {
    if unsafe pthread_getspecific(slot) == nil {
      unsafe pthread_setspecific(slot, UnsafeMutableRawPointer(context.pointer))
    } else {
      unsafe EVP_MD_CTX_free(context.pointer)
    }
  }
}
