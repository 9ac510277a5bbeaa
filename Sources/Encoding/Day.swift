/// A calendar date of the proleptic Gregorian calendar, years 0001 to 9999: `2026-10-31`.
public struct Day: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Days since 1970-01-01.
  public let daysSinceEpoch: Int32

  /// The date so many days after 1970-01-01.
  public init(daysSinceEpoch: Int32) { self.daysSinceEpoch = daysSinceEpoch }

  /// The date, or `nil` if the calendar has no such day.
  public init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month),
      (1...Day.length(ofMonth: month, in: year)).contains(day)
    else { return nil }
    daysSinceEpoch = Self.days(until: year, month, day)
  }

  /// Reads `YYYY-MM-DD`.
  public init?(_ text: String) {
    let bytes = text.utf8.span
    guard bytes.count == 10, bytes[4] == 0x2D, bytes[7] == 0x2D,
      let year = Digits.number(bytes, 0..<4), let month = Digits.number(bytes, 5..<7),
      let day = Digits.number(bytes, 8..<10)
    else { return nil }
    self.init(year: year, month: month, day: day)
  }

  /// Year, month and day of the month.
  public var civil: (year: Int, month: Int, day: Int) {
    let days = Int(daysSinceEpoch) + 719_468
    let era = (days >= 0 ? days : days - 146_096) / 146_097
    let dayOfEra = days - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (
      yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1
    )
  }

  /// The year.
  public var year: Int { civil.year }
  /// The month, 1 to 12.
  public var month: Int { civil.month }
  /// The day of the month, 1 to 31.
  public var day: Int { civil.day }

  /// 1 for Monday to 7 for Sunday.
  public var weekday: Int {
    let sinceMonday = (Int(daysSinceEpoch) + 3) % 7
    return (sinceMonday < 0 ? sinceMonday + 7 : sinceMonday) + 1
  }

  /// The date so many days later; earlier if negative.
  public func adding(days: Int) -> Day {
    Day(daysSinceEpoch: Int32(clamping: Int(daysSinceEpoch) + Int(Int32(clamping: days))))
  }

  /// The same day of the month so many months later, or that month's last.
  ///
  /// It may lead beyond 9999, like ``adding(days:)``: a loop over months or periods gets on there
  /// too. Such a day is for comparing; what is written of it is never read back.
  public func adding(months: Int) -> Day {
    let (year, month, day) = civil
    let index = year * 12 + month - 1 + Int(Int32(clamping: months))
    let total = min(max(index, Self.months.lowerBound), Self.months.upperBound)
    let target = (year: total / 12, month: total % 12 + 1)
    let clamped = min(day, Day.length(ofMonth: target.month, in: target.year))
    return Day(daysSinceEpoch: Self.days(until: target.year, target.month, clamped))
  }

  /// How many days lie between; negative if `other` is earlier.
  public func days(until other: Day) -> Int { Int(other.daysSinceEpoch) - Int(daysSinceEpoch) }

  /// The instant at which the date begins at an offset.
  public func start(at offset: UTCOffset) -> Timestamp {
    Timestamp(milliseconds: Int64(daysSinceEpoch) * 86_400_000 - Int64(offset.minutes) * 60_000)
  }

  /// The instant at which it ends, 24:00: the start of the next.
  public func end(at offset: UTCOffset) -> Timestamp { adding(days: 1).start(at: offset) }

  /// `YYYY-MM-DD`.
  public var description: String {
    let (year, month, day) = civil
    return "\(Digits.padded(year, 4))-\(Digits.padded(month, 2))-\(Digits.padded(day, 2))"
  }

  /// Earlier comes first.
  public static func < (left: Day, right: Day) -> Bool {
    left.daysSinceEpoch < right.daysSinceEpoch
  }

  /// What a sum of months keeps to, counted from year 0: more than can be written, and far less
  /// than can be held.
  private static let months = 12...(99_999 * 12 + 11)

  /// Days from 1970-01-01 to a day of the calendar, in years from 1.
  ///
  /// Years that begin in March put the leap day last; see Howard Hinnant's "chrono-compatible
  /// low-level date algorithms", days_from_civil.
  private static func days(until year: Int, _ month: Int, _ day: Int) -> Int32 {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return Int32(era * 146_097 + dayOfEra - 719_468)
  }

  static func length(ofMonth month: Int, in year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
