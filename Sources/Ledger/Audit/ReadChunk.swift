internal import Accountability
internal import Cryptography
internal import TransparencyLog

/// The entries under one tile of level 0, with everything about them that can be worked out without
/// the entries before: what the workers hand to the chain and the fold.
struct ReadChunk: Sendable {
  /// Which entries; 256 but for the last.
  let range: Range<UInt64>
  let entries: [ReadEntry]
  /// The stored tile over them, as wide as it is stored.
  let tile: [Digest]?
  /// The frontier before the first entry as the stored tiles have it, if they can be read.
  let start: Frontier?
  /// The tree after the last, computed from `start`; present only if every entry is there, has the
  /// stored hash, its own index, no earlier time, and the root that follows from `start`.
  let end: End?

  /// How many bytes its entries have.
  var byteCount: Int { entries.reduce(0) { $0 + ($1.entry?.slice.count ?? 0) } }

  /// The tree after a chunk.
  struct End: Sendable {
    let frontier: Frontier
    /// The root over the leaves of the chunk alone.
    let subtree: Digest
  }
}

/// One entry as it was read, handed from the readers to everything that follows.
final class ReadEntry: Sendable {
  let index: UInt64
  /// The hash of its bytes, or `nil` if it is missing.
  let leaf: Digest?
  /// The entry, or `nil` if it is missing or has not the form of one.
  let entry: Entry?
  /// Why it has not.
  let problem: String?
  /// What the signature lines were found to be under keys that were at hand.
  let verdicts: [SignatureVerdict]
  /// What became of each different commitment.
  let seals: [SealReading]

  init(
    index: UInt64, leaf: Digest?, entry: Entry?, problem: String? = nil,
    verdicts: [SignatureVerdict] = [], seals: [SealReading] = []
  ) {
    self.index = index
    self.leaf = leaf
    self.entry = entry
    self.problem = problem
    self.verdicts = verdicts
    self.seals = seals
  }
}

/// Whether one signature line verifies under one key.
struct SignatureVerdict: Sendable {
  let line: Int
  let key: PublicKey
  let isValid: Bool
}

/// One commitment of an entry, held against the opening that is stored under it.
struct SealReading: Sendable {
  enum Result: Sendable {
    /// The opening is here, matches, and is stored with this entry.
    case opened
    /// It matches, and is stored with another entry that sealed it too.
    case openedElsewhere
    /// It belongs to another entry, and does not match when this author seals.
    case adopted(from: UInt64)
    case wrong(String)
    /// What is stored as its content is none.
    case unreadable(String)
    /// Its content is here and matches another seal of it, but not what this one says of it.
    case contradicted(String)
    case missing
  }

  let commitment: Digest
  let result: Result
}
