public import Cryptography
internal import Encoding
public import TransparencyLog

/// What a department gets back: proof that its submission stands in the log, at which place, and
/// that the log extends what it had seen when it signed (`docs/formats/receipt.md`).
///
/// ```
/// onus/receipt/v1
/// stored <commitment in base64>          (an opening the ledger keeps; any number)
/// old 411                                (the consistency proof from `seen`; not in entry 0)
/// new 413
/// <hashes in base64>
///
/// c2sp.org/tlog-proof@v1
/// extra <base64 of the entry's bytes before the note>
/// index 412
/// <hashes in base64>
///
/// <the signed checkpoint>
/// ```
///
/// Everything after the first blank line is a C2SP tlog-proof, verbatim, that other tools read. The
/// leaf is `extra` and the department's own note, one after the other: so a receipt is checked
/// offline, against a note that never left its author. `docs/formats/onus-receipt.md` describes it.
public struct Receipt: Hashable, Sendable {
  /// The first line.
  public static let magic = "onus/receipt/v1"
  /// More than any receipt has.
  public static let maximumByteCount = 1_000_000

  /// The tlog-proof: place, inclusion path, checkpoint.
  public let proof: TransparencyProof
  /// The proof that the checkpoint extends `seen`; `nil` only for entry 0, which saw nothing.
  public let consistency: ConsistencyProof?
  /// The commitments whose openings the ledger said it keeps, ascending. Nothing proves it.
  public let stored: [Digest]

  /// A receipt of these parts. Nothing is checked.
  public init(proof: TransparencyProof, consistency: ConsistencyProof?, stored: [Digest]) {
    self.proof = proof
    self.consistency = consistency
    self.stored = stored
  }

  /// The entry's index.
  public var index: UInt64 { proof.index }
  /// The checkpoint it leads to.
  public var checkpoint: SignedCheckpoint { proof.checkpoint }

  /// The entry's header, as `extra` gives it. Only ``check(note:logKey:)`` binds it to the log.
  ///
  /// - Throws: `LedgerError` if there is none, or it is not that of this index.
  public func header() throws(LedgerError) -> EntryHeader {
    guard let extra = proof.extra, let header = try? EntryHeader(extra), header.index == index
    else {
      throw LedgerError(
        .malformedReceipt, "The extra data of a receipt is the header of the entry at its index.")
    }
    return header
  }

  /// Checks the receipt against the note it is for, with nothing but the log's key.
  ///
  /// - Returns: The entry as it stands in the log.
  /// - Throws: `LedgerError` of code ``LedgerError/Code/wrongReceipt`` that says what does not
  ///   hold.
  public func check(note: [UInt8], logKey: VerifierKey) throws(LedgerError) -> Entry {
    let header = try header()
    let entry = try Entry(header.bytes + note)
    do {
      try proof.check(leaf: entry.leafHash, log: logKey)
      // The author of the header is the log itself: what it says of the past must be what it proves.
      guard entry.root == proof.inclusion.rootBefore else {
        throw Self.wrong("The entry's `root` line is not the root of the entries before it.")
      }
      let seen = entry.submission.seen
      switch consistency {
      case nil:
        guard seen.size == 0 else {
          throw Self.wrong("The receipt lacks the proof that the log extends what was seen.")
        }
      case .some(let consistency):
        guard consistency.oldSize == seen.size,
          consistency.newSize == checkpoint.checkpoint.size
        else {
          throw Self.wrong(
            "The consistency proof is not from the \(seen.size) entries seen to this checkpoint.")
        }
        try consistency.check(oldRoot: seen.root, newRoot: checkpoint.checkpoint.root)
      }
      guard Set(stored).isSubset(of: entry.submission.seals.map(\.commitment)) else {
        throw Self.wrong(
          "The receipt speaks of a sealed content that this submission does not have.")
      }
    } catch let error as LedgerError {
      throw error
    } catch let error as ProofError {
      throw Self.wrong(error.message)
    } catch {
      throw Self.wrong("The receipt could not be checked.")
    }
    return entry
  }

  private static func wrong(_ message: String) -> LedgerError {
    LedgerError(
      .wrongReceipt, message,
      hint: "Check that receipt, note and log key belong together; if they do, the log is at fault."
    )
  }
}
