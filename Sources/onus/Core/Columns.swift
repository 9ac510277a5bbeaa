/// Rows in columns that fit the width of a line: what is too wide for it goes on in further lines.
struct Columns {
  /// How a column is wrapped. Others are never broken: an id in two lines is none to copy.
  enum Wrapping {
    /// Between words, between wide characters, and if need be within a word.
    case text
    /// Between words and between wide characters only.
    case words
  }

  /// No column of text is made narrower than this.
  private static let narrowest = 10
  /// How far columns are apart.
  private static let gap = 2

  /// How many columns an answer may take: the terminal's, or those of a page where it is none.
  static let answerWidth = Terminal.columns ?? 80

  private let widths: [Int]

  /// Columns for these rows, the wrapped ones as wide as there is room: the widest gives way first.
  init(_ rows: [[String]], wrapping: [Int: Wrapping] = [:], width: Int = answerWidth) {
    let count = rows.map(\.count).max() ?? 0
    func widest(_ column: Int, _ measure: (String) -> Int) -> Int {
      rows.map { column < $0.count ? measure($0[column]) : 0 }.max() ?? 0
    }
    var widths = (0..<count).map { widest($0, Terminal.width(of:)) }
    let least = (0..<count).map { column in
      switch wrapping[column] {
      case nil: widths[column]
      case .text: min(widths[column], Self.narrowest)
      case .words: widest(column) { Self.pieces($0).map(Terminal.width(of:)).max() ?? 0 }
      }
    }
    var excess = widths.reduce(0, +) + Self.gap * max(0, count - 1) - width
    while excess > 0,
      let column = widths.indices.filter({ widths[$0] > least[$0] }).max(by: {
        widths[$0] < widths[$1]
      })
    {
      widths[column] -= 1
      excess -= 1
    }
    self.widths = widths
  }

  /// The lines that a row takes.
  func lines(_ row: [String]) -> [String] {
    let cells = row.enumerated().map { Self.wrapped($1, to: widths[$0]) }
    return (0..<(cells.map(\.count).max() ?? 0)).map { number in
      var line = ""
      // Where the column begins, and how far the line goes.
      var (start, end) = (0, 0)
      for (column, cell) in cells.enumerated() {
        if number < cell.count, !cell[number].isEmpty {
          // A character may be wider than its column: what follows then begins where it ends.
          line += String(repeating: " ", count: max(0, start - end)) + cell[number]
          end = max(start, end) + Terminal.width(of: cell[number])
        }
        start += widths[column] + Self.gap
      }
      return line
    }
  }

  /// A text in lines of at most so many columns.
  static func wrapped(_ text: String, to width: Int) -> [String] {
    guard Terminal.width(of: text) > width else { return [text] }
    var lines = [""]
    for piece in pieces(text) {
      let last = lines[lines.count - 1]
      let visible = piece.last == " " ? piece.dropLast() : piece[...]
      if Terminal.width(of: last) + Terminal.width(of: String(visible)) <= width {
        lines[lines.count - 1] += piece
        continue
      }
      if !last.isEmpty { lines.append("") }
      for character in piece {
        let line = lines[lines.count - 1]
        if !line.isEmpty, character != " ",
          Terminal.width(of: line) + Terminal.width(of: String(character)) > width
        {
          lines.append("")
        }
        lines[lines.count - 1].append(character)
      }
    }
    return lines.map { line in String(line.reversed().drop { $0 == " " }.reversed()) }
  }

  /// What is kept together: words with the blank after them, and wide characters one by one, with the
  /// closing marks that follow them.
  private static func pieces(_ text: String) -> [String] {
    var pieces: [String] = []
    var isOpen = false
    for character in text {
      let isWide = Terminal.width(of: String(character)) > 1
      if isOpen && !isWide || isWide && !pieces.isEmpty && "，。、；：？！）》”’".contains(character) {
        pieces[pieces.count - 1].append(character)
      } else {
        pieces.append(String(character))
      }
      isOpen = !isWide && character != " "
    }
    return pieces
  }
}
