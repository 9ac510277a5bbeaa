public import Cryptography
public import Encoding

extension Programme {
  /// Judges one entry and applies it if it holds; the writer, the views and the audit all call this.
  ///
  /// Nothing of a void entry takes effect, except that the count of a key advances where its
  /// signature verifies and its number was next: so a cheating writer cannot wedge an honest key.
  ///
  /// - Parameters:
  ///   - index: The entry's index; 0 opens the ledger.
  ///   - time: The ledger's clock at the entry.
  ///   - timeOfSeen: The time of the newest entry the author had seen; `nil` if none.
  ///   - seenMatches: Whether `seen.root` is the root at `seen.size`.
  ///   - isSigned: Whether signature line `i` verifies under a key.
  public mutating func apply(
    _ submission: SubmissionFacts, index: UInt64, time: Timestamp, timeOfSeen: Timestamp?,
    seenMatches: Bool, isSigned: (Int, PublicKey) -> Bool
  ) -> Outcome {
    if let rules, rules > Rules.newest { return .unknown(neededRules: rules) }
    var standings: [Standing] = []
    let outcome: Outcome
    do throws(Refusal) {
      standings = try standing(of: submission, at: index, isSigned)
      try requireHistory(submission, standings, index, time, timeOfSeen, seenMatches)
      try judge(submission, index, time)
      outcome = .applied
    } catch {
      rollBack()
      outcome = .void(error)
      if standings.isEmpty { standings = lenientStandings(of: submission, isSigned) }
    }
    advanceCounts(submission, standings, isApplied: outcome == .applied)
    commit()
    return outcome
  }

  /// What one line of `by` turned out to be.
  struct Standing {
    /// The number of the key's last submission; 0 if this one enrols it.
    var count: UInt64 = 0
    /// The largest `seen` the key has signed.
    var seen: UInt64 = 0
    var isSigned = false
    var isNext = false
  }

  private mutating func advanceCounts(
    _ submission: SubmissionFacts, _ standings: [Standing], isApplied: Bool
  ) {
    for (signer, standing) in zip(submission.by, standings)
    where standing.isSigned && standing.isNext {
      keys.update(signer.key) { key in
        key.count = signer.n
        if isApplied { key.seen = submission.seenSize }
      }
    }
  }
}
