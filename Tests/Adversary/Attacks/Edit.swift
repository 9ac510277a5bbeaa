import Accountability
import Cryptography
import Encoding
import Ledger
import TransparencyLog

/// One way to change the bytes of one entry: tried by everybody, whatever else they can make anew.
struct Edit: Sendable {
  let name: String
  /// Whether a plausible entry can come of it: nothing in it shows that it was changed.
  var isPlausible = false
  /// Changes the leaf of an entry; `nil` where there is nothing of the kind to change.
  let make: @Sendable (_ leaf: [UInt8], _ index: UInt64, inout Trial) throws -> [UInt8]?

  static let all: [Edit] = [
    Edit(name: "one bit is flipped") { leaf, _, trial in
      var leaf = leaf
      trial.dice.flip(&leaf)
      return leaf
    },
    Edit(name: "its end is cut off") { leaf, _, trial in
      leaf.dropLast(1 + trial.dice.place(in: leaf))
    },
    Edit(name: "bytes are added to it") { leaf, _, trial in leaf + trial.dice.bytes(1..<80) },
    Edit(name: "it has no bytes") { _, _, _ in [] },
    Edit(name: "it has more bytes than any entry may have") { leaf, _, _ in
      leaf.dropLast() + [UInt8](repeating: UInt8(ascii: "="), count: 70_000) + [10]
    },
    Edit(name: "its number is another") { leaf, _, trial in
      let number = trial.dice.index(0..<1 << 40)
      return try header(of: leaf) { .init(index: number, time: $0.time, root: $0.root) }
    },
    Edit(name: "the ledger's clock is put back before it") { leaf, index, trial in
      guard index > 0 else { return nil }
      let back = Int64(trial.dice.index(86_400_000..<1 << 32))
      return try header(of: leaf) {
        .init(index: $0.index, time: $0.time.adding(milliseconds: -back), root: $0.root)
      }
    },
    Edit(name: "the ledger's clock is moved a little", isPlausible: true) { leaf, _, trial in
      let step = Int64(trial.dice.index(1..<1000))
      return try header(of: leaf) {
        .init(index: $0.index, time: $0.time.adding(milliseconds: step), root: $0.root)
      }
    },
    Edit(name: "it states another root before it") { leaf, _, trial in
      let root = trial.dice.digest()
      return try header(of: leaf) { .init(index: $0.index, time: $0.time, root: root) }
    },
    Edit(name: "its author is said to have seen another size") { leaf, index, trial in
      let size = trial.dice.index(0..<index + 9)
      return try said(leaf, trial) { $0.seen = .init(size: size, root: $0.seen.root) }
    },
    Edit(name: "its author is said to have seen another root") { leaf, _, trial in
      let root = trial.dice.digest()
      return try said(leaf, trial) { $0.seen = .init(size: $0.seen.size, root: root) }
    },
    Edit(name: "its author's count is another") { leaf, _, trial in
      let step = trial.dice.index(1..<9)
      return try said(leaf, trial) { $0.by[0] = .init(key: $0.by[0].key, n: $0.by[0].n + step) }
    },
    Edit(name: "its author's clock is set otherwise") { leaf, _, trial in
      let step = Int64(trial.dice.index(1..<1 << 30))
      return try said(leaf, trial) { $0.at = $0.at.adding(milliseconds: -step) }
    },
    Edit(name: "a word is spelt in another form of Unicode") { leaf, _, _ in
      leaf.firstPlace(of: UnicodeForm.composed) == nil ? nil : UnicodeForm.decompose(leaf)
    },
    Edit(name: "a figure is another") { leaf, _, _ in
      guard let place = leaf.firstPlace(of: "\"percent\":") else { return nil }
      var leaf = leaf
      leaf[place + 10] = UInt8(ascii: "9")
      return leaf
    },
    Edit(name: "its signature lines change places") { leaf, _, _ in
      try signatures(of: leaf) { $0.swapAt(0, 1) }
    },
    Edit(name: "a signature line is taken away") { leaf, _, trial in
      let last = trial.dice.index(0..<2) == 0
      return try signatures(of: leaf) { $0.remove(at: last ? $0.count - 1 : 0) }
    },
    Edit(name: "a signature line stands there twice") { leaf, _, _ in
      try signatures(of: leaf) { $0.append($0[0]) }
    },
    Edit(name: "it is signed with another key") { leaf, _, trial in
      let submission = try Entry(leaf).submission
      let note = try trial.forger.sign(
        Array(submission.note.text), by: submission.by.map(\.key),
        hands: [0: trial.chronicle.cast.stranger.key])
      return Array(leaf.dropLast(submission.bytes.count)) + note
    },
    Edit(name: "it is the one of another ledger") { _, index, _ in
      try Chronicle.other.get().truth.entries[index]
    },
    Edit(name: "it is another of this ledger") { _, _, trial in
      trial.truth.entries[trial.dice.index(0..<trial.size)]
    },
  ]

