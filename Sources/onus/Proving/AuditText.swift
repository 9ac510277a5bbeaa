internal import Accountability
internal import Cryptography
internal import Encoding
internal import Ledger

/// An audit's report for a person, every line of it in English or in Chinese.
enum AuditText {
  /// A finding: its code, the axis, the entry, and what was found.
  static func line(_ finding: Finding, _ language: Language) -> String {
    let isChinese = language == .zh
    let sentence = isChinese ? finding.sentence.chinese : finding.sentence.english
    let place = finding.entry.map { isChinese ? "第 \($0) 条目：" : "entry \($0): " } ?? ""
    let colour: Terminal.Colour = finding.isViolation ? .red : .yellow
    let code = Terminal.coloured(finding.code.rawValue, colour)
    let axis = name(finding.axis, isChinese) + (isChinese ? "：" : ": ")
    return "\(code) \(axis)\(place)\(Terminal.safe(sentence))\n"
  }

  /// How far the audit is; it overwrites the line before.
  static func progress(_ done: UInt64, _ total: UInt64, _ language: Language) -> String {
    let text = language == .zh ? "已核 \(done) / \(total) 条目" : "\(done) of \(total) entries"
    return "\r\(text)\u{1B}[K"
  }

  /// The axes, what the ledger is, what every auditor should know of its keys, and the verdict.
  static func summary(_ report: AuditReport, _ language: Language) -> String {
    let isChinese = language == .zh
    let rows = Axis.allCases.map {
      [name($0, isChinese), word(report[$0], isChinese), remark($0, report, isChinese)]
    }
    var text = Terminal.table(rows) + "\n"
    if let origin = report.origin { text += "\(Terminal.safe(origin))\n" }
    text +=
      isChinese
      ? "共 \(report.size) 条目，根 \(report.root)\n" : "\(report.size.entries), root \(report.root)\n"
    if report.clock == .simulated { text += language.simulatedClock }
    text += TimestampText.summary(report, isChinese)
    text += keys(report, isChinese)
    text += BundleText.remarks(report.bundleFiles ?? [], isChinese)
    if report.voidCount > 0 {
      text +=
        isChinese
        ? "无效条目 \(report.voidCount) 条，其中已知 \(report.knownVoidCount) 条\n"
        : "\(report.voidCount) void entries, of which \(report.knownVoidCount) are known\n"
    }
    if report.furtherFindingCount > 0 {
      text +=
        isChinese
        ? "另有 \(report.furtherFindingCount) 项发现未予保留\n"
        : "\(report.furtherFindingCount) more findings were counted and not kept\n"
    }
    return text + verdict(report, isChinese) + "\n"
  }

  private static func keys(_ report: AuditReport, _ isChinese: Bool) -> String {
    var text = ""
    for key in report.recoveredKeys {
      text +=
        isChinese
        ? "第 \(key.enrolledAt) 条目恢复的密钥：\(key.key)\n"
        : "recovered key \(key.key), at entry \(key.enrolledAt)\n"
    }
    for key in report.compromisedKeys {
      if isChinese {
        let since = key.compromisedSince.map { "，自 \($0) 起" } ?? ""
        text += "据报已泄露的密钥：\(key.key)\(since)\n"
      } else {
        let since = key.compromisedSince.map { " since \($0)" } ?? ""
        text += "reported compromised: \(key.key)\(since)\n"
      }
    }
    return text
  }

  private static func verdict(_ report: AuditReport, _ isChinese: Bool) -> String {
    switch report.exitCode {
    case 0:
      // Entries count from 0.
      let last = report.size - min(report.size, 1)
      return Terminal.coloured(isChinese ? "完好" : "SOUND", .green)
        + (isChinese ? "：至第 \(last) 条目均成立。" : ": everything holds to entry \(last).")
    case 4:
      let word = isChinese ? "未能全部核验" : "NOT FULLY CHECKED"
      let tail =
        report.isAnchored
        ? ""
        : isChinese
          ? "（UNANCHORED：没有任何留存于台账之外的存证，无法判断是否被截短）"
          : " (UNANCHORED: with nothing held outside it, a truncated log cannot be told from a short one)"
      return Terminal.coloured(word, .yellow) + tail
    default:
      return Terminal.coloured(isChinese ? "发现违规" : "VIOLATION", .red)
        + (isChinese ? "：见以上发现。" : ": see the findings above.")
    }
  }

