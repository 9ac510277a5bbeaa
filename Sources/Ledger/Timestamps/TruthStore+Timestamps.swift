public import Cryptography
internal import Accountability
internal import Encoding
internal import TransparencyLog

extension TruthStore {
  /// Keeps a timestamp on a checkpoint of this ledger, if an audit would find nothing wrong with it.
  ///
  /// Whether anybody trusts the authority is for the caller to ask, with
  /// ``Cryptography/TimestampResponse/check(trusting:)``.
  ///
  /// - Parameter checkpoint: The checkpoint that was timestamped, verbatim.
  /// - Returns: How many entries it is of.
  /// - Throws: `CryptographyError` if the timestamp is of something else or its signature does not
  ///   verify; `LedgerError` of code ``LedgerError/Code/wrongTimestamp`` if the checkpoint is not of
  ///   this log, if an entry under it states a later time than the timestamp, or if the ledger keeps
  ///   as many as it can, ``LedgerError/Code/rolledBack`` or ``LedgerError/Code/forked`` if it is of
  ///   entries that are not here.
  @discardableResult
  public func takeTimestamp(
    _ response: TimestampResponse, of checkpoint: [UInt8]
  ) throws -> UInt64 {
    let size = try checkTimestamp(response, of: checkpoint)
    let stored = StoredTimestamp(checkpoint: checkpoint, response: response.bytes)
    var count = 0
    var isKept = false
    try scanTimestamps { other in
      count += 1
      if other.digest == stored.digest { isKept = true }
    }
    guard isKept || count < StoredTimestamp.maximumCount else {
      throw LedgerError(
        .wrongTimestamp,
        "The ledger keeps \(count) timestamps, and no more are looked at by an audit.")
    }
    try keepTimestamp(stored)
    return size
  }

  /// Takes every timestamp of a copy of this ledger that is not here, and would be taken by itself.
  ///
  /// - Returns: How many there were.
  @discardableResult
  public func takeTimestamps(of copy: any AuditSource) throws -> Int {
    var known: Set<[UInt8]> = []
    try scanTimestamps { known.insert($0.digest) }
    var newCount = 0
    try copy.scanTimestamps { stored in
      guard known.count + newCount < StoredTimestamp.maximumCount,
        !known.contains(stored.digest), SHA256.hash(stored.response).bytes == stored.digest,
        let response = try? TimestampResponse(stored.response),
        (try? checkTimestamp(response, of: stored.checkpoint)) != nil
      else { return }
      try keepTimestamp(stored)
      newCount += 1
    }
    return newCount
  }

  /// Throws what ``takeTimestamp(_:of:)`` does, and keeps nothing.
  private func checkTimestamp(
    _ response: TimestampResponse, of bytes: [UInt8]
  ) throws -> UInt64 {
    try response.check(of: bytes)
    try response.checkSignature()
    guard bytes.count <= StoredTimestamp.maximumCheckpointByteCount,
      let signed = try? SignedCheckpoint(bytes), let leaf = try entry(0),
      let opening = try? Entry(leaf).submission,
      let logKey = opening.openedLogKey.flatMap({ try? VerifierKey($0) }),
      signed.isSigned(by: logKey)
    else {
      throw LedgerError(.wrongTimestamp, "What was timestamped is no checkpoint of this ledger.")
    }
    let checkpoint = signed.checkpoint
    let size = try releasedCheckpoint()?.checkpoint.size ?? 0
    guard checkpoint.size <= size else {
      throw LedgerError(
        .rolledBack,
        "\(checkpoint.size) entries were timestamped, and this ledger has \(size): it was rolled back.",
        hint: "Run `onus doctor`, and restore what is missing before anything else.")
    }
    guard
      try MerkleTree.root(ofSize: checkpoint.size, from: StoreTiles(self)) == checkpoint.root
    else {
      throw LedgerError(
        .forked,
        "The \(checkpoint.size) entries of this log that were timestamped are not those of this ledger: the log key has signed two histories.",
        hint: "Keep the checkpoint, and make the proof with `onus equivocation`.")
    }
    guard checkpoint.size > 0, opening.openedClock != .simulated,
      let last = try header(checkpoint.size - 1)?.time
    else { return checkpoint.size }
    let latest = response.time.adding(
      milliseconds: (response.accuracyMilliseconds ?? 0) + TimestampCheck.toleratedMilliseconds)
    guard last <= latest else {
      throw LedgerError(
        .wrongTimestamp,
        "Entry \(checkpoint.size - 1) states that it was recorded at \(last), and the authority says that it had its hash at \(response.time) already.",
        hint: "One of the two clocks is wrong; nothing was kept, since every audit would find it.")
    }
    return checkpoint.size
  }
}
