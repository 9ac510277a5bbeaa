internal import Encoding

/// What came before an entry: counts, what its signers had seen, clocks.
extension Programme {
  func requireHistory(
    _ submission: SubmissionFacts, _ standings: [Standing], _ index: UInt64, _ time: Timestamp,
    _ timeOfSeen: Timestamp?, _ seenMatches: Bool
  ) throws(Refusal) {
    for (signer, standing) in zip(submission.by, standings) {
      guard standing.isNext else {
        let expected = standing.count + 1
        throw Refusal(
          .wrongCount,
          "The next number of \(signer.key) is \(expected), and this one says \(signer.n).",
          hint:
            "Sign again with that number, as `onus sign --again FILE --number \(expected)` does.")
      }
      try requireRisingSeen(submission, signer, standing)
    }
    let allowed = index == 0 ? 0...0 : 1...index
    guard allowed.contains(submission.seenSize) else {
      throw Refusal(
        .wrongSeen,
        submission.seenSize > index
          ? "The signer has seen \(submission.seenSize) entries, more than this ledger "
            + "holds: it was rolled back, or it is another ledger."
          : "`seen.size` is \(submission.seenSize), which an entry at index \(index) cannot have.")
    }
    guard seenMatches else {
      throw Refusal(
        .wrongSeen,
        "The root that the signer saw at size \(submission.seenSize) is not the root of "
          + "this ledger there.",
        hint: "The submission was signed for another ledger or another history.")
    }
    try requireTimes(submission, time, timeOfSeen)
  }

  func requireRisingSeen(
    _ submission: SubmissionFacts, _ signer: SubmissionFacts.Signer, _ standing: Standing
  ) throws(Refusal) {
    guard submission.seenSize >= standing.seen else {
      throw Refusal(
        .fallingSeen,
        "The key \(signer.key) had already seen \(standing.seen) entries, and this says "
          + "\(submission.seenSize).",
        hint: "Sign again against a checkpoint of at least \(standing.seen) entries.")
    }
  }

  func requireTimes(
    _ submission: SubmissionFacts, _ time: Timestamp, _ timeOfSeen: Timestamp?
  ) throws(Refusal) {
    let at = submission.at.milliseconds
    if at > time.milliseconds + Rules.clockLead {
      throw Refusal(
        .wrongTime, "The signer's clock (\(submission.at)) is ahead of the ledger's (\(time)).",
        hint: "Set the signing machine's clock and sign again.")
    }
    if time.milliseconds > at + Rules.carryTime {
      throw Refusal(
        .wrongTime, "The submission was signed on \(submission.at), more than 60 days ago.",
        hint: "Sign it again.")
    }
    if let timeOfSeen, at < timeOfSeen.milliseconds - Rules.clockLead {
      throw Refusal(
        .wrongTime,
        "The signer's clock (\(submission.at)) is behind an entry it had seen (\(timeOfSeen)).",
        hint: "Set the signing machine's clock and sign again.")
    }
  }
}
