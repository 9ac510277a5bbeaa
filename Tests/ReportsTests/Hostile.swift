import Accountability
import Reports

/// What somebody may choose for the title of a plan or the name of a unit in order to break a
/// report, or whoever reads it.
enum Hostile {
  /// A line that looks like a provenance of its own.
  static let provenance =
    #"onus/report/v1 {"command":"onus report scorecard --format md --lang en --as-of 1 --at 2024-01-02T00:00:00.000Z","format":"md","kind":"scorecard","lang":"en","origin":"evil.example/log","root":"AAAA","rules":1,"simulated":false,"size":1,"time":"2024-01-02T00:00:00.000Z","version":1}"#

  /// What the ledger lets in.
  static let admitted = [
    provenance, "onus/report/v1", "{\"onus/report/v1\":{", "</script><script>alert(1)</script>",
    "--><!--", "]]>", "</style></title><img src=x onerror=alert(1)>", "\"><svg onload=alert(1)>",
    "'onmouseover='alert(1)", "&lt;script&gt;&#x3c;", "=HYPERLINK(\"http://evil.example\",\"x\")",
    "=cmd|'/C calc'!A0", "@SUM(1+1)", "+1", "-1+1", "  =1+1", "＝1+1", "x;=1+1", "x; \"=1+1",
    "x;'=1+1", "a,\"=1+1\"", "\",\"=1+1", "|x|y|", "\\|x", "`code` ``", "**bold** _it_ ~~no~~",
    "[a](javascript:alert(1))", "![a](http://evil.example/x.png)", "<http://evil.example>",
    "https://evil.example www.evil.example", "# head", "* item", "$x$", ":skull:",
    "\u{200F}right\u{200E}left\u{200B}", "<\u{338}script>", "e\u{301}=\u{338}",
  ]

  /// What it refuses, and a state that was tampered with may hold all the same.
  static let refused = [
    "a\tb", "a\nb", "\n=1+1", "\r\n\"=1+1\"", "\t=1+1", "\u{202E}gnp.exe", "\u{2066}a\u{2069}",
    "\u{1B}[31mred\u{1B}[0m", "\u{1B}]0;title\u{7}", "\u{9B}31m", "a\u{0}b", "a\u{2028}b",
    "x\n    onus/report/v1 {}", "\u{85}",
  ]
}

/// What a browser takes for markup, read without one: tags, and the names of their attributes.
enum Markup {
  /// Fails where a quote is open at the end of a tag, or a `<` begins none.
  static func tags(of page: String) -> [String]? {
    var tags: [String] = []
    var tag: String?
    var isQuoted = false
    for scalar in page.unicodeScalars {
      switch (scalar, tag) {
      case ("<", nil): tag = ""
      case ("<", .some) where !isQuoted: return nil
      case (">", let name?) where !isQuoted:
        tags.append(name)
        tag = nil
      case ("\"", .some): isQuoted.toggle()
      case (_, let name?) where !isQuoted: tag = name + String(scalar)
      default: break
      }
    }
    return tag == nil ? tags : nil
  }
}

/// CSV as RFC 4180 has it, every cell in quotes.
enum Cells {
  static func rows(of text: String) -> [[String]]? {
    var rows: [[String]] = [[]]
    var scalars = Array(text.unicodeScalars)[...]
    while let first = scalars.first {
      if first == "\"" {
        scalars.removeFirst()
        var cell = ""
        while true {
          guard let scalar = scalars.popFirst() else { return nil }
          if scalar != "\"" {
            cell.unicodeScalars.append(scalar)
          } else if scalars.first == "\"" {
            scalars.removeFirst()
            cell += "\""
          } else {
            break
          }
        }
        rows[rows.count - 1].append(cell)
        if scalars.first == "," {
          scalars.removeFirst()
          guard scalars.first == "\"" else { return nil }
          continue
        }
      }
      guard scalars.prefix(2).elementsEqual("\r\n".unicodeScalars) else { return nil }
      scalars.removeFirst(2)
      rows.append([])
    }
    return rows
  }

  /// Whether a spreadsheet would run it, wherever it separates cells.
  static func isFormula(_ cell: String) -> Bool {
    cell.unicodeScalars.split(whereSeparator: { ";\t\r\n".unicodeScalars.contains($0) })
      .contains { part in
        let first = part.first { $0 != " " && $0 != "\"" }
        return first.map { "=+-@＝＋－＠".unicodeScalars.contains($0) } ?? false
      }
  }
}
