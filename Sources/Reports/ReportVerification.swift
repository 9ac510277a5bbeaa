internal import Accountability
internal import Cryptography
internal import Encoding
public import Ledger
internal import Views

extension ReportProvenance {
  /// Makes a report again from a log and compares it, byte for byte.
  ///
  /// Every signature of the entries it was made from is verified on the way. That the log itself is
  /// sound is for an audit to say.
  ///
  /// - Parameters:
  ///   - bytes: The report.
  ///   - released: How many entries of the log may be seen.
  /// - Returns: What it was made from.
  /// - Throws: `ReportError` if it does not hold or cannot be compared; `StorageError` if the log
  ///   cannot be read.
  public static func verify(
    _ bytes: [UInt8], against store: any TruthStore, released: UInt64
  ) throws -> ReportProvenance {
    let claimed = try ReportProvenance(foundIn: bytes)
    guard claimed.kind == ScorecardReport.kind else {
      throw ReportError(
        .unknownVersion, "The file is a report that this software does not make.",
        hint: "Check it with the onus that made it.")
    }
    let origin = try FoldedLog(of: store, size: min(1, released)).programme.ledger?.origin ?? ""
    guard claimed.origin.utf8.elementsEqual(TextRules.visible(origin).utf8) else {
      throw ReportError(
        .otherLedger, "The report is of the ledger \(claimed.origin), and this one is \(origin).",
        hint: "Name the folder of the ledger it was made from with --ledger.")
    }
    guard claimed.size <= released else {
      throw ReportError(
        .tooFew, "The report is from \(claimed.size) entries, and this ledger has \(released).",
        hint: "Verify it on a newer copy.")
    }
    let folded = try FoldedLog(of: store, size: claimed.size)
    guard claimed.root.utf8.elementsEqual(folded.position.root.base64.utf8) else {
      throw ReportError(
        .otherRoot,
        "The report names \(claimed.root) as the root of \(claimed.size) entries, and that of this"
          + " ledger is \(folded.position.root.base64).",
        hint: "One of the two was changed: run `onus audit` with a checkpoint from elsewhere.")
    }
    let source = try ReportSource(
      kind: claimed.kind, folded, at: claimed.time, format: claimed.format,
      language: claimed.language)
    let again = ScorecardReport(source).render()
    if let place = firstDifference(bytes, again) {
      let line = bytes[..<place].count { $0 == 0x0A } + 1
      throw ReportError(
        .differs,
        "The report is not what \(claimed.size) entries of this ledger give: it differs first in"
          + " line \(line), at byte \(place + 1).",
        hint: "Make it again with: \(source.provenance.command)")
    }
    return claimed
  }

  private static func firstDifference(_ left: [UInt8], _ right: [UInt8]) -> Int? {
    let count = min(left.count, right.count)
    if let place = (0..<count).first(where: { left[$0] != right[$0] }) { return place }
    return left.count == right.count ? nil : count
  }
}
