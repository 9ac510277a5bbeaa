internal import Accountability
internal import Cryptography
internal import Encoding
internal import Glibc
internal import Ledger
internal import TransparencyLog

/// The folder of private keys, outside every ledger: `~/.config/onus/keys` or `--keys`.
///
/// A key is `NAME+id.pem` (PKCS #8, mode 0600, readable by `openssl pkey`) with `NAME+id.vkey`
/// beside it, and `NAME+id.<hash>.memory` for what it must not forget of a log. A log key is
/// kept under the digest of its verifier key, since an origin may hold a slash: `log-<hex>.pem`.
struct KeyFolder {
  let path: String
  let passphrase: PassphraseSource

  init(_ path: String?, passphrase: PassphraseSource) {
    self.path =
      path ?? Files.environment("ONUS_KEYS") ?? "\(Files.configuration)/onus/keys"
    self.passphrase = passphrase
  }

  /// The verifier keys of every key here, or of those whose names begin so: a key's file bears its
  /// name, and no other is opened.
  func all(named beginning: String = "") throws -> [VerifierKey] {
    try Files.requireReachable(path)
    return try Files.names(in: path)
      .filter { $0.hasSuffix(".vkey") && $0.contains("+") && $0.hasPrefix(beginning) }
      .map { try verifierKey(at: "\(path)/\($0)") }
  }

  /// The newest key of an organisation, or the one named in full: `NAME+id`, or its verifier key.
  ///
  /// - Parameter rank: How well a key serves; of several the newest of the highest rank is taken.
  ///   Asked only where there is a choice.
  func key(
    _ name: String, ranking rank: (VerifierKey) throws -> Int = { _ in 0 }
  ) throws -> VerifierKey {
    let whole = try? VerifierKey(name)
    let beginning = whole?.keyName.description ?? name
    let candidates = try all(named: beginning).filter { key in
      whole.map { $0 == key } ?? (key.keyName.description == name || key.name == name)
    }
    if candidates.isEmpty {
      throw Failure(
        "There is no key for \(name) in \(path).",
        hint: whole != nil || KeyName(name) != nil
          ? "Name the folder that it is in with --keys."
          : "If its holder made one elsewhere, name it by its verifier key; else make one with `onus key new \(name)`, or name another folder with --keys."
      )
    }
    guard candidates.count > 1 else { return candidates[0] }
    let ranked = try candidates.map { (key: $0, rank: try rank($0)) }
    let highest = ranked.map(\.rank).max()
    return try newest(of: ranked.filter { $0.rank == highest }.map(\.key))
  }

  /// A key that is to be enrolled: one that is here, or any verifier key.
  func newKey(_ name: String) throws -> VerifierKey {
    if let vkey = try? VerifierKey(name) { return vkey }
    return try key(name)
  }

  /// The newest key of that organisation, if there is one.
  func newestKey(of name: String) throws -> VerifierKey? {
    let keys = try all(named: "\(name)+").filter { $0.name == name }
    return keys.isEmpty ? nil : try newest(of: keys)
  }

  /// The key whose file was written last: an id says nothing of age.
  private func newest(of keys: [VerifierKey]) throws -> VerifierKey {
    var newest = keys[0]
    var latest = try Files.writtenAt("\(path)/\(newest.keyName).vkey")
    for key in keys.dropFirst() {
      let time = try Files.writtenAt("\(path)/\(key.keyName).vkey")
      if time >= latest { (newest, latest) = (key, time) }
    }
    return newest
  }

  /// A key that was made and not written down yet.
  struct NewKey {
    let verifier: VerifierKey
    let signing: SigningKey
    fileprivate let pem: [UInt8]
    fileprivate let stem: String
  }

