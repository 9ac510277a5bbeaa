internal import Accountability
internal import Cryptography
internal import Encoding
internal import TransparencyLog

/// What witnesses have said of the ledger, held against its entries.
///
/// A cosignature that is kept beside the checkpoint must verify and be of this log, whether or not
/// anybody trusts the witness: nothing is stored that is not looked at. Which witnesses count, and
/// how many it takes, only a policy says that the auditor brings.
struct CosignatureCheck {
  /// One that is kept, as far as it can be read.
  private struct Kept {
    var name: String
    var witness: CosignerKey?
    var checkpoint: SignedCheckpoint?
  }

  private let kept: [Kept]
  private let policy: Policy?
  /// Checkpoints that may bear cosignatures.
  private let checkpoints: [SignedCheckpoint]
  private var roots: RootsAtSizes

  /// - Parameter checkpoints: Those stored in the ledger, and those that the auditor brought.
  init(_ stored: [StoredCosignature], _ checkpoints: [SignedCheckpoint], _ policy: Policy?) {
    kept = stored.map { stored in
      let witness = try? CosignerKey(stored.vkey)
      return Kept(
        name: witness?.keyName.description ?? "a witness of no known form", witness: witness,
        checkpoint: try? SignedCheckpoint(stored.checkpoint))
    }
    self.policy = policy
    self.checkpoints = checkpoints + kept.compactMap(\.checkpoint)
    roots = RootsAtSizes(self.checkpoints.map(\.checkpoint.size))
  }

  /// Takes in the computed roots before the entries from `first` on.
  mutating func take(_ newRoots: [Digest], from first: UInt64) {
    roots.take(newRoots, from: first)
  }

  /// Compares everything, at the end of the log.
  ///
  /// - Parameter isAtEnd: Whether the log has no more entries than were gone through.
  /// - Returns: How far the policy's quorum has confirmed the ledger, if it has and there is one.
  mutating func finish(
    _ ledger: AuditedLedger, isAtEnd: Bool, _ log: inout FindingLog
  ) -> AuditReport.Witnessed? {
    roots.take(ledger)
    guard let logKey = ledger.logKey else { return nil }
    for kept in kept { check(kept, ledger, logKey, isAtEnd: isAtEnd, &log) }
    guard let policy else { return nil }
    guard policy.logs.isEmpty || policy.logs.contains(where: { $0.key == logKey }) else {
      log.add(
        Finding(
          .otherLogKey, "The policy does not list the log's key \(logKey).", "策略未列出本台账的密钥。"))
      return nil
    }
    return policy.needsWitnesses ? witnessed(by: policy, logKey, ledger, &log) : nil
  }

  private func check(
    _ kept: Kept, _ ledger: AuditedLedger, _ logKey: VerifierKey, isAtEnd: Bool,
    _ log: inout FindingLog
  ) {
    guard let witness = kept.witness, let cosigned = kept.checkpoint,
      cosigned.isSigned(by: logKey), cosigned.cosignature(of: witness) != nil,
      cosigned.note.signatures.map(\.keyName) == [logKey.keyName, witness.keyName]
    else {
      log.add(
        Finding(
          .wrongCosignature, affected: 0,
          "The cosignature that is kept of \(kept.name) does not verify, or is not of this log.",
          "所存 \(kept.name) 的联署无法验证，或不属于本台账。"))
      return
    }
    let checkpoint = cosigned.checkpoint
    // One that came while the audit went on may be of entries that it did not go through.
    guard checkpoint.size <= ledger.size || isAtEnd else { return }
    guard checkpoint.size <= ledger.size else {
      // Of what is not here nothing shows that it was another history.
      log.add(
        .shorter(
          ledger.size, than: checkpoint.size, "\(kept.name) cosigned",
          "\(kept.name) 联署了"))
      return
    }
    guard roots[checkpoint.size] == checkpoint.root else {
      log.add(
        Finding(
          .cosignedOtherwise, affected: checkpoint.size,
          "\(kept.name) cosigned \(checkpoint.size) entries of this log, and they are not those that are here: another history was shown to the witness.",
          "\(kept.name) 联署了本台账的 \(checkpoint.size) 条，与现存内容不同：曾向见证方出示另一历史。"))
      return
    }
  }

  /// The largest size that the quorum has cosigned.
  private func witnessed(
    by policy: Policy, _ logKey: VerifierKey, _ ledger: AuditedLedger, _ log: inout FindingLog
  ) -> AuditReport.Witnessed? {
    var merged: [Checkpoint: SignedCheckpoint] = [:]
    for signed in checkpoints where roots[signed.checkpoint.size] == signed.checkpoint.root {
      guard signed.isSigned(by: logKey), signed.checkpoint.size <= ledger.size else { continue }
      let sofar = merged[signed.checkpoint] ?? signed
      merged[signed.checkpoint] = policy.witnesses.compactMap(\.key)
        .reduce(sofar) { $0.adding(signed, of: $1) }
    }
    var best = 0
    for signed in merged.values.sorted(by: { $0.checkpoint.size > $1.checkpoint.size }) {
      let verdict = policy.verdict(on: signed)
      if verdict.isMet {
        return AuditReport.Witnessed(
          size: signed.checkpoint.size,
          witnesses: verdict.witnesses.map { witness, time in
            AuditReport.Witnessed.Witness(
              name: String(decoding: witness.name, as: UTF8.self),
              time: Timestamp(milliseconds: Int64(time) * 1000))
          })
      }
      best = max(best, verdict.witnesses.count)
    }
    log.add(
      Finding(
        .quorumMissing, affected: 0,
        "\(best) of the policy's \(policy.witnesses.count) witnesses cosigned one checkpoint of this log, and that is not the quorum.",
        "策略列有 \(policy.witnesses.count) 个见证方，至多 \(best) 个联署同一存证点，未达法定数。"))
    return nil
  }
}
