internal import Accountability
internal import Cryptography
internal import Encoding
internal import Ledger
internal import SQLiteStorage
internal import TransparencyLog
internal import Views

/// Asking the ledger that is at hand what it would say, before something is signed to be carried.
///
/// Without it a mistake shows only at the office's `submit`, when a second signer has been waited for
/// and a number is used up. The ledger at hand may lack what a file under way will bring, so:
///
/// | the rules refuse | here is the log key, and no key of here has signed a file that is under way | else |
/// |---|---|---|
/// | what nothing appended before it can mend | refused | refused |
/// | anything else | refused: whatever else is under way is submitted first | said, and signed |
extension Signing {
  func requireForeseeable(
    _ unfinished: UnfinishedSubmission, of logKey: VerifierKey, _ atHand: LedgerAtHand
  ) throws {
    if case .withoutViews(let folder) = atHand {
      Terminal.note(
        "what is signed was not held against the ledger in \(folder.path), whose folder cannot be written to."
      )
    }
    guard let folder = atHand.withViews else { return }
    let released = try folder.released().checkpoint
    let seen = unfinished.seen
    if seen.size <= released.size {
      let root =
        seen.size == released.size ? released.root : try folder.store.header(seen.size)?.root
      guard root == seen.root else {
        throw Failure.notExtended(seen.size, unfinished.by[0].key)
      }
    }
    let views = try folder.views()
    var rules = try Foresight(in: folder, views)
    let facts = SubmissionFacts(
      by: unfinished.by, at: unfinished.at, seenSize: seen.size, events: unfinished.events)
    guard let refusal = try rules.refusal(of: facts) else {
      let notes = try Repetition(in: folder, views).notes(
        on: unfinished.events, by: unfinished.by[0].key, unfinished.openings)
      for note in notes { Terminal.note(note) }
      return
    }
    let failure = Failure(refusal)
    if refusal.code == .stale {
      let key = unfinished.by[0].key
      throw failure.hinting(
        "Look at it with `onus show \(refusal.entry ?? 0)`; then take a newer checkpoint, `onus checkpoint --since \(seen.size) > FILE` and `onus checkpoint --take FILE --log-key \(logKey) --as \(key)`, and sign."
      )
    }
    if refusal.code.isFinal { throw failure }
    if keys.holds(logKey: logKey), seen.size <= released.size,
      try !isAnythingUnderWay(unfinished, views, logKey)
    {
      let order = "If a file that is under way brings what is lacking, submit that one first."
      throw refusal.code.isOfLacking
        ? failure.hinting([failure.hint, order].compactMap(\.self).joined(separator: " ")) : failure
    }
    Failure(
      "the ledger in \(folder.path) would refuse this as it stands, and it is signed in case a file that is under way mends that: \(failure.message)",
      hint: failure.hint
    ).say(in: .en)
  }

  /// Whether a key that is here has signed a number that the ledger does not hold, or may have.
  private func isAnythingUnderWay(
    _ unfinished: UnfinishedSubmission, _ views: ViewStore, _ logKey: VerifierKey
  ) throws -> Bool {
    for key in try keys.all().map(\.keyName) {
      guard let memory = try? KeyMemory(key, of: logKey, in: keys),
        try memory.count <= views.count(of: key)
      else { return true }
    }
    return try unfinished.by.contains { try $0.n > views.count(of: $0.key) + 1 }
  }
}

extension Refusal.Code {
  /// Whether something is lacking that an entry may bring.
  fileprivate var isOfLacking: Bool {
    switch self {
    case .unknownKey, .unknownSubject, .unknownCitation, .noRole, .notParty, .wrongState, .notReady:
      true
    default: false
    }
  }
}

extension Failure {
  /// That a ledger lost or changed what a key has seen of it.
  static func notExtended(_ size: UInt64, _ key: KeyName) -> Failure {
    Failure(
      "The ledger does not extend the \(size) entries that the key \(key) has seen of it.",
      hint:
        "Sign nothing here, and hold it against the checkpoint you have with `onus audit --expect FILE`.",
      exit: .violation)
  }
}
