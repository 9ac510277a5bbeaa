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

  init(_ leaves: [[UInt8]], _ cast: Cast, openings: [StoredOpening] = []) throws {
    self.cast = cast
    folder = try TemporaryFolder()
    guardFile = Guard(folder: folder.path, logKey: cast.log.vkey)
    var appender = TileAppender()
    for leaf in leaves { appender.append(MerkleTree.leafHash(leaf)) }
    let checkpoint = try SignedCheckpoint.sign(
      Checkpoint(origin: cast.log.vkey.name, size: appender.size, root: appender.root),
      with: cast.log.key)
    try store.append(
      Batch(
        firstIndex: 0, entries: leaves, tiles: appender.drain(), checkpoint: checkpoint.bytes,
        openings: openings))
    try store.release(checkpoint.bytes)
    try guardFile.rebuild(from: checkpoint)
  }

  /// The honest writer, at a time.
  func writer(at time: Timestamp, state: any StateSource = WholeState()) throws -> Writer {
    try Writer(
      store: store, signingKey: cast.log.key, guard: guardFile, state: state, clock: { time })
  }
}
