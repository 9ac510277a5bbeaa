internal import Accountability
public import Cryptography
public import Encoding
internal import Synchronization
internal import TransparencyLog

/// Appends to one ledger: the only thing that signs with the log key (`docs/design.md`,
/// *Appending*).
///
/// An append goes: parse strictly (before it gets here) → verify every signature → take the guard's
/// lock → compare head and guard → catch the state up → same note before? → rules → entries, each
/// leaf hashed twice → tiles, root, signed checkpoint → commit, unreleased → guard → release →
/// receipts.
///
/// | crash after | found at the next append |
/// |---|---|
/// | before the commit | nothing happened |
/// | the commit | head beyond guard: the tail is re-hashed, the guard advanced, the tail released |
/// | the guard | head and guard agree, and the tail is released |
/// | the release | nothing to do; the same note gets its receipt |
///
/// A write whose outcome is unknown stops the writer: open a new one, which reads the head.
public final class Writer: Sendable {
  /// The verifier key of the log.
  public let logKey: VerifierKey
  let store: any TruthStore
  let guardFile: Guard
  let state: any StateSource
  let signingKey: SigningKey
  let patience: Duration
  private let clock: @Sendable () -> Timestamp
  let isStopped = Mutex(false)

  /// A writer of the ledger in `store`.
  ///
  /// - Parameters:
  ///   - clock: The machine's clock; read once per append. A ledger with a simulated clock does not
  ///     ask it.
  ///   - patience: How long to wait for another process that is appending.
  /// - Throws: `LedgerError` if the private key is not that of the guard's log key.
  public init(
    store: any TruthStore, signingKey: SigningKey, guard guardFile: Guard, state: any StateSource,
    patience: Duration = .seconds(10), clock: @escaping @Sendable () -> Timestamp
  ) throws(LedgerError) {
    guard signingKey.publicKey == guardFile.logKey.publicKey else {
      throw LedgerError(
        .wrongLogKey, "The private key is not that of \(guardFile.logKey.keyName).")
    }
    self.store = store
    self.signingKey = signingKey
    self.guardFile = guardFile
    self.logKey = guardFile.logKey
    self.state = state
    self.patience = patience
    self.clock = clock
  }

  /// Opens a ledger: appends entry 0 to an empty store whose key has signed nothing yet.
  ///
  /// - Throws: `LedgerError` of code ``LedgerError/Code/alreadyOpened`` if there is a ledger;
  ///   `Rejection` if the submission is not one that opens a ledger.
  public func open(
    with first: CarriedSubmission, options: AppendOptions = AppendOptions()
  ) throws -> Appended {
    try append([first], options: options, opening: true)[0].get()
  }

  /// Appends one submission.
  ///
  /// - Throws: `Rejection` if it is not let in, and what ``append(_:options:)`` throws.
  public func append(
    _ carried: CarriedSubmission, options: AppendOptions = AppendOptions()
  ) throws -> Appended {
    try append([carried], options: options, opening: false)[0].get()
  }

  /// Appends a batch in its order: one commit and one checkpoint for those that are let in.
  ///
  /// - Returns: What became of each, in the same order.
  /// - Throws: `LedgerError` or `StorageError` for what concerns the whole ledger: the guard, the
  ///   clock, the disk. Unless the code says otherwise nothing was appended.
  public func append(
    _ batch: [CarriedSubmission], options: AppendOptions = AppendOptions()
  ) throws -> [Result<Appended, Rejection>] {
    try append(batch, options: options, opening: false)
  }

  private func append(
    _ batch: [CarriedSubmission], options: AppendOptions, opening: Bool
  ) throws -> [Result<Appended, Rejection>] {
    try requireRunning()
    let verified = try SignatureTable(batch.map(\.submission), keys: state)
    let places = try guardFile.withLock(patience: patience) { held in
      try requireRunning()
      let head = try settle(held)
      guard opening == (head == nil) else {
        throw opening
          ? LedgerError(.alreadyOpened, "There is a ledger already.")
          : LedgerError(
            .noLedger, "There is no ledger yet.", hint: "Open one with `onus init`.")
      }
      try state.catchUp(with: store)
      var session = try AppendSession(store: store, state: state, head: head)
      let places = try run(batch, in: &session, options, verified)
      try commit(&session, held)
      return places
    }
    return try places.map { place throws -> Result<Appended, Rejection> in
      switch place {
      case .success(let place):
        return .success(
          Appended(
            index: place.index, isRepeat: place.isRepeat,
            receipt: try Receipt.make(of: place.index, in: store)))
      case .failure(let rejection): return .failure(rejection)
      }
    }
  }

  /// Where a submission came to stand.
  private struct Place {
    var index: UInt64
    var isRepeat: Bool
  }

  private func run(
    _ batch: [CarriedSubmission], in session: inout AppendSession, _ options: AppendOptions,
    _ verified: SignatureTable
  ) throws -> [Result<Place, Rejection>] {
    let now = clock()
    var places: [Result<Place, Rejection>] = []
    var isHalted = false
    for (offset, carried) in batch.enumerated() {
      guard !isHalted else {
        places.append(.failure(.notTried))
        continue
      }
      do {
        if let index = try earlierPlace(of: carried.submission, in: session) {
          try session.bring(carried, again: index)
          places.append(.success(Place(index: index, isRepeat: true)))
          continue
        }
        let facts = try session.ledgerFacts()
        let clock = LedgerClock(
          kind: facts?.clock ?? carried.submission.openedClock, now: now,
          allowsGap: options.allowsGap)
        try requireLogKey(facts?.vkey ?? carried.submission.openedLogKey)
        try session.append(carried, clock: clock, options: options) { line, key in
          verified.isSigned(offset, line, key)
        }
        places.append(
          .success(Place(index: session.nextIndex - 1, isRepeat: false)))
      } catch let rejection as Rejection {
        places.append(.failure(rejection))
        isHalted = options.stopsAtRejection
      }
    }
    return places
  }

  /// The byte-equal note stands where it stands; another note of that number never will.
  private func earlierPlace(
    of submission: Submission, in session: AppendSession
  ) throws -> UInt64? {
    guard let index = try session.place(of: submission.author) else { return nil }
    guard let leaf = try session.leaf(index) else {
      throw LedgerError(
        .damaged, "Entry \(index) is missing.", hint: "Run `onus audit` to see what else is wrong.")
    }
    let (_, end) = try EntryHeader.parse(leaf[...])
    guard leaf[end...].elementsEqual(submission.bytes) else {
      throw Rejection.rules(
        Refusal(
          .wrongCount,
          "Number \(submission.author.n) of \(submission.author.key) is taken by entry \(index), with other bytes.",
          hint: "Sign again with the next number.", entry: index))
    }
    return index
  }

  /// Holds the key against the one that entry 0 names; a submission that names none is the rules'.
  private func requireLogKey(_ vkey: String?) throws {
    guard let vkey else { return }
    guard vkey.utf8.elementsEqual(logKey.description.utf8) else {
      throw LedgerError(
        .wrongLogKey, "The ledger was opened with another log key than \(logKey.keyName).")
    }
  }
}
