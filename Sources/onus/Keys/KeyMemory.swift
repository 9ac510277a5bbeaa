internal import Cryptography
internal import Encoding
internal import Ledger
internal import TransparencyLog

/// What a key must not forget of one ledger between submissions: its count there, and the newest
/// checkpoint that it has checked.
///
/// Kept beside the key, in a file of its own for each log that the key signs for, named by the
/// SHA-256 of the log's verifier key: nothing that a ledger says of itself chooses what it is
/// compared with. `NAME+id.<hash>.memory` (docs/formats/keys.md):
///
/// ```
/// onus/memory/v2
/// <the log's verifier key>
/// 17
/// <the checkpoint, verbatim, or nothing>
/// ```
///
/// The first version, `NAME+id.memory`, had no second line. It is taken for the memory of the log
/// that signed its checkpoint, and is written anew under that log's name when it is next saved.
struct KeyMemory {
  static let suffix = ".memory"

  let key: KeyName
  let logKey: VerifierKey
  var count: UInt64 = 0
  var checkpoint: SignedCheckpoint?
  /// The file of the first version that this was read from.
  private var older: String?

  /// What the key remembers of a log; nothing where it never signed for it.
  init(_ key: KeyName, of logKey: VerifierKey, in keys: KeyFolder) throws {
    self.key = key
    self.logKey = logKey
    let path = Self.path(key, logKey, keys)
    if Files.exists(path) {
      let contents = try Contents(at: path)
      guard contents.logKey == logKey else {
        throw Failure("\(path) is named for another log than the one it is of.")
      }
      (count, checkpoint) = (contents.count, contents.checkpoint)
    } else if let old = try Self.older(key, keys), old.checkpoint?.isSigned(by: logKey) == true {
      (count, checkpoint) = (old.count, old.checkpoint)
      older = Self.olderPath(key, keys)
    }
  }

  /// The memory to sign against without a ledger at hand: of the log that is named, else of the only
  /// one that the key has a checkpoint of.
  init(_ key: KeyName, named vkey: String?, in keys: KeyFolder) throws {
    if let vkey {
      try self.init(key, of: try VerifierKey(typed: vkey), in: keys)
      return
    }
    let logs = try Self.logs(of: key, in: keys)
    let old = try Self.older(key, keys)?.checkpoint
    let oldIsOther = old.map { old in !logs.contains { old.isSigned(by: $0) } } ?? false
    guard let only = logs.first else {
      guard oldIsOther else { throw Self.nothing(key) }
      throw Failure(
        "\(Self.olderPath(key, keys)) is of an earlier version, and does not say which log key it holds for.",
        hint: "Say it once with --log-key VKEY.")
    }
    guard logs.count == 1, !oldIsOther else {
      let names = logs.map(\.description) + (oldIsOther ? [old?.checkpoint.origin ?? ""] : [])
      throw Failure(
        "The key \(key) signs for several ledgers: \(names.joined(separator: ", ")).",
        hint: "Say for which with --log-key VKEY.", exit: .usage)
    }
    try self.init(key, of: only, in: keys)
  }

  /// Writes it down, whole or not at all.
  func save(in keys: KeyFolder) throws {
    let head = Array("\(Contents.magic)\(logKey)\n\(count)\n".utf8)
    try Files.write(
      head + (checkpoint?.bytes ?? []), to: Self.path(key, logKey, keys), mode: 0o600)
    if let older { try Files.remove(older) }
  }

  /// Runs `body` while no other process signs with these keys: two that read one count would sign two
  /// texts with one number.
  static func withLock<Result>(
    on signers: [KeyName], in keys: KeyFolder, _ body: () throws -> Result
  ) throws -> Result {
    guard let key = signers.min() else { return try body() }
    return try Ledger.Files.withLock(
      "\(keys.path)/\(key).lock",
      else: LedgerError(
        .locked, "Another process is signing with \(key).", hint: "Try again in a moment.")
    ) {
      try withLock(on: signers.filter { $0 != key }, in: keys, body)
    }
  }

