/// A number format of a cell (ECMA-376 part 1, 18.8.30), as far as it says whether a person reads in the
/// cell what is stored in it.
struct NumberFormat {
  /// What a cell with the format shows.
  enum Kind: Hashable {
    /// The number, in full.
    case number
    /// The number as a year, a month and a day.
    case day
    /// A time of day, or a day without its year, month or day.
    case time
    case percent
    /// The number divided by thousands.
    case scaled
    /// The number with fewer decimals than are stored.
    case rounded
    /// Something else than the number: digits that are not its own, nothing, a text.
    case unclear
  }

  private let sections: [Section]

  /// The format of a cell that has none.
  static let general = NumberFormat("General")

  /// A format that is written out.
  init(_ code: String) { sections = Self.split(code).map { Section($0) } }

  /// A format that programs know by number, in the locale-independent part of the list.
  init(builtIn id: Int) {
    let code: String? =
      switch id {
      case 0, 49: "General"
      case 1: "0"
      case 2: "0.00"
      case 3: "#,##0"
      case 4: "#,##0.00"
      case 9, 10: "0%"
      case 14, 15, 30, 31: "yyyy-mm-dd"
      case 18...22, 45...47: "h:mm"
      case 37, 38, 41, 42: "#,##0;(#,##0)"
      case 39, 40, 43, 44: "#,##0.00;(#,##0.00)"
      default: nil
      }
    sections = code.map { Self.split($0).map { Section($0) } } ?? []
  }

  /// What a cell shows of a number.
  ///
  /// - Parameter text: The number in full, as ``CellValue`` writes it.
  func kind(of number: Double, _ text: String) -> Kind {
    guard !sections.contains(where: \.hasCondition) else { return .unclear }
    switch (sections.count, number) {
    case (0, _): return .unclear
    case (2, ..<0), (3..., ..<0):
      // A part of their own shows no minus but the one that is written there.
      let kind = sections[1].kind(of: number, text)
      return kind == .number && !sections[1].showsSign ? .unclear : kind
    case (3..., 0): return sections[2].kind(of: number, text)
    default: return sections[0].kind(of: number, text)
    }
  }

  /// Whether a cell shows its text as it is.
  var showsText: Bool {
    sections.count > 3 ? sections[3].isGeneral : !sections.contains { $0.holdsText }
  }

  /// The parts for positive and negative numbers, zero and text.
  private static func split(_ code: String) -> [String] {
    var sections = [""]
    var rest = code[...]
    func append(_ text: some StringProtocol) { sections[sections.count - 1] += text }
    while let next = rest.popFirst() {
      switch next {
      case ";": sections.append("")
      case "\"", "[":
        let end: Character = next == "[" ? "]" : next
        let inside = rest.prefix { $0 != end }
        append(String(next) + inside + String(end))
        rest = rest.dropFirst(inside.count + 1)
      case "\\", "_", "*", "!":
        append(String(next) + rest.prefix(1))
        rest = rest.dropFirst()
      default: append(String(next))
      }
    }
    return sections
  }
}

