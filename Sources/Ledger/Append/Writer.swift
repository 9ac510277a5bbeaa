internal import Accountability
public import Cryptography
public import Encoding
internal import Synchronization
internal import TransparencyLog

/// Appends to one ledger: the only thing that signs with the log key (DESIGN §7).
///
/// An append goes: parse strictly (before it gets here) → same note before? → verify every
/// signature → take the guard's lock → compare head and guard → catch the state up → rules →
/// entries, each leaf hashed twice → tiles, root, signed checkpoint → commit, unreleased → guard →
/// release → receipts.
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
  private let signingKey: SigningKey
  private let patience: Int
  private let clock: @Sendable () -> Timestamp
  private let isStopped = Mutex(false)

  /// A writer of the ledger in `store`.
  ///
  /// - Parameters:
  ///   - clock: The machine's clock; read once per append. A ledger with a simulated clock does not
  ///     ask it.
  ///   - patience: For how many milliseconds to wait for another process that is appending.
  /// - Throws: `LedgerError` if the private key is not that of the guard's log key.
  public init(
    store: any TruthStore, signingKey: SigningKey, guard guardFile: Guard, state: any StateSource,
    patience: Int = 10_000, clock: @escaping @Sendable () -> Timestamp
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
          allowsGap: options.afterGap)
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
      throw LedgerError(.damaged, "Entry \(index) is missing.", hint: "Audit the ledger.")
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

  // MARK: Durability

  /// Commit, guard, release: in this order, so that no checkpoint is seen that the guard does not
  /// know. From the commit on, whatever fails leaves a tail that the next writer settles.
  private func commit(_ session: inout AppendSession, _ held: borrowing HeldGuard) throws {
    guard !session.folded.isEmpty else {
      // Contents of submissions that were here already, and came without them then.
      if !session.openings.isEmpty { try store.addOpenings(session.openings) }
      return
    }
    let (batch, checkpoint) = try session.makeBatch(signedWith: signingKey, as: logKey)
    if batch.firstIndex == 0 { try guardEmptyLog(held) }
    do {
      try store.append(batch)
    } catch {
      if error.code != .notWritten && error.code != .headMoved && error.code != .busy { stop() }
      throw error
    }
    do {
      try stoppingOnError {
        try held.advance(to: checkpoint)
        try store.release(checkpoint.bytes)
      }
    } catch let error as LedgerError {
      throw LedgerError(error.code, Self.unpublished(batch, error.message), hint: Self.publishing)
    } catch let error as StorageError {
      throw StorageError(
        error.code, Self.unpublished(batch, error.message), hint: Self.publishing,
        nativeCode: error.nativeCode)
    }
    let position = StatePosition(
      size: checkpoint.checkpoint.size, root: checkpoint.checkpoint.root)
    // The state is derived: should this fail, the next append's catch-up folds the entries again.
    try? state.record(FoldedBatch(entries: session.folded, position: position))
  }

  /// What failed after the commit must not look as if nothing had been appended.
  private static func unpublished(_ batch: Batch, _ reason: String) -> String {
    "From entry \(batch.firstIndex) on \(batch.entries.count) were recorded, but not published: \(reason)"
  }

  private static let publishing =
    "Mend that, then run `onus doctor`, which publishes them; do not sign them again."

  /// Before entry 0 is committed the guard holds the checkpoint of the empty log, so that a crash
  /// between that commit and its guard is a tail to settle and not a ledger without a guard.
  private func guardEmptyLog(_ held: borrowing HeldGuard) throws {
    guard try held.read() == nil else { return }
    let empty = Checkpoint(origin: logKey.name, size: 0, root: MerkleTree.emptyRoot)
    try held.advance(to: SignedCheckpoint.sign(empty, with: signingKey))
  }

  func stoppingOnError<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch {
      stop()
      throw error
    }
  }

  private func stop() { isStopped.withLock { $0 = true } }

  func requireRunning() throws(LedgerError) {
    guard !isStopped.withLock({ $0 }) else {
      throw LedgerError(
        .stopped, "An earlier append ended in an unknown state.",
        hint: "Open the ledger again; what was stored will be found.")
    }
  }

  func withGuard<Result>(_ body: (borrowing HeldGuard) throws -> Result) throws -> Result {
    try requireRunning()
    return try guardFile.withLock(patience: patience, body)
  }
}
