/// The text form of a consistency proof, for files that carry one beside a checkpoint.
///
/// ```
/// old 3
/// new 7
/// …
/// ```
///
/// Two lines with the sizes, then the hashes in base64, lowest first, one on a line; every line
/// ends in LF and nothing follows. `docs/formats/receipt.md` describes it byte for byte.
extension ConsistencyProof {
  /// The text form.
  public var bytes: [UInt8] {
    var bytes = Array("old \(oldSize)\nnew \(newSize)\n".utf8)
    ProofText.append(path, to: &bytes)
    return bytes
  }

  /// Parses the text form, accepting only what ``bytes`` would write. The proof is not checked.
  public init(_ bytes: [UInt8]) throws(NoteError) {
    try self.init(bytes[...])
  }

  /// Parses the text form, accepting only what ``bytes`` would write. The proof is not checked.
  public init(_ bytes: ArraySlice<UInt8>) throws(NoteError) {
    var lines = LineReader(bytes)
    let oldSize = try ProofText.number("old", from: &lines)
    let newSize = try ProofText.number("new", from: &lines)
    let path = try ProofText.path(from: &lines)
    self.init(oldSize: oldSize, newSize: newSize, path: path)
    guard self.bytes.elementsEqual(bytes) else {
      throw NoteError(.malformedProof, "Nothing follows the hashes of a consistency proof.")
    }
  }
}
