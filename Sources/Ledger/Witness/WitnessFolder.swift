public import Cryptography
internal import Encoding
public import TransparencyLog

/// What a witness keeps: which logs it serves, and the checkpoint of each that it cosigned last.
///
/// ```
/// DIR/logs                         a line `log VKEY` for each log, as in a tlog-policy file
/// DIR/<sha256 of origin>.checkpoint   the note, with the log's signature and the witness's, or that
///                                  there is none yet
/// DIR/lock
/// ```
///
/// The state is written, synced and in its place before anything is answered, under a lock: two
/// requests at once, from whatever processes, never make a witness go back (c2sp.org/tlog-witness).
/// A log is served only with a state: a file that is gone is a memory that was lost, never a new log.
public struct WitnessFolder: Sendable {
  /// The folder.
  public let path: String

  /// The witness in this folder; nothing is read.
  public init(_ path: String) { self.path = path }

  /// Makes the folder of a witness that serves no log yet.
  ///
  /// - Throws: `LedgerError` of code ``LedgerError/Code/folderExists`` if there is one.
  public func create() throws(LedgerError) {
    guard !Files.exists(logsFile) else {
      throw LedgerError(.folderExists, "\(path) is the folder of a witness already.")
    }
    try Files.makeFolder(path, mode: 0o700)
    try Files.replace(logsFile, with: Array("# log VKEY\nquorum none\n".utf8))
  }

  /// The keys of the logs that the witness serves.
  ///
  /// - Throws: `LedgerError` if the folder is none of a witness, or its list cannot be read.
  public func logs() throws(LedgerError) -> [VerifierKey] {
    guard let bytes = try Files.contents(of: logsFile, atMost: Policy.maximumByteCount) else {
      throw LedgerError(
        .noLedger, "There is no witness in \(path).",
        hint: "Make one with `onus witness init NAME`, or name its folder with --witness.")
    }
    let logs: [Policy.Log]
    do {
      logs = try Policy(bytes).logs
    } catch {
      throw LedgerError(.fileFailed, "\(logsFile): \(error.message)")
    }
    let keys = logs.compactMap(\.key)
    guard keys.count == logs.count else {
      throw LedgerError(
        .fileFailed, "\(logsFile) lists a log whose signatures this witness cannot check.")
    }
    return keys
  }

  /// Adds a log to those that are served, of which nothing was cosigned yet.
  ///
  /// - Throws: `LedgerError` if a log of that name is served under another key: a name stands for one
  ///   history; and if it is served already and its state cannot be read.
  public func serve(_ log: VerifierKey) throws {
    try withLock {
      let logs = try self.logs()
      if logs.contains(log) {
        _ = try latest(of: log.name)
        return
      }
      guard !logs.contains(where: { $0.name.utf8.elementsEqual(log.name.utf8) }) else {
        throw LedgerError(
          .wrongLogKey, "This witness serves \(log.name) under another key.",
          hint: "A successor ledger has a log key and an origin of its own.")
      }
      // The state first: a log that is listed has one.
      let file = stateFile(of: log.name)
      if Files.exists(file) { _ = try latest(of: log.name) } else { try keepNothing(in: file) }
      let lines = (logs + [log]).map { "log \($0)\n" }.joined()
      try Files.replace(logsFile, with: Array("\(lines)quorum none\n".utf8))
    }
  }

  /// Gives a log that is served the state back that was lost.
  ///
  /// - Parameter last: What was cosigned last, with both signatures, as others have it; `nil` only if
  ///   nothing ever was.
  /// - Throws: `LedgerError` if the log is not served, its state is there, or `last` does not bear the
  ///   log's signature and this witness's.
  public func recall(
    _ last: SignedCheckpoint?, of log: VerifierKey, as witness: CosignerKey
  ) throws {
    try withLock {
      guard try logs().contains(log) else {
        throw LedgerError(
          .wrongLogKey, "This witness does not serve \(log), so it has lost nothing of it.",
          hint: "Serve it from now on with `onus witness trust VKEY` alone.")
      }
      let file = stateFile(of: log.name)
      guard !Files.exists(file) else {
        throw LedgerError(
          .folderExists, "\(file) is there, and is not replaced.",
          hint: "What was cosigned last is shown by `onus witness list`.")
      }
      guard let last else { return try keepNothing(in: file) }
      guard last.checkpoint.origin.utf8.elementsEqual(log.name.utf8), last.isSigned(by: log),
        last.cosignature(of: witness) != nil
      else {
        throw LedgerError(
          .wrongReceipt,
          "That is no checkpoint of \(log.name) that \(witness.keyName) has cosigned.",
          hint:
            "Take the newest that the log shows with this witness's line, or that a monitor has.")
      }
      try Files.replace(file, with: last.bytes)
    }
  }

