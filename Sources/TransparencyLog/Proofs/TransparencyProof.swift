public import Cryptography
internal import Encoding

/// A proof, checkable offline, that a log contains an entry (c2sp.org/tlog-proof).
///
/// ```
/// c2sp.org/tlog-proof@v1
/// extra <base64>                 (only if there is extra data)
/// index <decimal>
/// <base64 of a hash>             (the inclusion path, lowest first)
///
/// <the signed checkpoint, verbatim>
/// ```
///
/// The extra data is opaque and authenticated by nothing: who uses it must bind it to the leaf.
public struct TransparencyProof: Hashable, Sendable {
  /// The first line.
  public static let header = "c2sp.org/tlog-proof@v1"
  /// The most extra data a proof may carry, in bytes.
  public static let maximumExtraByteCount = 100_000
  /// More than extra data, a path and a signed checkpoint can have.
  private static let maximumByteCount = 2_000_000

  /// Opaque data of the application, not authenticated; never empty.
  public let extra: [UInt8]?
  /// The index of the entry, from 0.
  public let index: UInt64
  /// The inclusion path, lowest first.
  public let path: [Digest]
  /// The checkpoint of the tree the path leads to, with whatever cosignatures it bears.
  public let checkpoint: SignedCheckpoint

  /// A proof with these parts. Nothing is checked; empty extra data is none.
  public init(extra: [UInt8]?, index: UInt64, path: [Digest], checkpoint: SignedCheckpoint) {
    self.extra = extra?.isEmpty == true ? nil : extra
    self.index = index
    self.path = path
    self.checkpoint = checkpoint
  }

  /// Parses a proof, accepting exactly one encoding. Neither path nor signatures are checked.
  ///
  /// Extension lines in the checkpoint are refused unless allowed: an Onus log has none.
  public init(_ bytes: [UInt8], allowingExtensions: Bool = false) throws(NoteError) {
    guard bytes.count <= Self.maximumByteCount else {
      throw NoteError(.tooLong, "A proof may have at most \(Self.maximumByteCount) bytes.")
    }
    var lines = LineReader(bytes[...])
    guard let first = lines.next(), first.elementsEqual(Self.header.utf8) else {
      throw NoteError(.malformedProof, "The first line of a proof is \(Self.header).")
    }
    var extra: [UInt8]?
    if let base64 = lines.next(after: "extra ") {
      guard base64.count <= (Self.maximumExtraByteCount + 2) / 3 * 4 else {
        throw NoteError(
          .tooLong, "The extra data of a proof has at most \(Self.maximumExtraByteCount) bytes.")
      }
      guard let data = Base64.decode(base64), !data.isEmpty,
        data.count <= Self.maximumExtraByteCount
      else {
        throw NoteError(.malformedProof, "The extra data is not empty and is written in base64.")
      }
      extra = data
    }
    let index = try ProofText.number("index", from: &lines)
    let path = try ProofText.path(from: &lines)
    let checkpoint = try SignedCheckpoint(
      Array(lines.rest), allowingExtensions: allowingExtensions)
    self.init(extra: extra, index: index, path: path, checkpoint: checkpoint)
  }

  /// The file: what ``init(_:allowingExtensions:)`` reads.
  public var bytes: [UInt8] {
    var bytes = Array("\(Self.header)\n".utf8)
    if let extra { bytes += "extra \(Base64.encode(extra))\n".utf8 }
    bytes += "index \(index)\n".utf8
    ProofText.append(path, to: &bytes)
    bytes.append(ASCII.lineFeed)
    return bytes + checkpoint.note.bytes
  }

  /// The inclusion proof: index and path here, size from the checkpoint.
  public var inclusion: InclusionProof {
    InclusionProof(index: index, size: checkpoint.checkpoint.size, path: path)
  }

  /// Throws unless the checkpoint is one of this log, signed by its key, and the path leads from
  /// the leaf hash to the checkpoint's root. Cosignatures are not looked at.
  public func check(leaf: Digest, log: VerifierKey) throws(ProofError) {
    guard checkpoint.isSigned(by: log) else {
      throw ProofError(
        .wrongLog, "The checkpoint must be one of \(log.name), signed by \(log.keyName).")
    }
    try inclusion.check(leaf: leaf, root: checkpoint.checkpoint.root)
  }
}
