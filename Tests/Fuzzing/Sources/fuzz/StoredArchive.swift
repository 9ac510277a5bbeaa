/// A zip archive that compresses nothing, so that what the fuzzer thinks of gets past its checksums.
enum StoredArchive {
  static func make(_ parts: [(name: String, bytes: ArraySlice<UInt8>)]) -> [UInt8] {
    var archive: [UInt8] = []
    var directory: [UInt8] = []
    for (name, bytes) in parts {
      // Versions, flags, method and time; the checksum, both sizes, and how long the name is.
      let common =
        [20, 0, 0, 0, 0, 0, 0, 0, 0, 0] + little(checksum(bytes)) + little(UInt32(bytes.count))
        + little(UInt32(bytes.count)) + [UInt8(name.utf8.count), 0, 0, 0]
      directory += [0x50, 0x4B, 1, 2, 20, 0] + common + [UInt8](repeating: 0, count: 10)
      directory += little(UInt32(archive.count)) + name.utf8
      archive += [0x50, 0x4B, 3, 4] + common + name.utf8 + bytes
    }
    let count: [UInt8] = [UInt8(parts.count), 0]
    return archive + directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + count + count
      + little(UInt32(directory.count)) + little(UInt32(archive.count)) + [0, 0]
  }

  private static func little(_ number: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  /// CRC-32 as zip has it.
  private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var sum: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    return ~sum
  }
}