  /// The checkpoint of the log of that name that was cosigned last; `nil` if none was.
  ///
  /// - Throws: `LedgerError` of code ``LedgerError/Code/memoryLost`` if the state of a log that is served
  ///   is gone, and of another if it cannot be read: a witness that forgets can be made to cosign two
  ///   histories.
  public func latest(of origin: String) throws(LedgerError) -> SignedCheckpoint? {
    let file = stateFile(of: origin)
    guard let bytes = try Files.contents(of: file, atMost: 1 << 20) else {
      throw LedgerError(
        .memoryLost,
        "The witness has lost what it cosigned last of \(origin): \(file) is gone.",
        hint:
          "Bring it the newest checkpoint that it cosigned, which the log shows and monitors keep: `onus witness trust VKEY --last FILE`; if it never cosigned any, say --nothing-cosigned."
      )
    }
    if bytes == Self.nothing { return nil }
    guard let signed = try? SignedCheckpoint(bytes, allowingExtensions: true),
      signed.checkpoint.origin.utf8.elementsEqual(origin.utf8)
    else {
      throw LedgerError(
        .fileFailed, "\(file) does not hold the checkpoint that was cosigned last.",
        hint:
          "Put back nothing older than what the log holds of this witness: a witness that forgets can be made to cosign two histories."
      )
    }
    return signed
  }

  /// What stands in the state of a log of which nothing was cosigned yet.
  static let nothing = Array("nothing was cosigned yet\n".utf8)

  private func keepNothing(in file: String) throws(LedgerError) {
    try Files.replace(file, with: Self.nothing)
  }

  /// Cosigns what a log asks for, if it extends what was cosigned before.
  ///
  /// - Parameters:
  ///   - time: Seconds since 1970 UTC.
  ///   - key: The witness's private key, and the verifier key that belongs to it.
  /// - Returns: The checkpoint with the log's line and the cosignature. It has been kept.
  /// - Throws: ``WitnessRefusal``; `LedgerError` if the state cannot be read or kept.
  public func cosign(
    _ request: WitnessRequest, at time: UInt64, with key: SigningKey, as witness: CosignerKey
  ) throws -> SignedCheckpoint {
    try withLock {
      let logs = try self.logs()
      try request.check(logs: logs) { origin in try latest(of: origin)?.checkpoint }
      let trusted = request.checkpoint.note.signatures.filter { line in
        logs.contains { line.keyName == $0.keyName }
      }
      let note = try SignedNote(
        text: Array(request.checkpoint.note.text),
        signatures: trusted + [
          try Cosignature.line(on: request.checkpoint, at: time, with: key, as: witness)
        ])
      let cosigned = try SignedCheckpoint(note, allowingExtensions: true)
      try Files.replace(stateFile(of: cosigned.checkpoint.origin), with: cosigned.bytes)
      return cosigned
    }
  }

  // MARK: Files

  private var logsFile: String { "\(path)/logs" }

  /// The file that holds the checkpoint of the log of that name that was cosigned last.
  public func stateFile(of origin: String) -> String {
    "\(path)/\(Self.hash(of: origin)).checkpoint"
  }

  /// How a log is called where its origin cannot stand: SHA-256, in lower case hexadecimal.
  static func hash(of origin: String) -> String {
    Hex.encode(SHA256.hash(Array(origin.utf8)).bytes)
  }

  /// Runs `body` while no other process, and no other thread of this one, changes the state.
  private func withLock<Result>(_ body: () throws -> Result) throws -> Result {
    _ = try logs()  // Nothing is made in a folder that is none of a witness.
    return try Files.withLock(
      "\(path)/lock",
      else: LedgerError(
        .locked, "Another process is using the witness in \(path).", hint: "Try again in a moment."),
      body)
  }
}
