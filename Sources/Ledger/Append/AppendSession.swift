internal import Accountability
internal import Cryptography
internal import Encoding
internal import TransparencyLog

/// One append under the lock: what it has read, and the entries it has built so far.
///
/// Nothing is written until ``Writer`` commits what ``makeBatch(signedWith:as:)`` gives.
struct AppendSession {
  private let store: any TruthStore
  private let state: any StateSource
  private let firstIndex: UInt64
  private let firstRoot: Digest
  private var appender: TileAppender
  private var programme = Programme.makeSlice()
  /// Records that entries of this session changed, before they are in the state source.
  private var changed: [StateKey: [UInt8]] = [:]
  private(set) var folded: [FoldedEntry] = []
  private(set) var openings: [StoredOpening] = []
  /// Where each stands in `openings`.
  private var openingPlaces: [Digest: Int] = [:]
  private var places: [SubmissionFacts.Signer: UInt64] = [:]
  private var lastTime: Timestamp?

  /// Goes on from the head of `store`, whose root over its tiles must be `head`'s.
  init(store: any TruthStore, state: any StateSource, head: Checkpoint?) throws {
    self.store = store
    self.state = state
    firstIndex = head?.size ?? 0
    appender = try Self.appender(at: firstIndex, of: store)
    firstRoot = appender.root
    guard head == nil || firstRoot == head?.root else {
      throw LedgerError(
        .damaged, "The stored tiles do not add up to the root of the newest checkpoint.",
        hint: "Run `onus audit` to see what else is wrong.")
    }
    if firstIndex > 0 { lastTime = try store.header(firstIndex - 1)?.time }
  }

  /// The appender of the first `size` entries of `store`, all of them.
  static func appender(at size: UInt64, of store: any TruthStore) throws -> TileAppender {
    var edge: [Int: [Digest]] = [:]
    for tile in Tile.edgeTiles(ofSize: size) {
      // A stored tile may have grown beyond this size; its first hashes are the ones.
      edge[tile.level] = Array(try StoreTiles(store).tile(tile).prefix(tile.width))
    }
    return try TileAppender(size: size, edge: edge)
  }

  /// The index that the next entry gets.
  var nextIndex: UInt64 { appender.size }

  /// What the ledger's first entry fixed, once it is loaded.
  mutating func ledgerFacts() throws -> LedgerFacts? {
    try load([StateKey(.ledger, "")])
    return programme.ledger
  }

  /// Where the author's submission of that number stands, in the log or in this session.
  func place(of author: SubmissionFacts.Signer) throws -> UInt64? {
    if let index = places[author] { return index }
    return try state.entry(ofSubmission: author.n, by: author.key)
  }

  /// The leaf at an index, of the log or of this session.
  func leaf(_ index: UInt64) throws -> [UInt8]? {
    index < firstIndex ? try store.entry(index) : pending(index)?.bytes
  }

  /// Judges a submission and, if the rules hold, makes it the next entry.
  mutating func append(
    _ carried: CarriedSubmission, clock: LedgerClock, options: AppendOptions,
    isSigned: (Int, PublicKey) -> Bool
  ) throws {
    let submission = carried.submission
    let index = appender.size
    try requireOpenings(carried, options)
    let time: Timestamp
    do {
      time = try clock.time(of: submission, after: lastTime)
    } catch {
      // One submission's own clock is its own affair; the machine's stops everything.
      if clock.kind == .simulated { throw Rejection.ledger(error) }
      throw error
    }
    let entry = Entry(index: index, time: time, root: appender.root, submission: submission)
    try loadAll(for: submission.facts)
    switch try programme.apply(entry, at: entry.index, header: header, isSigned: isSigned) {
    case .applied: break
    case .unknown(let needed):
      throw Rejection.ledger(
        LedgerError(
          .newerRules, "The rules in force are version \(needed), newer than this software.",
          hint: "Append with a newer version of Onus."))
    case .void(let refusal):
      // The fold has counted the attempt, as it must for a committed entry; here it never happened.
      programme = Programme.makeSlice()
      throw Rejection.rules(refusal)
    }
    let changes = programme.takeChanges()
    for change in changes { changed[change.key] = change.value }
    appender.append(try Self.leafHash(of: entry))
    for (commitment, opening) in carried.openingsByCommitment {
      openingPlaces[commitment] = openings.count
      openings.append(StoredOpening(commitment: commitment, entry: index, opening: opening))
    }
    folded.append(FoldedEntry(entry: entry, outcome: .applied, changes: changes))
    places[submission.author] = index
    lastTime = time
  }

