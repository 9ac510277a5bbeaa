internal import ArgumentParser
internal import Cryptography
internal import Ledger
internal import SQLiteStorage
internal import TransparencyLog

/// What `onus init` takes to open a successor of a ledger that cannot go on
/// (`docs/formats/entry.md`, *What entry 0 says*).
struct Succession: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The folder of the ledger that this one continues: its entries are gone for good, or its log key was stolen.",
      valueName: "dir"))
  var succeeds: String?

  @Option(help: "With --succeeds: why that ledger cannot go on, in a sentence for everyone.")
  var reason: String?

  @Option(
    help: "With --succeeds: a checkpoint that its log key has signed; else that of its guard here.")
  var succeedsCheckpoint: String?

  /// What entry 0 says of the ledger before.
  ///
  /// The checkpoint is the newest that is known: of the guard, of the file that is named, and of
  /// the ledger itself. What the folder holds must be a beginning of it.
  func predecessor(_ keys: KeyFolder) throws -> Predecessor? {
    guard let succeeds else {
      guard reason == nil, succeedsCheckpoint == nil else {
        throw Failure("--reason and --succeeds-checkpoint go with --succeeds DIR.", exit: .usage)
      }
      return nil
    }
    guard let reason else {
      throw Failure("--succeeds needs --reason: why that ledger cannot go on.", exit: .usage)
    }
    let old = try LedgerFolder(succeeds, for: .readOnly)
    let logKey = try old.logKey()
    guard let head = try old.store.head()?.checkpoint else {
      throw Failure("The ledger in \(succeeds) has no entries, so there is nothing to continue.")
    }
    var others: [GuardEvidence.Item] = []
    if let file = succeedsCheckpoint {
      others.append(GuardEvidence.Item(source: file, checkpoint: try CheckpointFile.read(file)))
    }
    let guardFile = Guard(folder: keys.path, logKey: logKey)
    if let guarded = try guardFile.read() {
      others.append(GuardEvidence.Item(source: guardFile.path, checkpoint: guarded))
    }
    guard !others.isEmpty else {
      throw Failure(
        "The guard of \(logKey.name) is not here, so nothing says how much its key has signed.",
        hint: "Name the newest checkpoint that anybody holds with --succeeds-checkpoint FILE.")
    }
    let tiles = StoreTiles(old.store)
    let evidence = try GuardEvidence(
      head: try SignedCheckpoint(head), others: others, logKey: logKey
    ) { try MerkleTree.root(ofSize: $0, from: tiles) }
    return try Predecessor(
      checkpoint: evidence.newest.checkpoint, recoveredFrom: old.store, reason: reason)
  }
}
