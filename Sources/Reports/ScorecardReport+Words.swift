internal import Accountability
internal import Encoding

/// What every form says, in the language of the report. Titles and names come out plain.
extension ScorecardReport {
  var isChinese: Bool { source.provenance.language == .chinese }

  func word(_ english: String, _ chinese: String) -> String { isChinese ? chinese : english }

  func word(_ words: (english: String, chinese: String)) -> String {
    word(words.english, words.chinese)
  }

  var colon: String { word(": ", "：") }

  var title: String {
    let charter = source.programme.charter
    let programme = TextRules.visible(
      (isChinese ? charter?.titleChinese : charter?.titleEnglish) ?? "")
    return programme.isEmpty
      ? word("Scorecard", "责任记分表") : "\(programme)\(colon)\(word("scorecard", "责任记分表"))"
  }

  func name(_ id: OrganisationID) -> String {
    let organisation = source.programme.organisations[id]
    return TextRules.visible(
      (isChinese ? organisation?.nameChinese : organisation?.nameEnglish) ?? id.rawValue)
  }

  /// The date at which the figures stand, on the wall of the programme.
  var day: Day { source.provenance.time.day(at: source.programme.charter?.offset ?? .utc) }

  // MARK: Headings

  var unitHeading: String { word("Unit", "单位") }
  var nameHeading: String { word("Name", "名称") }
  var rankHeading: String { word("Rank", "名次") }
  var scoreHeading: String { word("Score", "得分") }
  var falsifiedHeading: String { word("Falsified", "失实") }

  func heading(_ figure: ReportFigure) -> String {
    switch figure {
    case .onTime: word("On time", "按时办结")
    case .quality: word("Quality", "质量")
    case .reporting: word("Reporting", "报送")
    case .corrections: word("Corrections", "更正")
    case .evidence: word("Evidence", "佐证")
    }
  }

  /// What a share is of.
  func meaning(_ figure: ReportFigure) -> String {
    switch figure {
    case .onTime:
      word(
        "of the tasks it leads that were due, those closed and claimed by the date in force",
        "其牵头且已到期的任务中，已销号且在有效时限内申报完成的")
    case .quality:
      word(
        "of the reviews of what it reported, those that did not send it back",
        "对其所报内容的审核中，未被退回的")
    case .reporting:
      word("of the reports it owed, those first filed in time", "其应报送的进展中，首次填报未逾期的")
    case .corrections:
      word(
        "of what it reported, that without a correction after the due date",
        "其所报内容中，时限过后未作更正的")
    case .evidence: word("of what it reported, that which cites evidence", "其所报内容中，附有佐证材料的")
    }
  }

  var falsifiedMeaning: String {
    word("how many reviews sent something back as falsified", "审核认定内容失实而退回的次数")
  }

  var eventsHeading: String { word("The events behind each figure", "各项数据的依据") }

  func kind(_ event: CountedEvent) -> String {
    switch event.kind {
    case .progress: word("report", "进展填报")
    case .contribution: word("contribution", "配合填报")
    case .milestone: word("milestone", "节点") + (event.milestone.map { " \($0)" } ?? "")
    case .claim: word("claim", "完成申报")
    }
  }

  // MARK: Figures

  func rank(_ row: Scorecard.Row) -> String { row.rank.map(String.init) ?? "–" }

  func score(_ row: Scorecard.Row) -> String { row.scorePerMille.map(Self.points) ?? "–" }

  /// `876` as `87.6`.
  static func points(_ perMille: Int) -> String { "\(perMille / 10).\(perMille % 10)" }

  // MARK: Sentences

  /// How the score is made.
  var method: String {
    let weights = ReportFigure.allCases.map {
      "\(heading($0)) \($0.weight(in: card.weights))"
    }.joined(separator: word(", ", "、"))
    return word(
      "Score out of 100, weighted: \(weights); a share of nothing is left out. No rank under \(Scorecard.rankedFrom) due tasks.",
      "得分满分100，权重：\(weights)；无可计数的项目不计入。到期任务不足\(Scorecard.rankedFrom)项不排名。")
  }

  var clockWarning: String? {
    guard source.provenance.isSimulated else { return nil }
    return word(
      "The clock of this ledger is simulated: no date here is a real one.",
      "本台账使用模拟时钟，所列日期均非真实日期。")
  }

  var voidWarning: String? {
    let count = source.voidEntries.count
    guard count > 0 else { return nil }
    let listed = source.voidEntries.prefix(20).map(String.init).joined(separator: ", ")
    let more = count > 20 ? ", …" : ""
    return word(
      "Left out, because the rules do not allow them: \(count) entries (\(listed)\(more)).",
      "因不符合规则而未计入的条目共\(count)条（\(listed)\(more)）。")
  }

  var warnings: [String] { [clockWarning, voidWarning].compactMap { $0 } }

  /// What the report was made from, as pairs of a word and a value; the command is the last.
  var facts: [(String, String)] {
    let from = source.provenance
    return [
      (word("Ledger", "台账"), from.origin), (word("Entries", "条目数"), String(from.size)),
      (word("Root", "根"), from.root), (word("Rules", "规则版本"), String(from.rules)),
      (word("Judged at", "截至"), from.time.description),
      (word("Report", "报表版本"), "\(from.kind) \(ReportProvenance.version)"),
      (word("Made again by", "复现命令"), from.command),
    ]
  }
}
