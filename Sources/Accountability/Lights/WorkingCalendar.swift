public import Encoding

extension Charter {
  /// Whether people work on a day: neither a weekend nor a holiday, unless it is made up for.
  public func isWorkday(_ day: Day) -> Bool {
    if workdays.contains(day) { return true }
    return day.weekday <= 5 && !holidays.contains(day)
  }

  /// How many working days lie after `day`, up to and with `due`; at most `limit` are counted.
  public func workdays(after day: Day, through due: Day, limit: Int) -> Int {
    var count = 0
    var next = day.adding(days: 1)
    while next <= due, count < limit {
      if isWorkday(next) { count += 1 }
      next = next.adding(days: 1)
    }
    return count
  }
}
