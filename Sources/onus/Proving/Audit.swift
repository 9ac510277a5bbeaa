internal import Accountability
internal import ArgumentParser
internal import Cryptography
internal import Encoding
internal import Ledger
internal import SQLiteStorage
internal import TransparencyLog
internal import Views

struct Audit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Re-derive everything from the ledger's bytes, and say what does not hold.",
    discussion: """
      Needs only ledger.db, reads it only, and uses no network. Writes nothing but its own memory of \
      heads. Exit codes: 0 sound · 3 a violation · 4 something could not be checked · 1 could not run.

      Example:
        onus audit --expect received.checkpoint --log-key VKEY
      """)

  @Option(help: "A checkpoint the ledger must extend, which you hold; repeat for more.")
  var expect: [String] = []
  @Option(help: "The log's verifier key, which you were given.") var logKey: String?
  @Option(help: "A file of verifier keys that departments vouch for, one a line.") var pin: String?
  @Option(help: "A file of void entries that were looked into before.") var known: String?
  @Flag(help: "The ledger is a public edition: missing openings are absent.") var publicEdition =
    false
  @Flag(help: "Leave signatures unverified; that axis is then not checked.") var skipSignatures =
    false
  @Flag(help: "Neither use nor keep the memory of heads.") var forget = false
  @Option(help: "The folder of remembered heads; else ~/.config/onus/heads.") var heads: String?
  @Option(help: "The language of findings: en or zh.") var lang: Language = .en
  @OptionGroup var place: LedgerOptions

  func run() async throws {
    let folder = try LedgerFolder(place.folder, for: .readOnly)
    var options = AuditOptions()
    options.checkingSignatures = !skipSignatures
    options.edition = publicEdition ? .public : .full
    options.anchors = try anchors()
    options.remembering = !forget
    if let known { options.knownVoids = try KnownVoids(try Files.read(known)) }
    let (file, store) = (folder.viewsFile, folder.store)
    if Files.exists(file) {
      options.compareViews = { _, _ in try Self.compare(viewsAt: file, of: store) }
    }
    let language = lang
    if !place.json {
      options.onFinding = { finding in
        Terminal.standardError(AuditText.line(finding, language))
      }
      if Terminal.showsProgress {
        options.onProgress = { progress in
          Terminal.standardError("\r\(progress.done) of \(progress.total) entries\u{1B}[K")
          if progress.done == progress.total { Terminal.standardError("\r\u{1B}[K") }
        }
      }
    }
    let report = try await Auditor(folder.store, options).run()
    Terminal.standardOutput(place.json ? "\(report.json)\n" : AuditText.summary(report, lang))
    throw ExitCode(report.exitCode)
  }

  private func anchors() throws -> Anchors {
    var anchors = Anchors()
    anchors.expected = try expect.map { try Files.read($0, limit: 1 << 20) }
    anchors.logKey = try logKey.map { try VerifierKey($0) }
    if let pin {
      anchors.pins = try Files.read(pin).split(separator: UInt8(ascii: "\n")).map {
        try VerifierKey(String(decoding: $0, as: UTF8.self))
      }
    }
    if !forget {
      anchors.memory = HeadMemory(folder: heads ?? "\(Files.configuration)/onus/heads")
    }
    return anchors
  }

  private static func compare(viewsAt file: String, of store: SQLiteStore) throws -> ViewsVerdict {
    switch try ViewsCheck(viewsAt: file, of: store) {
    case .equal: .same
    case .absent: .notComparable("There are no views.")
    case .outdated:
      .notComparable("The views are of another version; the next command rebuilds them.")
    case .ofAnotherLog: .different("The views are of another log than this one.")
    case .different(let table, let size):
      .different("The views' table \(table) is not what \(size) entries fold to.")
    }
  }
}

/// An audit's report for a person.
enum AuditText {
  static func line(_ finding: Finding, _ language: Language) -> String {
    let sentence = language == .zh ? finding.sentence.chinese : finding.sentence.english
    let place = finding.entry.map { "entry \($0): " } ?? ""
    let colour: Terminal.Colour = finding.isViolation ? .red : .yellow
    let code = Terminal.coloured(finding.code.rawValue, colour)
    return "\(code) \(finding.axis.rawValue): \(place)\(Terminal.safe(sentence))\n"
  }

  static func summary(_ report: AuditReport, _ language: Language) -> String {
    let isChinese = language == .zh
    var rows: [[String]] = []
    for axis in Axis.allCases {
      rows.append([name(axis, isChinese), word(report[axis], isChinese), remark(axis, report)])
    }
    var text = Terminal.table(rows)
    text += "\n"
    if let origin = report.origin { text += "\(Terminal.safe(origin))\n" }
    text +=
      isChinese
      ? "共 \(report.size) 条目，根 \(report.root)\n" : "\(report.size) entries, root \(report.root)\n"
    if report.clock == .simulated {
      text += isChinese ? "本台账使用模拟时钟。\n" : "The clock of this ledger is simulated.\n"
    }
    for key in report.recoveredKeys {
      text += "recovered key \(key.key), at entry \(key.enrolledAt)\n"
    }
    for key in report.compromisedKeys {
      let since = key.compromisedSince.map { " since \($0)" } ?? ""
      text += "reported compromised: \(key.key)\(since)\n"
    }
    if report.voidCount > 0 {
      text += "\(report.voidCount) void entries, of which \(report.knownVoidCount) are known\n"
    }
    text += verdict(report, isChinese) + "\n"
    return text
  }

  private static func verdict(_ report: AuditReport, _ isChinese: Bool) -> String {
    switch report.exitCode {
    case 0:
      return Terminal.coloured(isChinese ? "完好" : "SOUND", .green)
        + (isChinese ? "：至第 \(report.size) 条目均成立。" : ": everything holds to entry \(report.size).")
    case 4:
      let word = isChinese ? "未能全部核验" : "NOT FULLY CHECKED"
      let tail =
        report.isAnchored
        ? ""
        : isChinese
          ? "（UNANCHORED：没有外部存证，无法判断是否被截短）"
          : " (UNANCHORED: with nothing held outside it, a truncated log cannot be told from a short one)"
      return Terminal.coloured(word, .yellow) + tail
    default:
      return Terminal.coloured(isChinese ? "发现违规" : "VIOLATION", .red)
        + (isChinese ? "：见以上发现。" : ": see the findings above.")
    }
  }

  private static func remark(_ axis: Axis, _ report: AuditReport) -> String {
    switch axis {
    case .signatures: "\(report.signatureCount) verified"
    case .anchoring: report.isAnchored ? "" : "UNANCHORED"
    case .content:
      "\(report.openedCount) opened, \(report.missingOpeningCount) not here"
        + " (edition \(report.edition.rawValue))"
    default: ""
    }
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
    return Terminal.hasColour ? Terminal.coloured(text, colour) : text
  }
}
