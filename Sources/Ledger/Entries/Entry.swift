public import Cryptography
public import Encoding
internal import TransparencyLog

/// A submission with its place: one leaf of the log (`docs/formats/entry.md`).
///
/// The leaf is the header, a blank line, and the signed note verbatim. It keeps its exact bytes;
/// nothing is re-encoded in order to be verified.
public struct Entry: Hashable, Sendable {
  /// Where it stands.
  public let header: EntryHeader
  /// What was signed.
  public let submission: Submission
  /// The leaf, where it lies in what it was read from; nothing is copied.
  ///
  /// The slice, and the note of the submission within it, share the memory of the whole array and keep all
  /// of it alive as long as the entry, or a copy of it, is: of the leaves that a ``LeafBuffer`` lends, the
  /// last one to go frees the array for all. Indices are the array's and do not begin at 0. ``bytes``
  /// holds nothing but the leaf.
  let slice: ArraySlice<UInt8>

  /// Parses a leaf, accepting exactly one encoding of it. No signature is verified.
  ///
  /// The bytes are kept, the note lies in them, and each line is looked at once.
  public init(_ bytes: [UInt8]) throws(LedgerError) { try self.init(bytes[...]) }

  /// Parses a leaf that lies among others, without copying it out: the entry keeps all of them in memory.
  ///
  /// - Throws: `LedgerError` with the line that is wrong.
  public init(_ bytes: ArraySlice<UInt8>) throws(LedgerError) {
    guard bytes.count <= Limits.leafByteCount else {
      throw LedgerError(
        .tooLong, "An entry has at most \(Limits.leafByteCount) bytes, and this has \(bytes.count)."
      )
    }
    let (header, end) = try EntryHeader.parse(bytes)
    self.header = header
    do {
      submission = try Submission(bytes[end...])
    } catch {
      throw LedgerError(
        error.code, error.message, hint: error.hint, line: error.line.map { $0 + 5 })
    }
    slice = bytes
  }

  /// Gives a submission its place.
  public init(index: UInt64, time: Timestamp, root: Digest, submission: Submission) {
    header = EntryHeader(index: index, time: time, root: root)
    self.submission = submission
    slice = (header.bytes + submission.bytes)[...]
  }

  /// The leaf, in an array that holds nothing of what lay around it: copied each time where it was a part
  /// of something longer.
  public var bytes: [UInt8] { Array(slice) }
  /// The entry's index, from 0.
  public var index: UInt64 { header.index }
  /// The ledger's clock at the entry.
  public var time: Timestamp { header.time }
  /// The root over all entries before this one.
  public var root: Digest { header.root }
  /// The bytes before the note: what a receipt carries so that the leaf can be rebuilt. They share the
  /// entry's memory.
  public var headerBytes: ArraySlice<UInt8> {
    slice.dropLast(submission.note.slice.count)
  }
  /// The hash of the leaf.
  public var leafHash: Digest { MerkleTree.leafHash(slice) }

  /// Two entries are the same if their bytes are.
  public static func == (left: Self, right: Self) -> Bool { left.slice == right.slice }

  /// Hashes the bytes.
  public func hash(into hasher: inout Hasher) { hasher.combine(slice) }
}
