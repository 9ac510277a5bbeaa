/// A reporting period: `2026`, `2026-Q3`, `2026-10`, or the ISO 8601 week `2026-W40`.
public struct Period: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// How long a period is.
  public enum Kind: String, Hashable, CaseIterable, Sendable { case week, month, quarter, year }

  /// How long it is.
  public let kind: Kind
  /// Its first day.
  public let firstDay: Day

  /// The period of that kind which holds a day.
  public init(containing day: Day, kind: Kind) {
    self.kind = kind
    let (_, month, dayOfMonth) = day.civil
    let firstOfMonth = day.adding(days: 1 - dayOfMonth)
    firstDay =
      switch kind {
      case .week: day.adding(days: 1 - day.weekday)
      case .month: firstOfMonth
      case .quarter: firstOfMonth.adding(months: -((month - 1) % 3))
      case .year: firstOfMonth.adding(months: 1 - month)
      }
  }

  /// The period that begins on a day on which one of that kind does.
  private init(kind: Kind, firstDay: Day) {
    self.kind = kind
    self.firstDay = firstDay
  }

  /// Reads one of the four spellings.
  public init?(_ text: String) {
    let bytes = text.utf8.span
    guard bytes.count >= 4, let year = Digits.number(bytes, 0..<4),
      let january = Day(year: year, month: 1, day: 1)
    else { return nil }
    switch bytes.count {
    case 4: self.init(containing: january, kind: .year)
    case 7 where bytes[4] == 0x2D && bytes[5] == UInt8(ascii: "Q"):
      guard let quarter = Digits.number(bytes, 6..<7), (1...4).contains(quarter) else { return nil }
      self.init(containing: january.adding(months: (quarter - 1) * 3), kind: .quarter)
    case 7 where bytes[4] == 0x2D:
      guard let month = Digits.number(bytes, 5..<7),
        let first = Day(year: year, month: month, day: 1)
      else { return nil }
      self.init(containing: first, kind: .month)
    case 8 where bytes[4] == 0x2D && bytes[5] == UInt8(ascii: "W"):
      guard let week = Digits.number(bytes, 6..<8), week >= 1 else { return nil }
      // The week that holds 4 January is the first.
      let first = Period(containing: january.adding(days: 3), kind: .week).firstDay
      self.init(containing: first.adding(days: (week - 1) * 7), kind: .week)
      guard description.utf8.elementsEqual(text.utf8) else { return nil }
    default: return nil
    }
  }

  /// Its last day.
  public var lastDay: Day { next.firstDay.adding(days: -1) }

  /// The one after.
  public var next: Period { stepped(by: 1) }

  /// The one before.
  public var previous: Period { stepped(by: -1) }

  private func stepped(by count: Int) -> Period {
    let day =
      switch kind {
      case .week: firstDay.adding(days: 7 * count)
      case .month: firstDay.adding(months: count)
      case .quarter: firstDay.adding(months: 3 * count)
      case .year: firstDay.adding(months: 12 * count)
      }
    return Period(kind: kind, firstDay: day)
  }

  /// The one spelling.
  public var description: String {
    let (year, month, _) = firstDay.civil
    switch kind {
    case .year: return Digits.padded(year, 4)
    case .quarter: return "\(Digits.padded(year, 4))-Q\((month - 1) / 3 + 1)"
    case .month: return "\(Digits.padded(year, 4))-\(Digits.padded(month, 2))"
    case .week:
      // A week belongs to the year that holds its Thursday.
      let thursday = firstDay.adding(days: 3)
      let january = Period(containing: thursday, kind: .year).firstDay
      let week = january.days(until: thursday) / 7 + 1
      return "\(Digits.padded(thursday.year, 4))-W\(Digits.padded(week, 2))"
    }
  }

  /// Earlier comes first; of two that begin together, the shorter.
  public static func < (left: Self, right: Self) -> Bool {
    if left.firstDay != right.firstDay { return left.firstDay < right.firstDay }
    let order = Kind.allCases
    return (order.firstIndex(of: left.kind) ?? 0) < (order.firstIndex(of: right.kind) ?? 0)
  }
}
