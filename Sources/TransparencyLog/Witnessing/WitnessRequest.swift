public import Cryptography

/// What a log asks of a witness: to cosign a checkpoint, given a proof that it extends the one the
/// witness cosigned last (`add-checkpoint` of c2sp.org/tlog-witness).
///
/// ```
/// old 20852014
/// PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
///
/// example.com/behind-the-sofa
/// …the signed checkpoint, verbatim
/// ```
///
/// The same bytes are the body of the HTTP request and the file that is carried on a stick.
public struct WitnessRequest: Hashable, Sendable {
  /// The most bytes of a request.
  public static let maximumByteCount = 1 << 20
  /// The most bytes of its checkpoint: room for the cosignature must be left where it is kept.
  public static let maximumCheckpointByteCount = 1 << 18
  /// The most hashes of its proof.
  static let maximumPathCount = 63

  /// The size of the checkpoint that the witness is thought to have cosigned last; 0 if none.
  public let oldSize: UInt64
  /// The consistency proof from there, lowest hash first.
  public let path: [Digest]
  /// The checkpoint to cosign.
  public let checkpoint: SignedCheckpoint

  /// A request of these parts; nothing is checked.
  public init(oldSize: UInt64, path: [Digest], checkpoint: SignedCheckpoint) {
    self.oldSize = oldSize
    self.path = path
    self.checkpoint = checkpoint
  }

  /// Makes a request, reading O(log n) tiles.
  ///
  /// - Throws: `ProofError.outOfRange` if `oldSize` is above the checkpoint's, and what the reader
  ///   throws.
  public static func make(
    since oldSize: UInt64, to checkpoint: SignedCheckpoint, from tiles: some TileReader
  ) throws -> WitnessRequest {
    let size = checkpoint.checkpoint.size
    let path =
      oldSize == 0
      ? [] : try ConsistencyProof.make(oldSize: oldSize, newSize: size, from: tiles).path
    return WitnessRequest(oldSize: oldSize, path: path, checkpoint: checkpoint)
  }

  /// Parses a request, accepting exactly one encoding. Nothing is verified.
  ///
  /// A witness serves logs of other kinds too, so extension lines in the checkpoint are allowed.
  public init(_ bytes: [UInt8]) throws(NoteError) {
    guard bytes.count <= Self.maximumByteCount else {
      throw NoteError(.tooLong, "A request may have at most \(Self.maximumByteCount) bytes.")
    }
    var lines = LineReader(bytes[...])
    oldSize = try ProofText.number("old", from: &lines)
    path = try ProofText.path(from: &lines)
    guard path.count <= Self.maximumPathCount else {
      throw NoteError(.tooLong, "A request has at most \(Self.maximumPathCount) hashes.")
    }
    guard lines.rest.count <= Self.maximumCheckpointByteCount else {
      throw NoteError(
        .tooLong,
        "The checkpoint of a request has at most \(Self.maximumCheckpointByteCount) bytes.")
    }
    // Whether the log is known comes first; the root of nothing is asked for with the proof.
    checkpoint = try SignedCheckpoint(
      SignedNote(Array(lines.rest)), allowingExtensions: true, allowingAnyEmptyRoot: true)
  }

  /// The bytes that are sent or carried.
  public var bytes: [UInt8] {
    var bytes = Array("old \(oldSize)\n".utf8)
    ProofText.append(path, to: &bytes)
    bytes.append(ASCII.lineFeed)
    return bytes + checkpoint.bytes
  }

  /// Decides whether a witness may cosign.
  ///
  /// - Parameters:
  ///   - logs: The keys of the logs that it serves.
  ///   - latest: The checkpoint that it cosigned last for a log of this name, if any.
  /// - Throws: ``WitnessRefusal``.
  public func check(
    logs: [VerifierKey], latest: (String) throws -> Checkpoint?
  ) throws {
    let new = checkpoint.checkpoint
    let known = logs.filter { $0.name.utf8.elementsEqual(new.origin.utf8) }
    guard !known.isEmpty else {
      throw WitnessRefusal(.unknownLog, "This witness does not serve the log \(new.origin).")
    }
    // A line that bears a trusted name and does not verify spoils the note, whoever else signed.
    let signed = known.filter { checkpoint.note.isSigned(by: $0) }
    let claimed = known.filter { key in checkpoint.note.signatures.contains { $0.claims(key) } }
    guard !signed.isEmpty, signed.count == claimed.count else {
      throw WitnessRefusal(
        .notSigned, "The checkpoint is not signed with the key of \(new.origin) known here.")
    }
    guard oldSize <= new.size else {
      throw WitnessRefusal(
        .malformed, "The old size \(oldSize) is above the checkpoint's size \(new.size).")
    }
    let old = try latest(new.origin)
    guard oldSize == old?.size ?? 0 else {
      let size = old?.size ?? 0
      throw WitnessRefusal(
        .conflict(size),
        "This witness last cosigned size \(size) of \(new.origin), and the proof begins at \(oldSize)."
      )
    }
    try checkConsistency(with: old)
  }

  private func checkConsistency(with old: Checkpoint?) throws(WitnessRefusal) {
    let new = checkpoint.checkpoint
    guard let old, old.size > 0 else {
      guard path.isEmpty, new.size > 0 || new.root == MerkleTree.emptyRoot else {
        throw WitnessRefusal(
          .inconsistent,
          "Every log extends the empty one, so there is nothing to prove from size 0.")
      }
      return
    }
    do {
      try ConsistencyProof(oldSize: old.size, newSize: new.size, path: path)
        .check(oldRoot: old.root, newRoot: new.root)
    } catch {
      throw WitnessRefusal(
        .inconsistent,
        "Nothing proves that the \(new.size) entries extend the \(old.size) that this witness cosigned: \(error.message)"
      )
    }
  }
}

/// Why a witness does not cosign.
public struct WitnessRefusal: Error, Hashable, Sendable {
  /// The reason, which fixes the status of the HTTP answer.
  public enum Code: Hashable, Sendable {
    /// The request is none, or its old size is above the new: 400.
    case malformed
    /// No trusted key has signed: 403.
    case notSigned
    /// The log is not served here: 404.
    case unknownLog
    /// The old size is not the one that was cosigned last, which comes with it: 409.
    case conflict(UInt64)
    /// The proof does not prove it: 422.
    case inconsistent

    /// The status of the HTTP answer.
    public var status: Int {
      switch self {
      case .malformed: 400
      case .notSigned: 403
      case .unknownLog: 404
      case .conflict: 409
      case .inconsistent: 422
      }
    }
  }

  /// The reason.
  public let code: Code
  /// One sentence for a person.
  public let message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}
