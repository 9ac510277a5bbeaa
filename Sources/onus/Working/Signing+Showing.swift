internal import Accountability
internal import Encoding
internal import Ledger

/// Nobody signs unseen: what is about to be signed, where somebody else wrote it down or carried it.
extension Signing {
  /// How much of a sealed text is shown.
  private static let shownByteCount = 4_096

  /// Prints it; beside the answer where that is for a program.
  func show(_ heading: String, _ events: [Event], _ openings: [Opening]) {
    var lines = [heading]
    for event in events {
      lines.append("  " + String(decoding: CanonicalJSON.write(event.json), as: UTF8.self))
    }
    for opening in openings { lines += Self.lines(of: opening) }
    let text = lines.map { Terminal.safe($0) + "\n" }.joined()
    if options.place.json || options.signTo == "-" {
      Terminal.standardError(text)
    } else {
      Terminal.standardOutput(text)
    }
  }

  private static func lines(of opening: Opening) -> [String] {
    guard opening.media == Opening.textMedia, let text = opening.text else {
      return ["  sealed: \(opening.content.count) bytes of \(opening.media)"]
    }
    let shown = text.utf8.count <= shownByteCount
    let start = shown ? text : String(text.prefix(shownByteCount / 4)) + " …"
    return ["  sealed text:"]
      + start.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)" }
  }
}
