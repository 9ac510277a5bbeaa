public import Cryptography
internal import Encoding

/// The head of a log: which log, how many entries, and the root over them
/// (c2sp.org/tlog-checkpoint).
///
/// As the text of a note it has a line each: origin, size in decimal, root in base64. Extension
/// lines may follow; they are refused unless a caller allows them, since nobody can audit them.
public struct Checkpoint: Sendable {
  /// The name of the log.
  public let origin: String
  /// The number of entries, at most 2^63−1 in a parsed checkpoint.
  public let size: UInt64
  /// The root of the tree over them.
  public let root: Digest
  /// Opaque further lines, none in a log of ours.
  public let extensions: [String]

  /// A checkpoint with these parts and no extension lines.
  ///
  /// The origin is checked when the checkpoint is signed or parsed.
  public init(origin: String, size: UInt64, root: Digest) {
    self.origin = origin
    self.size = size
    self.root = root
    self.extensions = []
  }

  /// Parses the text of a note, with its final LF.
  ///
  /// Throws `malformedCheckpoint` for anything but an origin that is not empty, a size without
  /// leading zeros, a root of 44 base64 characters, and, if allowed, extension lines that are not
  /// empty; `wrongEmptyRoot` for size 0 with another root than the empty one, unless that is
  /// allowed.
  public init(
    text: ArraySlice<UInt8>, allowingExtensions: Bool = false, allowingAnyEmptyRoot: Bool = false
  ) throws(NoteError) {
    var lines = LineReader(text)
    guard let originLine = lines.next(), !originLine.isEmpty,
      let origin = String(validating: originLine, as: UTF8.self)
    else {
      throw NoteError(.malformedCheckpoint, "The first line of a checkpoint is the log's origin.")
    }
    guard let sizeLine = lines.next(), let size = Digits.number(sizeLine) else {
      throw NoteError(
        .malformedCheckpoint,
        "The second line of a checkpoint is the number of entries, without leading zeros.")
    }
    guard let rootLine = lines.next(), rootLine.count == 44,
      let rootBytes = Base64.decode(rootLine), let root = Digest(rootBytes)
    else {
      throw NoteError(
        .malformedCheckpoint, "The third line of a checkpoint is the root hash in base64.")
    }
    guard size > 0 || allowingAnyEmptyRoot || root == MerkleTree.emptyRoot else {
      throw NoteError(
        .wrongEmptyRoot, "A checkpoint of no entries states the SHA-256 of nothing as its root.")
    }
    var extensions: [String] = []
    while let line = lines.next() {
      guard allowingExtensions, !line.isEmpty,
        let text = String(validating: line, as: UTF8.self)
      else {
        throw NoteError(.malformedCheckpoint, "A checkpoint of this log ends after its root hash.")
      }
      extensions.append(text)
    }
    guard lines.rest.isEmpty else {
      throw NoteError(.malformedCheckpoint, "Every line of a checkpoint ends in a line feed.")
    }
    self.origin = origin
    self.size = size
    self.root = root
    self.extensions = extensions
  }

  /// The text that is signed.
  public var text: [UInt8] {
    var text = Array("\(origin)\n\(size)\n\(root.base64)\n".utf8)
    for line in extensions { text += "\(line)\n".utf8 }
    return text
  }
}

extension Checkpoint: Hashable {
  /// Compares the texts byte by byte.
  public static func == (left: Checkpoint, right: Checkpoint) -> Bool {
    left.size == right.size && left.root == right.root && left.text == right.text
  }

  /// Hashes size and root; equality decides the rest.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(size)
    hasher.combine(root)
  }
}