  // MARK: Parts of an entry

  private static func header(
    of leaf: [UInt8], _ change: (EntryHeader) -> EntryHeader
  ) throws -> [UInt8] {
    let (header, end) = try EntryHeader.parse(leaf[...])
    return change(header).bytes + leaf[end...]
  }

  /// What a submission says in its header.
  private struct Said {
    var at: Timestamp
    var by: [SubmissionFacts.Signer]
    var seen: Submission.Seen
  }

  /// Changes the signed text, under the signatures as they were.
  private static func said(
    _ leaf: [UInt8], _ trial: Trial, _ change: (inout Said) -> Void
  ) throws -> [UInt8] {
    let submission = try Entry(leaf).submission
    var said = Said(at: submission.at, by: submission.by, seen: submission.seen)
    change(&said)
    let text = Submission.text(
      at: said.at, by: said.by, seen: said.seen, events: submission.events)
    let note = try SignedNote(text: text, signatures: submission.note.signatures)
    return Array(leaf.dropLast(submission.bytes.count)) + note.bytes
  }

  /// Changes the signature lines of an entry that has two at least.
  private static func signatures(
    of leaf: [UInt8], _ change: (inout [[UInt8]]) -> Void
  ) throws -> [UInt8]? {
    let submission = try Entry(leaf).submission
    var lines = submission.note.signatures.map(\.line)
    guard lines.count > 1 else { return nil }
    change(&lines)
    let count = submission.note.signatures.reduce(0) { $0 + $1.line.count }
    return Array(leaf.dropLast(count)) + lines.flatMap { $0 }
  }
}

/// One letter in two forms that look the same and are not: one code point, or two.
enum UnicodeForm {
  static let composed: [UInt8] = Array("é".utf8)
  static let decomposed: [UInt8] = Array("e\u{301}".utf8)

  /// The same text with the letter in the longer form.
  static func decompose(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    while let place = bytes.firstPlace(of: composed) {
      bytes.replaceSubrange(place..<place + composed.count, with: decomposed)
    }
    return bytes
  }
}

extension [UInt8] {
  /// Where these bytes stand for the first time.
  func firstPlace(of text: String) -> Int? { firstPlace(of: Array(text.utf8)) }
  func firstPlace(of bytes: [UInt8]) -> Int? {
    guard count >= bytes.count else { return nil }
    return (0...(count - bytes.count)).first { self[$0..<$0 + bytes.count].elementsEqual(bytes) }
  }
}

extension Trial {
  /// Changes some entry in this way, and says which.
  mutating func edit(_ edit: Edit) throws -> UInt64? {
    for _ in 0..<200 {
      let index = dice.index(0..<size)
      guard let leaf = truth.entries[index], let changed = try edit.make(leaf, index, &self),
        changed != leaf
      else { continue }
      truth.entries[index] = changed
      return index
    }
    return nil
  }
}
