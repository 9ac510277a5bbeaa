internal import Accountability

/// The page: one file, no script, nothing fetched; it prints on A4 landscape.
extension ScorecardReport {
  var html: String {
    let language = isChinese ? "zh-Hans" : "en"
    var page = """
      <!doctype html>
      <html lang="\(language)">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="onus-report" content="\(Self.escaped(source.provenance.line))">
      <title>\(Self.escaped(title))</title>
      <style>
      \(Self.style)
      </style>
      </head>
      <body>
      <h1>\(Self.escaped(title))</h1>

      """
    if source.provenance.isSimulated {
      page +=
        "<p class=\"warning\">\(word("The clock of this ledger is simulated.", "本台账使用模拟时钟。"))</p>\n"
    }
    page += table + details
    page += "<p class=\"method\">\(Self.escaped(method))</p>\n<footer>\n"
    for line in statement { page += "<p>\(Self.escaped(line))</p>\n" }
    return page + "</footer>\n</body>\n</html>\n"
  }

  private var table: String {
    var rows = "<table>\n<thead><tr>"
    for heading in headings { rows += "<th scope=\"col\">\(Self.escaped(heading))</th>" }
    rows += "</tr></thead>\n<tbody>\n"
    for row in card.rows {
      let cells = cells(row)
      rows += "<tr><th scope=\"row\"><a href=\"#\(cells[0])\">\(cells[0])</a></th>"
      rows += "<td>\(Self.escaped(cells[1]))</td><td class=\"n\">\(cells[2])</td>"
      rows += "<td class=\"n score\">\(cells[3])\(bar(row.score))</td>"
      for cell in cells[4...8] { rows += "<td class=\"n\">\(cell)</td>" }
      rows += "<td class=\"n bad\">\(cells[9])</td></tr>\n"
    }
    return rows + "</tbody>\n</table>\n"
  }

  private func bar(_ score: Int?) -> String {
    guard let score else { return "" }
    let level = score >= 800 ? "high" : score >= 600 ? "middle" : "low"
    return "<span class=\"bar\"><i class=\"\(level)\" style=\"width:\(score / 10)%\"></i></span>"
  }

  /// The events behind every figure, unit by unit.
  private var details: String {
    var text = "<h2>\(word("The events behind each figure", "各项数据的依据"))</h2>\n"
    for row in card.rows {
      let id = row.organisation.rawValue
      text +=
        "<details id=\"\(id)\"><summary>\(id) \(Self.escaped(name(row.organisation)))</summary>\n"
      text += list(headings[4], row.onTime) + list(headings[5], row.quality)
      text += list(headings[6], row.reporting) + list(headings[7], row.corrections)
      text += list(headings[8], row.evidence) + "</details>\n"
    }
    return text
  }

  private func list(_ heading: String, _ figure: Figure) -> String {
    guard !figure.items.isEmpty else { return "" }
    var text =
      "<h3>\(Self.escaped(heading)) \(figure.part)/\(figure.whole)</h3>\n<p class=\"items\">"
    text += figure.items.map { item in
      let period = item.period.map { " \($0)" } ?? ""
      let event = item.citation.map { " \($0)" } ?? item.entry.map { " #\($0)" } ?? ""
      let mark = item.isCounted ? "yes" : "no"
      return "<span class=\"\(mark)\">\(Self.escaped("\(item.task)\(period)\(event)"))</span>"
    }.joined(separator: " ")
    return text + "</p>\n"
  }

  /// Text for an element or a quoted attribute.
  static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
  }

  private static let style = """
    @page { size: A4 landscape; margin: 12mm }
    body { font: 14px/1.5 system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif; color: #1b1f24;
      margin: 2rem auto; max-width: 72rem; padding: 0 1rem }
    h1 { font-size: 1.6rem; margin: 0 0 1rem } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
    h3 { font-size: .85rem; margin: .6rem 0 .1rem; color: #57606a }
    table { border-collapse: collapse; width: 100% }
    th, td { padding: .35rem .5rem; border-bottom: 1px solid #d8dee4; text-align: left }
    thead th { border-bottom: 2px solid #1b1f24; font-size: .8rem; white-space: nowrap }
    thead th:nth-child(n + 3) { text-align: right }
    td.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
    td.bad { color: #b3261e; font-weight: 600 } td.score { min-width: 7rem; font-weight: 600 }
    a { color: inherit }
    .bar { display: block; height: 4px; background: #eaeef2; margin-top: 2px }
    .bar i { display: block; height: 4px } .high { background: #2da44e }
    .middle { background: #d4a72c } .low { background: #cf222e }
    .warning { background: #fff8c5; border: 1px solid #d4a72c; padding: .4rem .7rem }
    summary { cursor: pointer; padding: .2rem 0 } .items { margin: 0; font-size: .75rem }
    .items span { display: inline-block; margin: 0 .5rem .1rem 0 } .no { color: #b3261e }
    .method { color: #57606a } footer { border-top: 1px solid #d8dee4; margin-top: 1.5rem;
      font-size: .75rem; color: #57606a; word-break: break-all } footer p { margin: .2rem 0 }
    @media print { body { margin: 0; max-width: none } details { display: none } h2 { display: none } }
    """
}