extension NumberFormat {
  /// One part of a format, taken apart.
  fileprivate struct Section {
    private(set) var hasCondition = false
    private(set) var isGeneral = false
    /// Whether it says how a text is shown, other than as it is.
    private(set) var holdsText = false
    private var isPercent = false
    private var isUnclear = false
    private var isScaled = false
    /// What stands in the cell beside the number.
    private var literal = ""
    /// Whether something else than a blank follows a digit, and no digit after it yet.
    private var hasLiteralBehind = false
    /// Placeholders before and after the point, and how many of the first must be shown.
    private var (wholeCount, leastCount, decimalCount) = (0, 0, 0)
    private var leastDecimalCount = 0
    private var hasPoint = false
    /// Runs of `y`, `m`, `d` and the like, such as "yyyy".
    private var runs: [String] = []

    init(_ code: String) {
      if code.lowercased() == "general" || code == "@" {
        isGeneral = true
        return
      }
      var rest = code[...]
      while let next = rest.popFirst() {
        switch next {
        case "\"":
          let inside = rest.prefix { $0 != "\"" }
          take(literal: inside)
          rest = rest.dropFirst(inside.count + 1)
        case "\\", "!":
          take(literal: rest.prefix(1))
          rest = rest.dropFirst()
        case "_", "*": rest = rest.dropFirst()
        case "[":
          let inside = rest.prefix { $0 != "]" }
          take(bracket: inside)
          rest = rest.dropFirst(inside.count + 1)
        case "0", "#", "?": take(placeholder: next)
        case ".":
          if hasPoint { take(literal: ".") }
          hasPoint = true
        case ",":
          if wholeCount + decimalCount > 0, !rest.contains(where: { "0#?".contains($0) }) {
            isScaled = true
          }
        case "%": isPercent = true
        default: take(letter: Character(next.lowercased()))
        }
      }
    }

    private mutating func take(bracket inside: Substring) {
      switch inside.first {
      case "<", ">", "=": hasCondition = true
      case "$": take(literal: inside.dropFirst().prefix { $0 != "-" })
      case let first?
      where "hms".contains(first.lowercased())
        && inside.allSatisfy({ $0.lowercased() == first.lowercased() }):
        runs.append("h")
      default: break
      }
    }

    private mutating func take(literal text: Substring) {
      literal += text
      hasLiteralBehind =
        hasLiteralBehind || wholeCount + decimalCount > 0 && text.contains { !$0.isWhitespace }
    }

    private mutating func take(placeholder: Character) {
      // What stands between two digits changes the number.
      if hasLiteralBehind { isUnclear = true }
      if hasPoint {
        decimalCount += 1
        leastDecimalCount += placeholder == "0" ? 1 : 0
      } else {
        wholeCount += 1
        leastCount += placeholder == "0" ? 1 : 0
      }
    }

    private mutating func take(letter: Character) {
      switch letter {
      case "y", "m", "d", "h", "s":
        if let last = runs.last, last.last == letter {
          runs[runs.count - 1].append(letter)
        } else {
          runs.append(String(letter))
        }
      case "@": (isUnclear, holdsText) = (true, true)
      case "e", "g", "b", "a", "n": isUnclear = true
      default: take(literal: Substring(String(letter)))
      }
    }

    func kind(of number: Double, _ text: String) -> Kind {
      if isGeneral { return .number }
      if isUnclear || hasCondition { return .unclear }
      if isPercent { return .percent }
      guard runs.isEmpty else { return kindOfDay }
      if isScaled { return .scaled }
      // A fraction has a stroke.
      guard !literal.contains(where: { $0.isNumber || $0 == "/" }) else { return .unclear }
      guard wholeCount + decimalCount > 0 else {
        return number == 0 && literal.filter({ $0 != " " }) == "-" ? .number : .unclear
      }
      let isSigned = literal.contains { "-+(),.".contains($0) }
      guard !isSigned || number < 0, !changesNumber, !isEmpty(of: number) else { return .unclear }
      let parts = text.drop { $0 == "-" }.split(separator: ".")
      guard leastCount <= parts[0].count else { return .unclear }
      return (parts.count > 1 ? parts[1].count : 0) > decimalCount ? .rounded : .number
    }

    /// Whether a minus, or brackets, stand beside the number.
    var showsSign: Bool { literal.contains { "-(".contains($0) } }

    /// Whether something beside the number reads as a part of it, or as how many of it there are.
    private var changesNumber: Bool {
      let word = literal.filter { !$0.isWhitespace }.lowercased()
      return literal.contains { "−–—－＋（），．·٫٬％‰⁄:：".contains($0) }
        || ["k", "m", "mn", "mm", "bn", "thousand", "million", "billion"].contains(word)
    }

    /// Whether nothing stands in the cell: no digit of a zero must be shown.
    private func isEmpty(of number: Double) -> Bool {
      number == 0 && leastCount + leastDecimalCount == 0
    }

    private var kindOfDay: Kind {
      guard wholeCount + decimalCount == 0, !literal.contains(where: \.isNumber) else {
        return .unclear
      }
      let isWhole =
        runs.contains { $0.first == "y" } && runs.contains { $0.first == "m" }
        && runs.contains { $0 == "d" || $0 == "dd" }
      return isWhole && !runs.contains { "hs".contains($0.first ?? "h") } ? .day : .time
    }
  }
}
