public import Cryptography

/// Proof that one log key signed two histories: two checkpoints that cannot both be true.
///
/// ```
/// onus/equivocation/v1
///
/// …the checkpoint of the smaller size, verbatim
///
/// …the other, verbatim
/// ```
///
/// Of the same size with different roots they prove it by themselves. Of different sizes, a root and
/// a consistency proof stand before them: what the larger history had at the smaller size. Whoever
/// has the log's key can check it, and needs nothing else.
/// `docs/formats/equivocation.md` describes it byte for byte.
public struct Equivocation: Hashable, Sendable {
  /// The first line.
  public static let header = "onus/equivocation/v1"
  /// More than two checkpoints with all their cosignatures, and a proof, can have.
  public static let maximumByteCount = 2 << 20

  /// What the larger history had at the smaller size.
  public struct Other: Hashable, Sendable {
    /// Its root there.
    public let root: Digest
    /// The consistency proof from there to the larger checkpoint.
    public let path: [Digest]

    /// A root and its proof; nothing is checked.
    public init(root: Digest, path: [Digest]) {
      self.root = root
      self.path = path
    }
  }

  /// The checkpoint of the smaller size; of the same size, either.
  public let first: SignedCheckpoint
  /// The other.
  public let second: SignedCheckpoint
  /// What the second had at the size of the first; `nil` if that is its own size.
  public let other: Other?

  /// A proof of these parts; nothing is checked.
  public init(first: SignedCheckpoint, second: SignedCheckpoint, other: Other?) {
    self.first = first
    self.second = second
    self.other = other
  }

  /// Makes the proof of two checkpoints that a log key has signed, if they contradict each other.
  ///
  /// - Parameter tiles: Tiles of the larger checkpoint's tree, if anybody has them; without, two
  ///   checkpoints of different sizes show nothing.
  /// - Returns: `nil` if the two do not contradict each other.
  /// - Throws: `ProofError.wrongLog` unless the key signed both, `ProofError.outOfRange` if tiles are
  ///   needed and there are none, `ProofError.wrongRoot` if the tiles are of another tree than the
  ///   larger checkpoint's, and what the reader throws.
  public static func make(
    _ one: SignedCheckpoint, _ two: SignedCheckpoint, log: VerifierKey,
    tiles: (some TileReader)? = Optional<MemoryTiles>.none
  ) throws -> Equivocation? {
    guard one.isSigned(by: log), two.isSigned(by: log) else { throw Self.unsigned(log) }
    let (first, second) =
      one.checkpoint.size <= two.checkpoint.size ? (one, two) : (two, one)
    let (old, new) = (first.checkpoint, second.checkpoint)
    guard old.size < new.size else {
      return old.root == new.root ? nil : Equivocation(first: first, second: second, other: nil)
    }
    // Everything extends the empty log, whose root is always the same.
    guard old.size > 0 else { return nil }
    guard let tiles else {
      throw ProofError(
        .outOfRange,
        "A checkpoint of \(old.size) entries and one of \(new.size) show nothing by themselves.")
    }
    let other = Other(
      root: try MerkleTree.root(ofSize: old.size, from: tiles),
      path: try ConsistencyProof.make(oldSize: old.size, newSize: new.size, from: tiles).path)
    let proof = Equivocation(first: first, second: second, other: other)
    try proof.consistency?.check(oldRoot: other.root, newRoot: new.root)
    return other.root == old.root ? nil : proof
  }

  /// Throws unless the two checkpoints are signed by this key and cannot both be true.
  public func check(log: VerifierKey) throws(ProofError) {
    guard first.isSigned(by: log), second.isSigned(by: log) else { throw Self.unsigned(log) }
    let (old, new) = (first.checkpoint, second.checkpoint)
    if let other, let consistency {
      guard old.size >= 1, old.size < new.size else {
        throw ProofError(.outOfRange, "The first checkpoint must be the smaller one.")
      }
      try consistency.check(oldRoot: other.root, newRoot: new.root)
    } else if old.size != new.size {
      throw ProofError(
        .outOfRange, "Two checkpoints of different sizes show nothing without a proof.")
    }
    guard other?.root ?? new.root != old.root else {
      throw ProofError(.wrongRoot, "The two checkpoints do not contradict each other.")
    }
  }

  private var consistency: ConsistencyProof? {
    other.map {
      ConsistencyProof(
        oldSize: first.checkpoint.size, newSize: second.checkpoint.size, path: $0.path)
    }
  }

  private static func unsigned(_ log: VerifierKey) -> ProofError {
    ProofError(
      .wrongLog, "Both checkpoints must be of \(log.name), signed by \(log.keyName).")
  }
}

extension Equivocation {
  /// Parses a proof, accepting exactly one encoding. Nothing is verified.
  public init(_ bytes: [UInt8]) throws(NoteError) {
    guard bytes.count <= Self.maximumByteCount else {
      throw NoteError(.tooLong, "A proof may have at most \(Self.maximumByteCount) bytes.")
    }
    var lines = LineReader(bytes[...])
    guard let header = lines.next(), header.elementsEqual(Self.header.utf8) else {
      throw NoteError(.malformedProof, "The first line of the proof is \(Self.header).")
    }
    let hashes = try ProofText.path(from: &lines)
    let notes = Self.split(lines.rest)
    guard let notes else {
      throw NoteError(.malformedProof, "Two checkpoints follow, with one empty line between them.")
    }
    self.init(
      first: try SignedCheckpoint(Array(notes.0)), second: try SignedCheckpoint(Array(notes.1)),
      other: hashes.first.map { Other(root: $0, path: Array(hashes.dropFirst())) })
    guard self.bytes == bytes else {
      throw NoteError(.malformedProof, "Two checkpoints follow, with one empty line between them.")
    }
  }

  /// The file.
  public var bytes: [UInt8] {
    var bytes = Array("\(Self.header)\n".utf8)
    if let other { ProofText.append([other.root] + other.path, to: &bytes) }
    bytes.append(ASCII.lineFeed)
    return bytes + first.bytes + [ASCII.lineFeed] + second.bytes
  }

  /// The two notes: a checkpoint has one blank line in it, so the second is the one between them.
  private static func split(
    _ bytes: ArraySlice<UInt8>
  ) -> (ArraySlice<UInt8>, ArraySlice<UInt8>)? {
    var blanks = 0
    for index in bytes.indices.dropFirst() {
      guard bytes[index] == ASCII.lineFeed, bytes[index - 1] == ASCII.lineFeed else { continue }
      blanks += 1
      if blanks == 2 { return (bytes[..<index], bytes[(index + 1)...]) }
    }
    return nil
  }
}
