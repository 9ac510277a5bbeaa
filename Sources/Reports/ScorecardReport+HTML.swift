internal import Accountability
internal import Cryptography

/// The page: one file, no script, nothing fetched, and a policy that lets nothing of either in; it
/// prints on A4 landscape with every event.
extension ScorecardReport {
  /// What follows the line of the provenance.
  var html: String {
    var page = """
      <meta http-equiv="Content-Security-Policy" content="\(Self.policy)">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="referrer" content="no-referrer">
      <title>\(ReportText.html(title))</title>
      <style>\(Self.style)</style>
      </head>
      <body>
      <header>
      <h1><bdi>\(ReportText.html(title))</bdi></h1>
      <p class="source">\(word("As of", "截至")) <time datetime="\(day)">\(day)</time> · \
      \(word("from \(source.provenance.size) entries of", "依据")) \
      <bdi>\(ReportText.html(source.provenance.origin))</bdi>\
      \(word("", " 前\(source.provenance.size)条目"))</p>
      </header>
      <main>

      """
    for warning in warnings { page += "<p class=\"warning\">\(ReportText.html(warning))</p>\n" }
    page += table + explanation + origin
    page += eventSections
    return page + "</main>\n</body>\n</html>\n"
  }

  /// Nothing but the one style sheet in the page: no script, picture, font, frame, form or base.
  private static let policy =
    "default-src 'none'; style-src 'sha256-\(SHA256.hash(Array(style.utf8)).base64)';"
    + " base-uri 'none'; form-action 'none'"

  private var table: String {
    var text = "<table class=\"units\" role=\"table\">\n<caption>"
    text += word(
      "\(card.rows.count) units: score, and the share behind each part of it",
      "\(card.rows.count)个单位的得分及各项数据")
    text += "</caption>\n<thead role=\"rowgroup\"><tr role=\"row\">"
    for heading in [unitHeading, rankHeading, scoreHeading] { text += Self.columnHead(heading) }
    for figure in ReportFigure.allCases {
      let weight = figure.weight(in: card.weights)
      text += Self.columnHead(heading(figure), note: "\(word("weight", "权重")) \(weight)")
    }
    text += Self.columnHead(falsifiedHeading) + "</tr></thead>\n<tbody role=\"rowgroup\">\n"
    for row in card.rows { text += line(row) }
    return text + "</tbody>\n</table>\n"
  }

  private static func columnHead(_ heading: String, note: String? = nil) -> String {
    let note = note.map { " <small>\($0)</small>" } ?? ""
    return "<th scope=\"col\" role=\"columnheader\">\(heading)\(note)</th>"
  }

  private func line(_ row: Scorecard.Row) -> String {
    let id = row.organisation.rawValue
    var text = "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\"><a href=\"#unit-\(id)\">\(id)"
    text += " <bdi>\(ReportText.html(name(row.organisation)))</bdi></a></th>"
    text += Self.cell(rankHeading, rank(row))
    text += Self.cell(scoreHeading, "\(Self.bar(row.scorePerMille))<b>\(score(row))</b>")
    for kind in ReportFigure.allCases {
      let figure = kind.figure(of: row)
      let share = figure.perMille.map {
        "\(Self.points($0))% <small>\(figure.part)/\(figure.whole)</small>"
      }
      text += Self.cell(heading(kind), share ?? "–")
    }
    let falsified = row.falsified.count
    return text
      + Self.cell(falsifiedHeading, String(falsified), falsified > 0 ? "falsified" : nil)
      + "</tr>\n"
  }

  private static func cell(_ heading: String, _ content: String, _ kind: String? = nil) -> String {
    let kind = kind.map { " class=\"\($0)\"" } ?? ""
    return "<td role=\"cell\"\(kind) data-label=\"\(heading)\"><span>\(content)</span></td>"
  }

  /// The score again, for the eye; of one colour, since the number says it.
  private static func bar(_ score: Int?) -> String {
    guard let score else { return "" }
    return "<svg class=\"bar\" aria-hidden=\"true\" viewBox=\"0 0 1000 1\""
      + " preserveAspectRatio=\"none\"><rect width=\"\(score)\" height=\"1\"/></svg>"
  }

  private var explanation: String {
    var text = "<section class=\"method\">\n<h2>\(word("How the score is made", "得分方法"))</h2>\n"
    text += "<p>\(ReportText.html(method))</p>\n<dl>\n"
    for figure in ReportFigure.allCases {
      text += "<div><dt>\(heading(figure))</dt><dd>\(meaning(figure))</dd></div>\n"
    }
    text += "<div><dt>\(falsifiedHeading)</dt><dd>\(falsifiedMeaning)</dd></div>\n"
    return text + "</dl>\n</section>\n"
  }

  private var origin: String {
    var text = "<section class=\"origin\">\n"
    text += "<h2>\(word("What it was made from", "报表来源"))</h2>\n<dl>\n"
    for (name, value) in facts {
      text += "<div><dt>\(name)</dt><dd><code>\(ReportText.html(value))</code></dd></div>\n"
    }
    return text + "</dl>\n</section>\n"
  }
}
