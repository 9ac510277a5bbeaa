import Cryptography
import Encoding
import Ledger
import TransparencyLog

/// Entries in a store of their own, with a guard that has seen them all: where the real writer works.
struct Bench {
  let cast: Cast
  let store = MemoryStore()
  let guardFile: Guard
  private let folder: TemporaryFolder

  /// - Parameter guarded: The entries that the guard has seen, if it is not these.
  init(
    _ leaves: [[UInt8]], _ cast: Cast, openings: [StoredOpening] = [],
    guarding guarded: [[UInt8]]? = nil
  ) throws {
    self.cast = cast
    folder = try TemporaryFolder()
    guardFile = Guard(folder: folder.path, logKey: cast.log.vkey)
    var appender = TileAppender()
    for leaf in leaves { appender.append(MerkleTree.leafHash(leaf)) }
    let checkpoint = try Self.checkpoint(over: leaves, cast)
    try store.append(
      Batch(
        firstIndex: 0, entries: leaves, tiles: appender.drain(), checkpoint: checkpoint.bytes,
        openings: openings))
    try store.release(checkpoint.bytes)
    try guardFile.rebuild(from: Self.checkpoint(over: guarded ?? leaves, cast))
  }

  private static func checkpoint(over leaves: [[UInt8]], _ cast: Cast) throws -> SignedCheckpoint {
    let root = MerkleTree.root(of: leaves.map { MerkleTree.leafHash($0) })
    return try SignedCheckpoint.sign(
      Checkpoint(origin: cast.log.vkey.name, size: UInt64(leaves.count), root: root),
      with: cast.log.key)
  }

  /// The honest writer, at a time.
  func writer(at time: Timestamp, state: any StateSource = WholeState()) throws -> Writer {
    try Writer(
      store: store, signingKey: cast.log.key, guard: guardFile, state: state, clock: { time })
  }
}
