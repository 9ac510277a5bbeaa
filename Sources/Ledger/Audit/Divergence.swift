internal import Cryptography

/// Follows `root` lines that do not match what the entries hash to.
///
/// One line that does not match, with the next matching again, is a wrong line. Two in a row mean
/// that an entry was rewritten together with its stored hash, and all that came after it still speaks
/// of the old one: the entry before the first, or the first itself, which was put there with a line
/// of its own. What the two were signed with tells which.
struct Divergence {
  /// What is known of an entry's author before it is judged.
  enum Authorship {
    /// Its line verifies under a key that the log enrols.
    case signed
    /// The log enrols keys of its name, and the line verifies under none; or it is no entry.
    case forged
    /// The log enrols no such key.
    case unknown
    /// Signatures were left out.
    case unchecked

    /// What the verdicts on an entry's signature lines say of the first of them.
    init(_ verdicts: [SignatureVerdict]) {
      let author = verdicts.filter { $0.line == 0 }
      self = author.isEmpty ? .unknown : author.contains(where: \.isValid) ? .signed : .forged
    }
  }

  private var pending: (index: UInt64, suspect: UInt64?, authorship: Authorship)?
  private var number: Int?
  /// The last entry of which there is no signature of its author.
  private var lastForged: UInt64?

  /// Whether the line before did not match.
  var isOpen: Bool { pending != nil || number != nil }

  /// - Parameter root: The computed root before the entry.
  mutating func take(
    _ entry: Entry, at index: UInt64, _ root: Digest, _ authorship: Authorship,
    _ log: inout FindingLog
  ) {
    if entry.root == root {
      close(&log)
    } else if let number {
      log.affect(number)
    } else if let (first, suspect, author) = pending {
      pending = nil
      // Two in a row of nobody that entry 0 leads to: it is the one that is not of this ledger.
      let isOpening = first == 1 && author == .unknown && authorship == .unknown
      let place = isOpening ? 0 : suspect ?? (first > 0 ? first - 1 : 0)
      number = log.add(Self.rewritten(place, statedFrom: max(first, place + 1), to: index))
    } else {
      pending = (index, suspect(entry, at: index, root, authorship), authorship)
    }
    if authorship == .forged { lastForged = index }
  }

  /// Takes in an entry that cannot be read and so states nothing.
  mutating func pass(over index: UInt64) { lastForged = index }

  mutating func close(_ log: inout FindingLog) {
    if let (index, suspect, _) = pending {
      log.add(
        suspect.map { $0 < index } == true
          ? Self.rewritten(index - 1, statedFrom: index, to: index)
          : Finding(
            .wrongRoot, index,
            "Entry \(index) states another fingerprint of the entries before it than they have.",
            "第 \(index) 条所载此前条目的指纹与实际不符。"))
    }
    pending = nil
    number = nil
  }

  /// The entry that was changed, if it shows: the first whose line does not match, or the one before.
  private func suspect(
    _ entry: Entry, at index: UInt64, _ root: Digest, _ authorship: Authorship
  ) -> UInt64? {
    guard index > 0 else { return index }
    if entry.index != index { return index }
    if lastForged == index - 1 { return index - 1 }
    if authorship == .forged || authorship == .unknown { return index }
    // Its author had signed what it saw of everything before it.
    let seen = entry.submission.seen
    guard seen.size == index else { return nil }
    if seen.root == entry.root { return index - 1 }
    return seen.root == root ? index : nil
  }

  private static func rewritten(
    _ place: UInt64, statedFrom first: UInt64, to index: UInt64
  ) -> Finding {
    Finding(
      .entryRewritten, place, affected: index - place + 1,
      "Entry \(place) was rewritten: the entries from \(first) on state another past than the one that is there.",
      "第 \(place) 条被改写：自第 \(first) 条起所载的过往与现存内容不符。")
  }
}
