import Accountability
import Cryptography
import Ledger
import TransparencyLog

/// A ledger under way, to which anything can be added.
struct Telling: Sendable {
  private(set) var truth = Truth()
  private var frontier = Frontier()
  private var roots: [Digest] = []
  /// How many submissions each key has signed.
  private var counts: [KeyName: UInt64] = [:]
  /// The number that a submission has now, by the one it was first said with.
  private var numbers: [SubmissionFacts.Signer: UInt64] = [:]

  /// How many entries there are.
  var size: UInt64 { UInt64(roots.count) }

  /// Adds an entry that says this, signed by whom it should be as far as the forger has the keys.
  mutating func say(_ statement: Statement, by forger: Forger) throws {
    var by: [SubmissionFacts.Signer] = []
    for name in statement.by {
      var n = (counts[name] ?? 0) + 1
      if !statement.uncounted.contains(name) { counts[name] = n }
      if let old = statement.numbers[name] { numbers[.init(key: name, n: old)] = n }
      if name == statement.by.first { n = UInt64(max(1, Int64(n) + statement.skip)) }
      by.append(.init(key: name, n: n))
    }
    let seen = seen(size - min(size, statement.unseen))
    let text = Submission.text(
      at: statement.at, by: by, seen: statement.claim?(seen) ?? seen,
      events: statement.events.map {
        Event(type: $0.type, subject: $0.subject, data: $0.data.citing(numbers))
      })
    let note =
      try statement.note ?? (forger.canSign(statement) ? nil : statement.signed)
      ?? forger.sign(text, by: statement.by, hands: statement.hands)
    let header = EntryHeader(index: size, time: statement.time, root: frontier.root)
    take(header.bytes + note, statement)
  }

  private func seen(_ size: UInt64) -> Submission.Seen {
    .init(size: size, root: size < roots.count ? roots[Int(size)] : frontier.root)
  }

  private mutating func take(_ leaf: [UInt8], _ statement: Statement) {
    for opening in statement.openings {
      let commitment = opening.commitment(by: statement.by[0])
      guard !truth.openings.contains(where: { $0.commitment == commitment }) else { continue }
      truth.openings.append(
        .init(StoredOpening(commitment: commitment, entry: size, opening: opening)))
    }
    truth.entries[size] = leaf
    roots.append(frontier.root)
    frontier.append(MerkleTree.leafHash(leaf))
  }
}
