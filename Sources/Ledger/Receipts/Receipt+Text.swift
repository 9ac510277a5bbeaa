internal import Cryptography
internal import Encoding
internal import TransparencyLog

extension Receipt {
  /// The file.
  public var bytes: [UInt8] {
    var bytes = Array("\(Self.magic)\n".utf8)
    for commitment in stored { bytes += "stored \(commitment.base64)\n".utf8 }
    if let consistency { bytes += consistency.bytes }
    bytes.append(UInt8(ascii: "\n"))
    return bytes + proof.bytes
  }

  /// Parses a receipt, accepting exactly one encoding of it. Nothing is verified.
  public init(_ bytes: [UInt8]) throws(LedgerError) {
    guard bytes.count <= Self.maximumByteCount else {
      throw LedgerError(.tooLong, "A receipt has at most \(Self.maximumByteCount) bytes.")
    }
    let lineFeed = UInt8(ascii: "\n")
    guard bytes.starts(with: "\(Self.magic)\n".utf8) else {
      throw LedgerError(
        .malformedReceipt, "The first line of a receipt is \(Self.magic).", line: 1)
    }
    guard
      let end = bytes.indices.dropLast().first(where: {
        bytes[$0] == lineFeed && bytes[$0 + 1] == lineFeed
      })
    else {
      throw LedgerError(.malformedReceipt, "A blank line parts the two halves of a receipt.")
    }
    var rest = bytes[(Self.magic.utf8.count + 1)..<(end + 1)]
    var stored: [Digest] = []
    while rest.starts(with: "stored ".utf8), let stop = rest.firstIndex(of: lineFeed) {
      guard stored.count < Limits.openingCount,
        let commitment = Base64.decode(rest[(rest.startIndex + 7)..<stop]).flatMap({ Digest($0) }),
        stored.last.map({ $0 < commitment }) ?? true
      else {
        throw LedgerError(
          .malformedReceipt, "The stored commitments are digests in base64, each once, ascending.",
          line: stored.count + 2)
      }
      stored.append(commitment)
      rest = rest[(stop + 1)...]
    }
    let consistency: ConsistencyProof?
    let proof: TransparencyProof
    do {
      consistency = rest.isEmpty ? nil : try ConsistencyProof(rest)
      proof = try TransparencyProof(Array(bytes[(end + 2)...]))
    } catch {
      throw LedgerError(.malformedReceipt, error.message)
    }
    self.init(proof: proof, consistency: consistency, stored: stored)
    guard self.bytes == bytes else {
      throw LedgerError(
        .malformedReceipt, "A receipt has exactly one encoding, and this is another.")
    }
  }
}
