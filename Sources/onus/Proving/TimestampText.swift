internal import Encoding
internal import Ledger

/// What timestamps say, for a person.
enum TimestampText {
  /// One of them: how many entries existed by when, and who says so.
  static func sentence(_ timestamped: AuditReport.Timestamped, _ isChinese: Bool) -> String {
    let (size, time) = (timestamped.size, timestamped.time)
    let authority = Terminal.safe(timestamped.authority)
    let accuracy = timestamped.accuracyMilliseconds.map { seconds($0) }
    guard isChinese else {
      let what = size == 1 ? "the first entry" : "the first \(size) entries"
      return "\(what) existed by \(time)\(accuracy.map { " (± \($0) s)" } ?? ""), says \(authority)"
    }
    return
      "前 \(size) 条目不晚于 \(time) 即已存在\(accuracy.map { "（± \($0) 秒）" } ?? "")，出具机构：\(authority)"
  }

  /// What an audit found them to say: whose word counts, and what is left to check.
  static func summary(_ report: AuditReport, _ isChinese: Bool) -> String {
    var text = ""
    let newest = report.newestTimestamps
    for timestamped in newest { text += sentence(timestamped, isChinese) + "\n" }
    let unasked = report.timestamps.count { $0.standing == .notChecked }
    if unasked > 0 {
      text +=
        isChinese
        ? "存有 \(unasked) 份时间戳，未按任何机构的证书核验（请用 --tsa-certificates 提供其证书）\n"
        : "\(unasked.counted("timestamp")) kept, held against no authority's certificates: bring them with --tsa-certificates\n"
    }
    let distrusted = report.timestamps.compactMap { timestamped -> String? in
      guard case .untrusted = timestamped.standing else { return nil }
      return timestamped.authority
    }
    if let first = distrusted.first {
      text +=
        isChinese
        ? "另有 \(distrusted.count) 份时间戳，所带证书未予担保，如：\(Terminal.safe(first))\n"
        : "\(distrusted.count.counted("timestamp")) by others than your certificates vouch for, such as \(Terminal.safe(first))\n"
    }
    return text
  }

  /// Milliseconds as seconds, without zeros at the end.
  private static func seconds(_ milliseconds: Int64) -> String {
    let (whole, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
    guard rest > 0 else { return "\(whole)" }
    let digits = String("\(1000 + rest)".dropFirst())
    return "\(whole).\(digits[...(digits.lastIndex { $0 != "0" } ?? digits.startIndex)])"
  }
}
