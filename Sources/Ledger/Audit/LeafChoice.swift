internal import Cryptography
internal import TransparencyLog

/// Which hash stands for each entry of a chunk: that of its bytes, or the stored one.
///
/// Where they agree there is nothing to choose. Where they differ, every way to choose is carried
/// on, and the next stated root that follows from one of them decides. At most eight ways are kept,
/// among them always "every stored hash is right" and "every entry is right".
struct LeafChoice {
  /// What was found about one entry.
  enum Verdict {
    case sound, entryAltered, tileAltered, undecided
  }

  private struct Way {
    var frontier: Frontier
    /// For each entry where there was a choice: whether the stored hash was taken.
    var trustsTile: [Bool]
  }

  private static let limit = 8

  /// The hash of each entry that the chain goes on with.
  private(set) var leaves: [Digest] = []
  /// What was found, for each entry.
  private(set) var verdicts: [Verdict] = []
  private var ways: [Way]
  /// Places in the chunk where both hashes are there and differ.
  private var suspects: [Int] = []
  /// How many of the suspects a stated root has decided.
  private var decided = 0

  init(_ chunk: ReadChunk, from frontier: Frontier) {
    ways = [Way(frontier: frontier, trustsTile: [])]
    for (place, read) in chunk.entries.enumerated() {
      if let entry = read.entry, entry.index == read.index { decide(by: entry.root) }
      let stored = chunk.tile.flatMap { place < $0.count ? $0[place] : nil }
      if let leaf = read.leaf, let stored, leaf != stored {
        suspects.append(place)
        leaves.append(stored)
        branch(entry: leaf, tile: stored)
      } else {
        // With neither, the chain is lost here, and every later root shows it.
        let leaf = read.leaf ?? stored ?? MerkleTree.emptyRoot
        leaves.append(leaf)
        for index in ways.indices { ways[index].frontier.append(leaf) }
      }
      verdicts.append(.sound)
    }
    computed = zip(chunk.entries, leaves).map { $0.leaf ?? $1 }
  }

  /// The hash of each entry's bytes, where there are any.
  private var computed: [Digest] = []

  /// Takes the root that is stated after the chunk into account, and decides for good.
  mutating func settle(confirming root: Digest?) {
    if let root { decide(by: root) }
    let way = ways[0]
    for (number, place) in suspects.enumerated() {
      if number >= decided {
        verdicts[place] = .undecided
      } else if way.trustsTile[number] {
        verdicts[place] = .entryAltered
      } else {
        verdicts[place] = .tileAltered
      }
      leaves[place] = way.trustsTile[number] ? leaves[place] : computed[place]
    }
  }

  private mutating func decide(by root: Digest) {
    guard decided < suspects.count, let way = ways.first(where: { $0.frontier.root == root })
    else { return }
    ways = [way]
    decided = suspects.count
  }

  private mutating func branch(entry: Digest, tile: Digest) {
    var next: [Way] = []
    for way in ways {
      for trustsTile in [true, false] {
        // When there are too many, a way goes on as it began.
        if ways.count >= Self.limit, trustsTile != (way.trustsTile.last ?? true) { continue }
        var longer = way
        longer.trustsTile.append(trustsTile)
        longer.frontier.append(trustsTile ? tile : entry)
        next.append(longer)
      }
    }
    ways = next
  }
}
