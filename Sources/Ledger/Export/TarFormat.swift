/// The bytes of a bundle: a POSIX ustar archive, of which exactly one form is written and read.
///
/// Every member is a plain file with mode 0644, no owner, and the time of the bundle. So the same
/// ledger gives the same bytes, `tar xf` unpacks them anywhere, and nothing in an archive from
/// elsewhere can name a link, a device or a path outside. `docs/formats/bundle.md` describes it.
enum TarFormat {
  static let blockByteCount = 512
  /// The longest name of a member: a zero ends it.
  static let maximumNameByteCount = 99
  /// What a header says of its form, and where.
  static let magic = (text: "ustar", offset: 257)
  /// Two empty blocks end an archive.
  static let end = [UInt8](repeating: 0, count: 2 * blockByteCount)

  /// The header of a member.
  ///
  /// - Parameters:
  ///   - byteCount: How long its contents are, below 8 GiB.
  ///   - time: In seconds since 1970 UTC, below 2^33.
  static func header(name: String, byteCount: Int, time: UInt64) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: blockByteCount)
    func put(_ bytes: some Sequence<UInt8>, at offset: Int) {
      for (place, byte) in bytes.enumerated() { header[offset + place] = byte }
    }
    put(name.utf8, at: 0)
    put("0000644".utf8, at: 100)
    put("0000000".utf8, at: 108)
    put("0000000".utf8, at: 116)
    put(octal(UInt64(byteCount), 11), at: 124)
    put(octal(time, 11), at: 136)
    put("        0".utf8, at: 148)
    put(magic.text.utf8, at: magic.offset)
    put("00".utf8, at: 263)
    put("0000000".utf8, at: 329)
    put("0000000".utf8, at: 337)
    let sum = header.reduce(UInt64(0)) { $0 + UInt64($1) }
    put(octal(sum, 6) + [0], at: 148)
    return header
  }

  /// How many zeros follow contents of this length.
  static func padding(_ byteCount: Int) -> Int {
    (blockByteCount - byteCount % blockByteCount) % blockByteCount
  }

  /// Whether a member may be called so: letters, digits, `.`, `_`, `-`, in folders below.
  static func isName(_ name: String) -> Bool {
    guard (1...maximumNameByteCount).contains(name.utf8.count) else { return false }
    return name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
      !part.isEmpty && part != "." && part != ".."
        && part.utf8.allSatisfy { byte in
          switch byte {
          case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "-"):
            true
          default: false
          }
        }
    }
  }

  /// Name, length and time of the member that a header is of; `nil` if it is none that we write.
  static func parse(_ header: [UInt8]) -> (name: String, byteCount: Int, time: UInt64)? {
    guard header.count == blockByteCount,
      let end = header[..<(maximumNameByteCount + 1)].firstIndex(of: 0),
      let name = String(validating: header[..<end], as: UTF8.self), isName(name),
      let byteCount = number(header[124..<135]), let time = number(header[136..<147]),
      header == self.header(name: name, byteCount: Int(byteCount), time: time)
    else { return nil }
    return (name, Int(byteCount), time)
  }

  private static func octal(_ number: UInt64, _ width: Int) -> [UInt8] {
    (0..<width).map { place in
      UInt8(ascii: "0") + UInt8(number >> UInt64(3 * (width - 1 - place)) & 7)
    }
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> UInt64? {
    digits.reduce(UInt64?(0)) { number, digit in
      guard let number, (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(digit) else { return nil }
      return number * 8 + UInt64(digit - UInt8(ascii: "0"))
    }
  }
}
