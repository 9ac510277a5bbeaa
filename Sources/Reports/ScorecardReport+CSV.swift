internal import Accountability
internal import Encoding

/// UTF-8 with a byte order mark, CRLF, every cell in quotes: the notes, the units, and the events,
/// with an empty line between.
extension ScorecardReport {
  /// What follows the line of the provenance.
  var csv: String {
    var rows = [[title]] + warnings.map { [$0] } + [[method]]
    rows += ReportFigure.allCases.map { [heading($0), meaning($0)] }
    rows += [[falsifiedHeading, falsifiedMeaning]]
    rows += facts.map { [$0.0, $0.1] }
    rows += [[], unitHeadings]
    rows += card.rows.map(unitCells)
    rows += [[], [eventsHeading], eventHeadings]
    for (row, events) in trails() { rows += events.map { cells($0, of: row) } }
    return rows.map { $0.map(ReportText.csvCell).joined(separator: ",") + "\r\n" }.joined()
  }

  private var unitHeadings: [String] {
    var headings = [unitHeading, nameHeading, rankHeading, scoreHeading]
    for figure in ReportFigure.allCases {
      headings += [
        "\(heading(figure)) %", "\(heading(figure))\(colon)\(word("counted", "计入"))",
        "\(heading(figure))\(colon)\(word("of", "总数"))",
      ]
    }
    return headings + [falsifiedHeading]
  }

  private func unitCells(_ row: Scorecard.Row) -> [String] {
    var cells = [
      row.organisation.rawValue, name(row.organisation), row.rank.map(String.init) ?? "",
      row.scorePerMille.map(Self.points) ?? "",
    ]
    for kind in ReportFigure.allCases {
      let figure = kind.figure(of: row)
      cells += [
        figure.perMille.map(Self.points) ?? "", String(figure.part), String(figure.whole),
      ]
    }
    return cells + [String(row.falsified.count)]
  }

  /// The headings of the list of events, for CSV and Markdown.
  var eventHeadings: [String] {
    [
      unitHeading, word("Figure", "项目"), word("Counts", "计入"), word("Why", "原因"),
      word("Task", "任务"), word("What", "内容"), word("Period", "周期"), word("Event", "事件"),
      word("Entry", "条目"), word("Due date set by entry", "时限所在条目"),
    ]
  }

  /// The cells of one thing counted, for CSV and Markdown.
  func cells(_ event: CountedEvent, of row: Scorecard.Row) -> [String] {
    [
      row.organisation.rawValue, heading(event.figure),
      event.isCounted ? word("yes", "是") : word("no", "否"), word(event.why.words),
      event.task.rawValue, kind(event), event.period?.description ?? "",
      event.citation?.description ?? "", event.entry.map(String.init) ?? "",
      event.dueEntry.map(String.init) ?? "",
    ]
  }
}
