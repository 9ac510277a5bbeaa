internal import Accountability
internal import Cryptography
internal import Encoding
internal import Ledger

/// Nobody signs unseen: what is about to be signed, where somebody else wrote it down or carried it.
extension Signing {
  /// Prints the events, and under each what it seals; beside the answer where that is for a program.
  ///
  /// - Throws: `Failure` if the file does not bring what an event seals: whoever carries a file can take
  ///   that out, since no signature is over it.
  func show(
    _ heading: String, _ events: [Event], _ openings: [Opening], of file: String, by author: KeyName
  ) throws {
    let opened = Dictionary(
      openings.map { ($0.commitment(by: author), $0) }, uniquingKeysWith: { first, _ in first })
    var lines = [heading]
    for event in events {
      lines.append("  " + String(decoding: CanonicalJSON.write(event.json), as: UTF8.self))
      for seal in event.seals {
        guard let opening = opened[seal.commitment] else {
          throw Failure(
            "\(file) does not bring what is sealed as \(seal.commitment), so that nobody can see what is signed.",
            hint: "Sign the file that came from its author, with everything that is sealed in it.")
        }
        lines += Self.lines(of: opening, seal.commitment)
      }
    }
    let text = lines.map { Terminal.safe($0) + "\n" }.joined()
    if options.place.json || options.signTo.map(Files.isStream) == true {
      Terminal.standardError(text)
    } else {
      Terminal.standardOutput(text)
    }
  }

  private static func lines(of opening: Opening, _ commitment: Digest) -> [String] {
    guard opening.media == Opening.textMedia, let text = opening.text else {
      return [
        "    sealed as \(commitment): \(opening.content.count) bytes of \(opening.media), SHA-256 \(Hex.encode(SHA256.hash(opening.content).bytes))"
      ]
    }
    return ["    sealed as \(commitment):"]
      + text.split(separator: "\n", omittingEmptySubsequences: false).map { "      \($0)" }
  }
}
