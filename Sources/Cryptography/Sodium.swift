internal import CSodium

/// libsodium, initialised once.
enum Sodium {
  /// Touch this before the first call.
  static let isReady: Bool = {
    precondition(sodium_init() >= 0, "libsodium could not be initialised")
    return true
  }()
}

/// Random bytes from the operating system.
public enum SystemRandom {
  /// So many random bytes.
  public static func bytes(_ count: Int) -> [UInt8] {
    precondition(Sodium.isReady)
    var bytes = [UInt8](repeating: 0, count: count)
    unsafe randombytes_buf(&bytes, count)
    return bytes
  }
}
