import Accountability
import Cryptography
import Encoding
import Ledger
import TransparencyLog

/// Whoever holds a ledger's files and keys: the log key, and those of `keys`. Nobody judges what
/// they do, and all that they make hangs together as well as their keys allow.
struct Forger: Sendable {
  let log: Signer
  let keys: [KeyName: Signer]

  /// One with the log key and every other.
  init(_ cast: Cast) { self.init(log: cast.log, keys: cast.keys) }

  init(log: Signer, keys: [KeyName: Signer]) {
    self.log = log
    self.keys = keys
  }

  /// The same without the keys of these organisations: those it cannot sign for.
  func without(_ organisations: String...) -> Forger {
    Forger(log: log, keys: keys.filter { !organisations.contains($0.key.name) })
  }

  /// Whether it has every key that signs this.
  func canSign(_ statement: Statement) -> Bool { statement.by.allSatisfy { keys[$0] != nil } }

  // MARK: A history

  /// Writes a ledger in which this is said, in this order, everything hashed and signed right.
  ///
  /// Everybody says what they say having seen the entries before it, and cites what they cited; but
  /// where a key is not held, what it signed stands as it was signed.
  ///
  /// - Parameter start: What was said before.
  func tell(_ statements: some Sequence<Statement>, after start: Telling = Telling()) throws
    -> Truth
  {
    var telling = start
    for statement in statements { try telling.say(statement, by: self) }
    var truth = telling.truth
    remake(&truth)
    return truth
  }

  /// Signs a text in the name of each key; with another in its place where it is not held.
  func sign(
    _ text: [UInt8], by names: [KeyName], hands: [Int: SigningKey] = [:]
  ) throws -> [UInt8] {
    var lines: [NoteSignature] = []
    for (line, name) in names.enumerated() {
      let key = hands[line] ?? keys[name]?.key ?? log.key
      lines.append(
        try NoteSignature(name: name.name, id: name.id, payload: Array(key.sign(text).bytes)))
    }
    return try SignedNote(text: text, signatures: lines).bytes
  }

  // MARK: What the log key makes

  /// Makes tiles of the entries as they are, and signs the checkpoint over them.
  func remake(_ truth: inout Truth) {
    retile(&truth)
    let hashes = truth.leaves.map { MerkleTree.leafHash($0) }
    sign(
      &truth, Checkpoint(origin: log.vkey.name, size: truth.size, root: MerkleTree.root(of: hashes))
    )
  }

  /// Makes tiles of the entries as they are.
  func retile(_ truth: inout Truth) {
    var appender = TileAppender()
    for leaf in truth.leaves { appender.append(MerkleTree.leafHash(leaf)) }
    truth.tiles = [:]
    for (tile, hashes) in appender.drain() {
      truth.tiles[.init(level: tile.level, index: tile.index)] = hashes
    }
  }

  /// Signs a checkpoint and publishes it.
  func sign(_ truth: inout Truth, _ checkpoint: Checkpoint) {
    truth.newest = (try? SignedCheckpoint.sign(checkpoint, with: log.key).bytes) ?? []
    truth.released = truth.newest
  }

  /// Gives every entry from `first` on the number of its place and the root before it, and makes
  /// everything over them; what was signed stays as it was signed.
  ///
  /// - Parameter first: The first entry that is not as it was.
  func resequence(_ truth: inout Truth, from first: UInt64) {
    var frontier = Frontier()
    var leaves = truth.leaves
    for (index, leaf) in leaves.enumerated() {
      if index >= first, let (header, end) = try? EntryHeader.parse(leaf[...]) {
        let placed = EntryHeader(index: UInt64(index), time: header.time, root: frontier.root)
        leaves[index] = placed.bytes + leaf[end...]
      }
      frontier.append(MerkleTree.leafHash(leaves[index]))
    }
    truth.leaves = leaves
    // The openings go along with the entries that sealed them.
    var homes: [Digest: UInt64] = [:]
    for (index, leaf) in leaves.enumerated() {
      for seal in (try? Entry(leaf))?.submission.seals ?? [] where homes[seal.commitment] == nil {
        homes[seal.commitment] = UInt64(index)
      }
    }
    truth.openings = truth.openings.compactMap { row in
      homes[row.commitment].map { entry in
        var row = row
        row.entry = entry
        return row
      }
    }
    remake(&truth)
  }
}
