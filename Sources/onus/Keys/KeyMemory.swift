internal import Cryptography
internal import Encoding
internal import Ledger
internal import TransparencyLog

/// What a key must not forget between submissions: its count, and the newest checkpoint that it has
/// checked. Kept beside the key in `NAME+id.memory`:
///
/// ```
/// onus/memory/v1
/// 17
/// <the checkpoint, verbatim, or nothing>
/// ```
struct KeyMemory {
  static let magic = "onus/memory/v1\n"

  let key: KeyName
  var count: UInt64 = 0
  var checkpoint: SignedCheckpoint?

  /// What the key remembers; a key that never signed remembers nothing.
  init(_ key: KeyName, in keys: KeyFolder) throws {
    self.key = key
    let path = Self.path(key, keys)
    guard Files.exists(path) else { return }
    let bytes = try Files.read(path, limit: 1 << 20)
    let head = Array(Self.magic.utf8)
    guard bytes.starts(with: head),
      let end = bytes[head.count...].firstIndex(of: UInt8(ascii: "\n")),
      let count = UInt64(String(decoding: bytes[head.count..<end], as: UTF8.self))
    else {
      throw Failure(
        "\(path) is not the memory of a key.",
        hint: "Ask the office for the key's count, or rotate the key.")
    }
    self.count = count
    let rest = Array(bytes[(end + 1)...])
    if !rest.isEmpty { checkpoint = try SignedCheckpoint(rest) }
  }

  /// Writes it down, whole or not at all.
  func save(in keys: KeyFolder) throws {
    let bytes = Array("\(Self.magic)\(count)\n".utf8) + (checkpoint?.bytes ?? [])
    try Files.write(bytes, to: Self.path(key, keys), mode: 0o600)
  }

  private static func path(_ key: KeyName, _ keys: KeyFolder) -> String {
    "\(keys.path)/\(key).memory"
  }
}