  private static func remark(
    _ axis: Axis, _ report: AuditReport, _ isChinese: Bool
  ) -> String {
    switch axis {
    case .signatures:
      let from = report.earlierVerifiedCount
      guard from > 0 else {
        return isChinese
          ? "已验证 \(report.signatureCount) 个" : "\(report.signatureCount) verified"
      }
      return isChinese
        ? "自第 \(from) 条目起已验证 \(report.signatureCount) 个；此前各条由以往审计验证"
        : "\(report.signatureCount) verified from entry \(from) on; those before it in an earlier audit here"
    case .anchoring:
      // Whatever it agrees with, it contradicts something else: nothing is unanchored then.
      if report[axis] == .failed {
        return isChinese ? "与台账之外的存证不符" : "it contradicts what is held outside it"
      }
      guard report.isAnchored else { return isChinese ? "未锚定（UNANCHORED）" : "UNANCHORED" }
      // Everything that it was held against: each covers another part of it.
      let parts = [
        report.anchors.isEmpty ? nil : held(report.anchors, isChinese),
        report.witnessed.map { remark($0, isChinese) },
      ].compactMap { $0 }
      return parts.joined(separator: isChinese ? "；" : "; ")
    case .content:
      guard isChinese else {
        return "\(report.openedCount) opened, \(report.missingOpeningCount) not here"
          + " (edition \(report.edition.rawValue))"
      }
      let edition = report.edition == .full ? "完整版" : "公开版"
      return "已启封 \(report.openedCount) 件，缺 \(report.missingOpeningCount) 件（\(edition)）"
    default: return ""
    }
  }

  /// What the ledger was held against: only as much is known as that covers.
  private static func held(_ anchors: [AuditReport.Anchor], _ isChinese: Bool) -> String {
    let parts = anchors.map { anchor in
      switch (anchor.kind, isChinese) {
      case (.brought, false): "your checkpoint of \(anchor.size.entries)"
      case (.brought, true): "所带存证点（\(anchor.size) 条）"
      case (.remembered, false): "an earlier audit of \(anchor.size.entries) here"
      case (.remembered, true): "本机以往审计（\(anchor.size) 条）"
      }
    }
    return isChinese
      ? "对照\(parts.joined(separator: "、"))" : "held against \(parts.joined(separator: " and "))"
  }

  private static func remark(
    _ witnessed: AuditReport.Witnessed, _ isChinese: Bool
  ) -> String {
    let names = witnessed.witnesses.map { Terminal.safe($0.name) }
    // Entries count from 0.
    let last = witnessed.size - min(witnessed.size, 1)
    return isChinese
      ? "至第 \(last) 条目由 \(names.joined(separator: "、")) 见证"
      : "witnessed to entry \(last) by \(names.joined(separator: ", "))"
  }

  private static func name(_ axis: Axis, _ isChinese: Bool) -> String {
    guard isChinese else { return axis.rawValue }
    return switch axis {
    case .integrity: "完整性"
    case .signatures: "签名"
    case .history: "历史"
    case .authority: "权限"
    case .anchoring: "存证"
    case .content: "内容"
    case .views: "视图"
    }
  }

  private static func word(_ status: AuditReport.Status, _ isChinese: Bool) -> String {
    let (text, colour): (String, Terminal.Colour) =
      switch status {
      case .ok: (isChinese ? "成立" : "ok", .green)
      case .failed: (isChinese ? "不成立" : "FAILED", .red)
      case .notChecked: (isChinese ? "未核验" : "not checked", .yellow)
      case .absent: (isChinese ? "无" : "absent", .grey)
      }
    return Terminal.coloured(text, colour)
  }
}
