internal import Encoding
internal import Glibc
internal import HelperProtocol

/// Standard input, output and error, whole and unbuffered.
enum Standard {
  /// Writes all of `bytes` to standard output; false if nobody listens any more.
  static func write(_ bytes: [UInt8], to descriptor: Int32 = 1) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      // `count` never passes the end of what is lent.
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0 {
        if errno == EINTR { continue }
        return false
      }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// What comes next on standard input, at most 64 KiB; `nil` at its end.
  static func read() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe Glibc.read(0, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return nil }
      return Array(buffer[..<count])
    }
  }

  /// Standard input to its end.
  static func all(atMost limit: Int) throws(NetFailure) -> [UInt8] {
    var bytes: [UInt8] = []
    while let more = read() {
      bytes += more
      guard bytes.count <= limit else {
        throw NetFailure(.couldNotRun, "What is to be sent has more than \(limit) bytes.")
      }
    }
    return bytes
  }

  /// One sentence on standard error, safe for a terminal.
  static func complain(_ sentence: String) {
    _ = write(Array("onus-net: \(TextRules.visible(sentence))\n".utf8), to: 2)
  }

  /// The value of an environment variable, if it is set and not empty.
  static func environment(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    let text = unsafe String(cString: value)
    return text.isEmpty ? nil : text
  }

  /// What the system said last.
  static func reason(_ code: Int32 = errno) -> String {
    unsafe String(cString: strerror(code)).lowercased()
  }
}
