internal import Accountability
internal import Encoding

/// The scorecard of every unit, in four forms and two languages (DOMAIN §5, §6).
public struct ScorecardReport: Sendable {
  let source: ReportSource
  let card: Scorecard

  /// Makes the scorecard of a state at the instant of its provenance.
  public init(_ source: ReportSource) {
    self.source = source
    card = Scorecard.make(programme: source.programme, at: source.provenance.time)
  }

  /// The bytes of the report; the same source gives the same bytes.
  public func render() -> [UInt8] {
    switch source.provenance.format {
    case .html: Array(html.utf8)
    case .csv: [0xEF, 0xBB, 0xBF] + Array(csv.utf8)
    case .json: CanonicalJSON.write(json) + [UInt8(ascii: "\n")]
    case .markdown: Array(markdown.utf8)
    }
  }

  // MARK: Words

  var isChinese: Bool { source.provenance.language == .chinese }

  func word(_ english: String, _ chinese: String) -> String { isChinese ? chinese : english }

  var title: String {
    let charter = source.programme.charter
    let programme = (isChinese ? charter?.titleChinese : charter?.titleEnglish) ?? ""
    return programme.isEmpty
      ? word("Scorecard", "责任记分表") : "\(programme)\(word(": scorecard", "：责任记分表"))"
  }

  /// The headings of the table, in order.
  var headings: [String] {
    [
      word("Unit", "单位"), word("Name", "名称"), word("Rank", "名次"), word("Score", "得分"),
      word("On time", "按时办结"), word("Quality", "质量"), word("Reporting", "报送"),
      word("Corrections", "更正"), word("Evidence", "佐证"), word("Falsified", "失实"),
    ]
  }

  func cells(_ row: Scorecard.Row) -> [String] {
    [
      row.organisation.rawValue, name(row.organisation), row.rank.map(String.init) ?? "–",
      row.score.map(Self.points) ?? "–", figure(row.onTime), figure(row.quality),
      figure(row.reporting), figure(row.corrections), figure(row.evidence),
      row.falsified.isEmpty ? "" : String(row.falsified.count),
    ]
  }

  func name(_ id: OrganisationID) -> String {
    let organisation = source.programme.organisations[id]
    return (isChinese ? organisation?.nameChinese : organisation?.nameEnglish) ?? id.rawValue
  }

  private func figure(_ figure: Figure) -> String {
    guard let perMille = figure.perMille else { return "–" }
    return "\(Self.points(perMille))% (\(figure.part)/\(figure.whole))"
  }

  /// `876` as `87.6`.
  static func points(_ perMille: Int) -> String { "\(perMille / 10).\(perMille % 10)" }

  /// The lines that say what the report was made from.
  var statement: [String] {
    let from = source.provenance
    var lines = [
      word(
        "From \(from.size) entries of \(from.origin), rules \(from.rules), at \(from.time).",
        "依据 \(from.origin) 前 \(from.size) 条目，规则版本 \(from.rules)，截至 \(from.time)。"),
      word("Root \(from.root).", "根 \(from.root)。"),
      word("Make it again with: \(from.command)", "复现命令：\(from.command)"),
    ]
    if from.isSimulated { lines.append(word("The clock is simulated.", "本台账使用模拟时钟。")) }
    return lines
  }

  /// How the score is made.
  var method: String {
    let weights = card.weights
    return word(
      "Score: on time \(weights.onTime), quality \(weights.quality), reporting \(weights.reporting), corrections \(weights.corrections), evidence \(weights.evidence); a figure with nothing to count is left out. No rank under \(Scorecard.rankedFrom) due tasks.",
      "得分权重：按时办结 \(weights.onTime)、质量 \(weights.quality)、报送 \(weights.reporting)、更正 \(weights.corrections)、佐证 \(weights.evidence)；无可计数的项目不计入。到期任务不足 \(Scorecard.rankedFrom) 项不排名。"
    )
  }

  // MARK: Forms without layout

  private var csv: String {
    var rows = [[source.provenance.line], headings]
    rows += card.rows.map(cells)
    return rows.map { $0.map(Self.csvCell).joined(separator: ",") + "\r\n" }.joined()
  }

  /// A cell in quotes; what a spreadsheet would run as a formula begins with an apostrophe instead.
  static func csvCell(_ text: String) -> String {
    let isFormula = text.utf8.first.map { "=+-@\t\r".utf8.contains($0) } ?? false
    return "\"\(isFormula ? "'" : "")\(text.replacing("\"", with: "\"\""))\""
  }

  private var markdown: String {
    var lines = ["# \(Self.markdownText(title))", ""]
    lines.append(
      "| " + headings.map(Self.markdownText).joined(separator: " | ") + " |")
    lines.append("|" + String(repeating: "---|", count: headings.count))
    for row in card.rows {
      lines.append("| " + cells(row).map(Self.markdownText).joined(separator: " | ") + " |")
    }
    lines += ["", Self.markdownText(method), ""]
    lines += statement.map { "* \(Self.markdownText($0))" }
    lines += ["", "`\(source.provenance.line)`", ""]
    return lines.joined(separator: "\n")
  }

  /// Text that a Markdown renderer shows as it stands.
  static func markdownText(_ text: String) -> String {
    var result = ""
    for character in text {
      if "\\`*_[]<>|#".contains(character) { result.append("\\") }
      result.append(character)
    }
    return result
  }

  private var json: JSONValue {
    .object([
      "provenance": .string(source.provenance.line),
      "rows": .array(card.rows.map(jsonRow)), "title": .string(title),
      "weights": .object([
        "corrections": .integer(Int64(card.weights.corrections)),
        "evidence": .integer(Int64(card.weights.evidence)),
        "onTime": .integer(Int64(card.weights.onTime)),
        "quality": .integer(Int64(card.weights.quality)),
        "reporting": .integer(Int64(card.weights.reporting)),
      ]),
    ])
  }

  private func jsonRow(_ row: Scorecard.Row) -> JSONValue {
    var object: JSONObject = [
      "corrections": jsonFigure(row.corrections), "evidence": jsonFigure(row.evidence),
      "falsified": .array(row.falsified.map { .string($0.description) }),
      "name": .string(name(row.organisation)), "onTime": jsonFigure(row.onTime),
      "quality": jsonFigure(row.quality), "reporting": jsonFigure(row.reporting),
      "unit": .string(row.organisation.rawValue),
    ]
    object["rank"] = row.rank.map { .integer(Int64($0)) }
    object["scorePerMille"] = row.score.map { .integer(Int64($0)) }
    return .object(object)
  }

  private func jsonFigure(_ figure: Figure) -> JSONValue {
    .object([
      "items": .array(figure.items.map(jsonItem)), "part": .integer(Int64(figure.part)),
      "whole": .integer(Int64(figure.whole)),
    ])
  }

  private func jsonItem(_ item: Figure.Item) -> JSONValue {
    var object: JSONObject = [
      "counted": .bool(item.isCounted), "task": .string(item.task.rawValue),
    ]
    object["period"] = item.period.map { .string($0.description) }
    object["event"] = item.citation.map { .string($0.description) }
    object["entry"] = item.entry.map { .integer(Int64(clamping: $0)) }
    return .object(object)
  }
}
