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

  /// The entry that holds a submission of that number, if it says just that.
  func entry(
    ofSubmission signer: SubmissionFacts.Signer, saying events: [Event], in store: SQLiteStore
  ) throws -> UInt64? {
    guard let entry = try entry(ofSubmission: signer.n, by: signer.key),
      let leaf = try store.entry(entry), try Entry(leaf).submission.events == events
    else { return nil }
    return entry
  }
}