  /// Takes in what a submission that is here already brings and was lacking.
  mutating func bring(_ carried: CarriedSubmission, again index: UInt64) throws {
    for (commitment, opening) in carried.openingsByCommitment
    where try stored(commitment) == nil {
      openingPlaces[commitment] = openings.count
      openings.append(StoredOpening(commitment: commitment, entry: index, opening: opening))
    }
  }

  /// Everything one transaction needs, under a checkpoint signed by the log key.
  mutating func makeBatch(
    signedWith key: SigningKey, as logKey: VerifierKey
  ) throws -> (batch: Batch, checkpoint: SignedCheckpoint) {
    let checkpoint = Checkpoint(origin: logKey.name, size: appender.size, root: appender.root)
    let signed = try SignedCheckpoint.sign(checkpoint, with: key)
    guard signed.isSigned(by: logKey) else {
      throw LedgerError(.wrongLogKey, "The private key is not that of \(logKey.keyName).")
    }
    let batch = Batch(
      firstIndex: firstIndex, entries: folded.map(\.entry.bytes), tiles: appender.drain(),
      checkpoint: signed.bytes, openings: openings)
    return (batch, signed)
  }

  // MARK: Parts

  private func pending(_ index: UInt64) -> Entry? {
    let offset = Int(clamping: index - firstIndex)
    return folded.indices.contains(offset) ? folded[offset].entry : nil
  }

  private func header(_ index: UInt64) throws -> EntryHeader? {
    index < firstIndex ? try store.header(index) : pending(index)?.header
  }

  private mutating func loadAll(for facts: SubmissionFacts) throws {
    while case let missing = programme.missing(for: facts), !missing.isEmpty {
      try load(missing)
    }
  }

  private mutating func load(_ keys: [StateKey]) throws {
    let stored = try state.load(keys)
    for (key, bytes) in zip(keys, stored) {
      try programme.load(key, changed[key] ?? bytes)
    }
  }

  /// Every seal's opening was brought, or is stored from before and is what this seal says.
  private func requireOpenings(
    _ carried: CarriedSubmission, _ options: AppendOptions
  ) throws {
    let submission = carried.submission
    let brought = Set(carried.openingsByCommitment.map(\.commitment))
    for seal in submission.seals {
      if let stored = try stored(seal.commitment) {
        do { try seal.check(stored, by: submission.author.key) } catch {
          throw Rejection.ledger(error)
        }
        continue
      }
      guard !options.allowsMissingOpenings, !brought.contains(seal.commitment) else { continue }
      throw Rejection.ledger(
        LedgerError(
          .missingOpening, "The opening of \(seal.commitment) was not brought along.",
          hint: "Carry it with the submission, or say --without-openings."))
    }
  }

  /// The opening that is stored under a commitment, or will be with this batch.
  private func stored(_ commitment: Digest) throws -> Opening? {
    try openingPlaces[commitment].map { openings[$0].opening }
      ?? store.opening(commitment)?.opening
  }

  /// The hash of a leaf, computed twice on two paths: over the bytes to be stored, and over the
  /// header and the author's note as they came in. A bit that flips in memory between them would
  /// otherwise be signed for ever.
  private static func leafHash(of entry: Entry) throws(LedgerError) -> Digest {
    let hash = MerkleTree.leafHash(entry.bytes)
    let note = entry.submission.note
    var second = SHA256()
    second.update([0])
    second.update(entry.header.bytes)
    second.update(note.text)
    second.update(note.slice[note.text.endIndex...])
    guard second.finalize() == hash else {
      throw LedgerError(
        .hashMismatch,
        "Two hashes of entry \(entry.index) differ: this machine's memory is at fault.",
        hint: "Nothing was written. Check the machine before going on.")
    }
    return hash
  }
}
