public import Cryptography
internal import Encoding
internal import Glibc
public import TransparencyLog

/// The newest checkpoint the log key has signed, kept beside the key (`docs/formats/guard.md`).
///
/// It is the memory of the *key*, not of the ledger: a restored backup of the ledger is older than
/// its guard, and the difference is what keeps an honest log from signing two histories. The file
/// is named by the SHA-256 of the log's verifier key, and holds the checkpoint verbatim; a file
/// beside it is locked for the length of every append. `docs/formats/guard.md` has the table of
/// cases.
public struct Guard: Sendable {
  /// No checkpoint with its cosignatures is longer.
  private static let maximumByteCount = 100_000

  /// The file.
  public let path: String
  /// The log's key.
  public let logKey: VerifierKey

  /// The guard of `logKey` in `folder`, which is made when it is first needed.
  public init(folder: String, logKey: VerifierKey) {
    let name = Hex.encode(SHA256.hash(Array(logKey.description.utf8)).bytes)
    path = "\(folder)/\(name).guard"
    self.logKey = logKey
  }

  /// The checkpoint in the file, or `nil` if there is no file.
  ///
  /// - Throws: `LedgerError` if the file is not a checkpoint of this log, signed by its key.
  public func read() throws(LedgerError) -> SignedCheckpoint? {
    guard let bytes = try Files.contents(of: path, atMost: Self.maximumByteCount) else {
      return nil
    }
    guard let checkpoint = try? SignedCheckpoint(bytes), checkpoint.isSigned(by: logKey) else {
      throw LedgerError(
        .guardUnusable, "The guard \(path) is not a checkpoint signed by \(logKey.keyName).",
        hint:
          "Move the file aside and rebuild it with `onus guard rebuild --from FILE --newest SIZE`; never put back an old copy."
      )
    }
    return checkpoint
  }

  /// Runs `body` while no other process, and no other writer in this one, holds the guard.
  ///
  /// - Parameter patience: How long to wait for another to finish.
  /// - Throws: `LedgerError` of code ``LedgerError/Code/locked`` after that, and what `body`
  ///   throws.
  public func withLock<Result>(
    patience: Duration = .seconds(10), _ body: (borrowing HeldGuard) throws -> Result
  ) throws -> Result {
    try Files.makeFolder(Files.folder(of: path), mode: 0o700)
    let lock = try Files.Handle(path + ".lock", O_RDWR | O_CREAT)
    try lock.lock(
      patience: patience,
      else: LedgerError(
        .locked, "Another process is appending to this ledger.", hint: "Try again in a moment."))
    // The lock goes when the handle does, after `body`.
    // Named, because an optimised build of Swift 6.3.1 crashes on it as a temporary.
    let held = HeldGuard(self)
    let result = try body(held)
    _ = consume lock
    return result
  }

  /// Writes the first guard of a log whose guard was lost, from a checkpoint that others vouch for.
  ///
  /// Nothing can prove that it is the newest the key has signed: that is for whoever calls this to
  /// know, from witnesses and receipts. ``GuardEvidence`` says which is the newest known.
  ///
  /// - Throws: `LedgerError` if there is a guard, or the checkpoint is not one signed by the log
  ///   key.
  public func rebuild(from checkpoint: SignedCheckpoint) throws {
    try withLock { held in
      guard try held.read() == nil else {
        throw LedgerError(.guardUnusable, "There is a guard already: \(path).")
      }
      try held.advance(to: checkpoint)
    }
  }
}

/// The guard while its lock is held.
public struct HeldGuard: ~Copyable {
  private let file: Guard

  fileprivate init(_ file: Guard) { self.file = file }

  /// The checkpoint in the file, or `nil` if there is no file.
  public func read() throws(LedgerError) -> SignedCheckpoint? { try file.read() }

  /// Puts a later checkpoint in the file. On return it has reached the disk.
  ///
  /// That it extends the one before is the caller's to know; this refuses only what can be seen
  /// from the two: another log, a smaller size, or another root at the same size.
  public func advance(to checkpoint: SignedCheckpoint) throws(LedgerError) {
    guard checkpoint.isSigned(by: file.logKey) else {
      throw LedgerError(.wrongLogKey, "The checkpoint is not signed by \(file.logKey.keyName).")
    }
    if let old = try read()?.checkpoint {
      let new = checkpoint.checkpoint
      guard new.size > old.size || new == old else {
        throw LedgerError(
          .forked,
          "The log key has signed size \(old.size) already, and would sign \(new.size) anew.")
      }
    }
    do {
      try Files.replace(file.path, with: checkpoint.bytes)
    } catch {
      throw LedgerError(
        .guardUnusable, error.message, hint: "Make room beside the log key and try again.")
    }
  }
}
