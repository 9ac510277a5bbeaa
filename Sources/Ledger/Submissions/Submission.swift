public import Accountability
public import Cryptography
public import Encoding
public import TransparencyLog

/// What a department signs: a header and one or more events, as a C2SP signed note
/// (`docs/formats/submission.md`).
///
/// ```
/// onus/submission/v1
/// {"at":"2026-11-22T03:00:00.000Z","by":[{"key":"D03+1a2b3c4d","n":17}],"seen":{"root":"CsUY…","size":412}}
/// {"data":{"percent":60,"period":"2026-10"},"task":"O03-T04","type":"progress.reported"}
///
/// — D03 Gis8TR…
/// ```
///
/// A value of this type has been parsed strictly and keeps the exact bytes; whether its signatures
/// verify, and whether the rules allow it, are other questions. `docs/formats/submission.md`
/// describes the bytes.
public struct Submission: Hashable, Sendable {
  /// The first line.
  public static let magic = "onus/submission/v1"

  /// The checkpoint the author had last verified; it pins every entry below its size.
  public struct Seen: Hashable, Sendable {
    /// The number of entries; 0 only in the submission that opens a ledger.
    public let size: UInt64
    /// The root over them.
    public let root: Digest

    /// A view of `size` entries with this root.
    public init(size: UInt64, root: Digest) {
      self.size = size
      self.root = root
    }

    /// The view of nothing, as entry 0 has it.
    public static let nothing = Seen(size: 0, root: MerkleTree.emptyRoot)
  }

  /// The note, byte for byte.
  public var note: SignedNote { content.note }
  /// What the rules ask of a submission.
  public var facts: SubmissionFacts { content.facts }
  /// What the author had seen.
  public var seen: Seen { content.seen }

  /// All of it behind one reference: an audit hands submissions on a dozen times each.
  private final class Content: Sendable {
    let note: SignedNote
    let facts: SubmissionFacts
    let seen: Seen

    init(_ note: SignedNote, _ facts: SubmissionFacts, _ seen: Seen) {
      self.note = note
      self.facts = facts
      self.seen = seen
    }
  }

  private let content: Content

  init(
    note: SignedNote, at: Timestamp, by: [SubmissionFacts.Signer], seen: Seen, events: [Event]
  ) {
    content = Content(
      note, SubmissionFacts(by: by, at: at, seenSize: seen.size, events: events), seen)
  }

  /// The author's own clock.
  public var at: Timestamp { facts.at }
  /// Who must sign; the first is the author. 1 to 16 different keys.
  public var by: [SubmissionFacts.Signer] { facts.by }
  /// What is said, 1 to 256 events.
  public var events: [Event] { facts.events }

  /// The bytes of the note.
  public var bytes: [UInt8] { note.bytes }

  /// The author and its number: what a submission is known by.
  public var author: SubmissionFacts.Signer { by[0] }

  /// Whether signature line `line` verifies under `key`; the key is the caller's to look up.
  public func isSigned(_ line: Int, by key: PublicKey) -> Bool {
    guard note.signatures.indices.contains(line),
      let signature = Signature(note.signatures[line].payload)
    else { return false }
    return key.isValid(signature, for: note.text)
  }

  /// Two submissions are the same if their bytes are.
  public static func == (left: Self, right: Self) -> Bool { left.note == right.note }

  /// Hashes the bytes.
  public func hash(into hasher: inout Hasher) { hasher.combine(note) }
}
