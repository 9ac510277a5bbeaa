internal import Ledger
internal import TransparencyLog

/// A file that somebody keeps a checkpoint in.
enum CheckpointFile {
  /// The checkpoint in a file: one that stands alone, one behind a consistency proof, or a receipt's.
  ///
  /// - Parameter allowingExtensions: Whether it may be one of another log than a ledger of Onus.
  static func read(
    _ path: String, allowingExtensions: Bool = false
  ) throws(Failure) -> SignedCheckpoint {
    let bytes = try Files.read(path, limit: Receipt.maximumByteCount)
    if allowingExtensions, let signed = try? SignedCheckpoint(bytes, allowingExtensions: true) {
      return signed
    }
    if let receipt = try? Receipt(bytes) { return receipt.checkpoint }
    do {
      return try parse(bytes).checkpoint
    } catch {
      try FileKind.require(
        .checkpoint, .newerCheckpoint, .receipt, as: "a checkpoint or a receipt", in: path, bytes)
      throw Failure(
        "\(path) is neither a checkpoint nor a receipt.",
        hint: "Name a file that `onus checkpoint` printed, or a receipt.")
    }
  }

  /// A checkpoint, and the proof before it that it extends an older one.
  static func parse(
    _ bytes: [UInt8]
  ) throws -> (proof: ConsistencyProof?, checkpoint: SignedCheckpoint) {
    guard bytes.starts(with: Array("old ".utf8)) else { return (nil, try SignedCheckpoint(bytes)) }
    let blank = [UInt8(ascii: "\n"), UInt8(ascii: "\n")]
    guard let end = bytes.indices.dropLast().first(where: { Array(bytes[$0...($0 + 1)]) == blank })
    else { throw Failure("The file holds a proof and no checkpoint.") }
    return (
      try ConsistencyProof(bytes[...end]), try SignedCheckpoint(Array(bytes[(end + 2)...]))
    )
  }
}
