internal import Accountability
internal import Cryptography
internal import Encoding
internal import Ledger
internal import SQLiteStorage
internal import Views

/// What appends: the log key with its guard, and the views that the rules are read from.
struct Office {
  let writer: Writer
  let views: ViewStore
  let store: SQLiteStore

  /// - Parameter logKey: The log's key, where no entry is there that names it.
  init(_ folder: LedgerFolder, keys: KeyFolder, logKey: VerifierKey? = nil) throws {
    let logKey = try logKey ?? folder.logKey()
    try keys.require(logKey: logKey)
    views = try folder.views()
    store = folder.store
    writer = try Writer(
      store: store, signingKey: try keys.signingKey(logKey, isLog: true),
      guard: Guard(folder: keys.path, logKey: logKey), state: views,
      clock: { MachineClock.now() })
  }

  /// The number of a key's last submission; 0 if it never signed one.
  func count(of key: KeyName) throws -> UInt64 { try views.count(of: key) }
}

extension KeyFolder {
  /// Refuses to go on where the private half of a log's key is not at hand.
  func require(logKey: VerifierKey) throws(Failure) {
    guard holds(logKey: logKey) else {
      throw Failure(
        "The log key of this ledger is not on this machine, so nothing can be appended here.",
        hint:
          "Run it where the log key is, or name the key's folder with --keys; what is to be signed here is carried there with --sign-to FILE."
      )
    }
  }
}

extension ViewStore {
  /// The number of a key's last submission; 0 if it never signed one.
  func count(of key: KeyName) throws -> UInt64 {
    var slice = Programme.makeSlice()
    let stateKey = StateKey(.key, key.description)
    try slice.load(stateKey, try load([stateKey])[0])
    return slice.keys[key]?.count ?? 0
  }

  /// How many of a key's submissions are looked through for one.
  private static let lookedThroughCount: UInt64 = 256

  /// The entry in which a key said just that, under that number or one after it: what is signed again
  /// under a later number cites itself by that.
  func entry(
    ofSubmission signer: SubmissionFacts.Signer, saying events: [Event], in store: SQLiteStore
  ) throws -> UInt64? {
    let count = try count(of: signer.key)
    guard signer.n <= count else { return nil }
    let last = min(count, signer.n + Self.lookedThroughCount)
    for n in signer.n...last {
      guard let entry = try entry(ofSubmission: n, by: signer.key),
        let leaf = try store.entry(entry)
      else { continue }
      let wanted = n == signer.n ? events : events.map { $0.citing(signer, as: n) }
      if try Entry(leaf).submission.events == wanted { return entry }
    }
    return nil
  }
}