  /// The logs that a key remembers, in order of their files' names.
  static func logs(of key: KeyName, in keys: KeyFolder) throws -> [VerifierKey] {
    try Files.names(in: keys.path)
      .filter { $0.hasPrefix("\(key).") && $0.hasSuffix(suffix) && $0 != "\(key)\(suffix)" }
      .compactMap { try Contents(at: "\(keys.path)/\($0)").logKey }
  }

  /// Whether a key remembers anything of any log.
  static func isKept(of key: KeyName, in keys: KeyFolder) throws -> Bool {
    if Files.exists(olderPath(key, keys)) { return true }
    return try !logs(of: key, in: keys).isEmpty
  }

  /// Whether the key has something to sign against, in whichever ledger.
  static func hasCheckpoint(of key: KeyName, in keys: KeyFolder) throws -> Bool {
    if try older(key, keys)?.checkpoint != nil { return true }
    return try logs(of: key, in: keys).contains { log in
      try Contents(at: path(key, log, keys)).checkpoint != nil
    }
  }

  /// Everything that keys in this folder remember of a log.
  static func checkpoints(
    of logKey: VerifierKey, in keys: KeyFolder
  ) throws -> [GuardEvidence.Item] {
    try Files.names(in: keys.path).filter { $0.hasSuffix(suffix) }.compactMap { name in
      let path = "\(keys.path)/\(name)"
      guard let checkpoint = try Contents(at: path).checkpoint, checkpoint.isSigned(by: logKey)
      else { return nil }
      return GuardEvidence.Item(source: path, checkpoint: checkpoint)
    }
  }

  /// That a key has nothing to sign against.
  static func nothing(_ key: KeyName) -> Failure {
    Failure(
      "The key \(key) remembers no checkpoint to sign against.",
      hint:
        "The office prints one with `onus checkpoint > FILE`; `onus checkpoint --take FILE --log-key VKEY --as \(key)` takes it, VKEY being the log key that the office gave you."
    )
  }

  private static func older(_ key: KeyName, _ keys: KeyFolder) throws -> Contents? {
    let path = olderPath(key, keys)
    return Files.exists(path) ? try Contents(at: path) : nil
  }

  private static func olderPath(_ key: KeyName, _ keys: KeyFolder) -> String {
    "\(keys.path)/\(key)\(suffix)"
  }

  private static func path(_ key: KeyName, _ logKey: VerifierKey, _ keys: KeyFolder) -> String {
    let log = Hex.encode(SHA256.hash(Array(logKey.description.utf8)).bytes)
    return "\(keys.path)/\(key).\(log)\(suffix)"
  }
}

/// What stands in a file of memory, of either version.
private struct Contents {
  static let magic = "onus/memory/v2\n"
  static let firstMagic = "onus/memory/v1\n"

  /// `nil` in the first version.
  let logKey: VerifierKey?
  let count: UInt64
  let checkpoint: SignedCheckpoint?

  /// - Throws: `Failure` if the file cannot be read, or is no memory.
  init(at path: String) throws {
    guard let contents = Self(try Files.read(path, limit: 1 << 20)) else {
      throw Failure(
        "\(path) is not the memory of a key.",
        hint: "Ask the office for the key's count, or rotate the key.")
    }
    self = contents
  }

  private init?(_ bytes: [UInt8]) {
    let isFirst = bytes.starts(with: Self.firstMagic.utf8)
    let parts = bytes.split(
      separator: UInt8(ascii: "\n"), maxSplits: isFirst ? 2 : 3, omittingEmptySubsequences: false)
    guard parts.count == (isFirst ? 3 : 4), isFirst || bytes.starts(with: Self.magic.utf8),
      let count = Digits.number(parts[parts.count - 2], atMost: UInt64(Limits.number))
    else { return nil }
    self.count = count
    let rest = Array(parts[parts.count - 1])
    do {
      logKey = isFirst ? nil : try VerifierKey(String(decoding: parts[1], as: UTF8.self))
      checkpoint = rest.isEmpty ? nil : try SignedCheckpoint(rest)
    } catch {
      return nil
    }
    if let logKey, let checkpoint, !checkpoint.isSigned(by: logKey) { return nil }
  }
}
