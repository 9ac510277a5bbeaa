public import Encoding

/// What the rules would say of a submission before it is signed.
extension Programme {
  /// The refusal that a submission would meet if it came next; `nil` if there is none, or if the rules
  /// in force are newer than this software.
  ///
  /// It is judged as ``apply(_:index:time:timeOfSeen:seenMatches:isSigned:)`` does, as if every signature
  /// that is still to come verified. A number ahead of its turn is let pass, since what comes before it
  /// may be under way; so is a view of more than this state was folded from.
  ///
  /// - Parameters:
  ///   - index: The place of the next entry.
  ///   - time: The ledger's clock there.
  ///   - timeOfSeen: The time of the newest entry the author had seen; `nil` if it is not here.
  public func foreseenRefusal(
    of submission: SubmissionFacts, at index: UInt64, time: Timestamp, timeOfSeen: Timestamp?
  ) -> Refusal? {
    if let rules = ledger?.rules, rules > Rules.newest { return nil }
    var foreseen = self
    do throws(Refusal) {
      let standings = try standing(of: submission, at: index) { _, _ in true }
      for (signer, standing) in zip(submission.by, standings) {
        guard signer.n > standing.count else {
          throw Refusal(
            .wrongCount,
            "Number \(signer.n) of \(signer.key) is taken: the ledger has \(standing.count) of it.",
            hint: "Sign with number \(standing.count + 1).")
        }
        try requireRisingSeen(submission, signer, standing)
      }
      try requireTimes(submission, time, timeOfSeen)
      try foreseen.judge(submission, index, time)
      return nil
    } catch {
      return error
    }
  }
}

extension Refusal.Code {
  /// Whether nothing that is appended before it can make such a submission good as it stands: a key
  /// that ended, a number that is taken, an old view, a wrong form.
  ///
  /// Everything else may be mended by an entry in between: what is missing is registered, a role is
  /// granted or withdrawn, a task comes into another state.
  public var isFinal: Bool {
    switch self {
    case .endedKey, .wrongCount, .fallingSeen, .stale, .malformed, .misplaced: true
    default: false
    }
  }
}
