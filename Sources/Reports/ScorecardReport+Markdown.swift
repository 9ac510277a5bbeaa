internal import Accountability

/// GitHub's Markdown. The provenance is the first line, an indented code block, in which nothing
/// needs to be escaped.
extension ScorecardReport {
  /// What follows the line of the provenance.
  var markdown: String {
    var lines = ["", "# \(ReportText.markdown(title))", ""]
    for warning in warnings { lines += ["> \(warning)", ""] }
    lines += table(
      [unitHeading, nameHeading, rankHeading, scoreHeading]
        + ReportFigure.allCases.map(heading) + [falsifiedHeading],
      aligned: 2, card.rows.map(markdownCells))
    lines += ["", method, ""]
    lines += ReportFigure.allCases.map { "* \(heading($0))\(colon)\(meaning($0))" }
    lines += ["* \(falsifiedHeading)\(colon)\(falsifiedMeaning)"]
    lines += ["", "## \(word("What it was made from", "报表来源"))", ""]
    lines += facts.map { "* \($0.0)\(colon)\(Self.code($0.1))" }
    lines += ["", "## \(eventsHeading)", ""]
    lines += table(
      eventHeadings, aligned: eventHeadings.count,
      trails().flatMap { row, events in events.map { cells($0, of: row) } })
    return lines.joined(separator: "\n") + "\n"
  }

  private func markdownCells(_ row: Scorecard.Row) -> [String] {
    var cells = [row.organisation.rawValue, name(row.organisation), rank(row), score(row)]
    for kind in ReportFigure.allCases {
      let figure = kind.figure(of: row)
      cells.append(
        figure.perMille.map { "\(Self.points($0))% (\(figure.part)/\(figure.whole))" } ?? "–")
    }
    return cells + [String(row.falsified.count)]
  }

  /// A table whose columns from `aligned` on are numbers.
  private func table(_ headings: [String], aligned: Int, _ rows: [[String]]) -> [String] {
    let rule = headings.indices.map { $0 < aligned ? "---" : "--:" }.joined(separator: "|")
    return [Self.line(headings), "|\(rule)|"] + rows.map(Self.line)
  }

  private static func line(_ cells: [String]) -> String {
    "| \(cells.map(ReportText.markdown).joined(separator: " | ")) |"
  }

  /// Text in backticks, more of them than it holds itself.
  static func code(_ text: String) -> String {
    var longest = 0
    var run = 0
    for scalar in text.unicodeScalars {
      run = scalar == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    let ticks = String(repeating: "`", count: longest + 1)
    let isBare = text.utf8.first != UInt8(ascii: "`") && text.utf8.last != UInt8(ascii: "`")
    return isBare ? ticks + text + ticks : "\(ticks) \(text) \(ticks)"
  }
}