  /// Makes a key, and asks for its passphrase; nothing is written.
  func make(_ name: String, isLog: Bool = false, isProtected: Bool) throws -> NewKey {
    let signing = SigningKey()
    let vkey = try VerifierKey(name: name, publicKey: signing.publicKey)
    let phrase = isProtected ? try passphrase.chosen(for: vkey.keyName.description) : nil
    return NewKey(
      verifier: vkey, signing: signing, pem: try signing.pem(passphrase: phrase),
      stem: Self.stem(vkey, isLog: isLog))
  }

  /// Runs `body` while no other command opens a ledger with keys of this folder.
  func withLock<Result>(_ body: () throws -> Result) throws -> Result {
    try Ledger.Files.withLock(
      ofFolder: path, mode: 0o700,
      else: LedgerError(
        .fileFailed, "Another command is opening a ledger with keys of \(path).",
        hint: "Try again when it has finished."), body)
  }

  /// Writes a new key down, its private half first.
  func keep(_ key: NewKey) throws {
    try Files.makeFolder(path, mode: 0o700)
    try Files.write(key.pem, to: "\(path)/\(key.stem).pem", mode: 0o600)
    try Files.write(Array("\(key.verifier)\n".utf8), to: "\(path)/\(key.stem).vkey")
  }

  /// Deletes a new key that nothing was signed with.
  func discard(_ key: NewKey) throws {
    try Files.remove("\(path)/\(key.stem).vkey")
    try Files.remove("\(path)/\(key.stem).pem")
  }

  /// Opens the private half of a key.
  func signingKey(_ vkey: VerifierKey, isLog: Bool = false) throws -> SigningKey {
    let file = "\(path)/\(Self.stem(vkey, isLog: isLog)).pem"
    let pem = try Files.readPrivateKey(file)
    let phrase =
      SigningKey.pemIsEncrypted(pem) ? try passphrase.known(for: vkey.keyName.description) : nil
    let key: SigningKey
    do {
      key = try SigningKey(pem: pem, passphrase: phrase)
    } catch {
      throw Failure("\(vkey.keyName): \(error.message)")
    }
    guard key.publicKey == vkey.publicKey else {
      throw Failure("\(file) is not the private half of \(vkey).")
    }
    return key
  }

  /// The log keys of the ledgers that are appended to from here.
  func logKeys() throws -> [VerifierKey] {
    try Files.names(in: path).filter { $0.hasPrefix("log-") && $0.hasSuffix(".vkey") }.sorted()
      .compactMap { name in
        let text = try Files.read("\(path)/\(name)", limit: 1 << 16)
        return try? VerifierKey(String(decoding: text.prefix { $0 != 0x0A }, as: UTF8.self))
      }
  }

  /// Whether the private half of a log key is here.
  func holds(logKey vkey: VerifierKey) -> Bool {
    Files.exists("\(path)/\(Self.stem(vkey, isLog: true)).pem")
  }

  /// Throws if others may write to anything here, or read a private key.
  func requireOwn() throws(Failure) {
    let files = Files.names(in: path).compactMap { name in
      Ledger.Files.exposure(of: "\(path)/\(name)", isSecret: name.hasSuffix(".pem"))
    }
    let exposed = [Ledger.Files.exposure(of: path)].compactMap(\.self) + files
    guard let first = exposed.first else { return }
    let more = exposed.count == 1 ? "" : " And there are \(exposed.count - 1) more."
    throw Failure(
      first.message + more,
      hint: "Make all of it its owner's alone with `chmod -R go-rwx \(ShellWord.quoted(path))`.")
  }

  static func stem(_ vkey: VerifierKey, isLog: Bool) -> String {
    isLog
      ? "log-\(Hex.encode(SHA256.hash(Array(vkey.description.utf8)).bytes))"
      : vkey.keyName.description
  }

  private func verifierKey(at file: String) throws -> VerifierKey {
    let text = String(decoding: try Files.read(file, limit: 4096), as: UTF8.self)
    return try VerifierKey(text.hasSuffix("\n") ? String(text.dropLast()) : text)
  }
}
