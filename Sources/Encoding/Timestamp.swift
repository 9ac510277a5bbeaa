/// An instant in UTC with milliseconds, years 0001 to 9999: `2026-11-22T03:00:01.412Z`.
///
/// RFC 3339 with exactly three decimals; second 60 is refused.
public struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Milliseconds since 1970-01-01T00:00:00.000Z.
  public let milliseconds: Int64

  /// The instant so many milliseconds after the beginning of 1970.
  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// Reads the one spelling.
  public init?(_ bytes: Span<UInt8>) {
    guard bytes.count == 24 else { return nil }
    guard bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[10] == 0x54, bytes[13] == 0x3A,
      bytes[16] == 0x3A, bytes[19] == 0x2E, bytes[23] == 0x5A,
      let year = Digits.number(bytes, 0..<4), let month = Digits.number(bytes, 5..<7),
      let dayOfMonth = Digits.number(bytes, 8..<10),
      let day = Day(year: year, month: month, day: dayOfMonth),
      let hour = Digits.number(bytes, 11..<13), hour < 24,
      let minute = Digits.number(bytes, 14..<16), minute < 60,
      let second = Digits.number(bytes, 17..<19), second < 60,
      let fraction = Digits.number(bytes, 20..<23)
    else { return nil }
    let seconds = Int64(day.daysSinceEpoch) * 86_400 + Int64(hour * 3600 + minute * 60 + second)
    milliseconds = seconds * 1000 + Int64(fraction)
  }

  /// Reads the one spelling.
  public init?(_ text: ArraySlice<UInt8>) { self.init(text.span) }

  /// Reads the one spelling.
  public init?(_ text: String) { self.init(text.utf8.span) }

  /// The one spelling.
  public var description: String {
    let day = Day(daysSinceEpoch: Int32(clamping: milliseconds.flooredDivision(by: 86_400_000)))
    let rest = Int(milliseconds - Int64(day.daysSinceEpoch) * 86_400_000)
    let hour = Digits.padded(rest / 3_600_000, 2)
    let minute = Digits.padded(rest / 60_000 % 60, 2)
    let second = Digits.padded(rest / 1000 % 60, 2)
    return "\(day)T\(hour):\(minute):\(second).\(Digits.padded(rest % 1000, 3))Z"
  }

  /// The instant so much later.
  public func adding(milliseconds: Int64) -> Timestamp {
    Timestamp(milliseconds: self.milliseconds + milliseconds)
  }

  /// The date on the wall at an offset.
  public func day(at offset: UTCOffset) -> Day {
    let local = milliseconds + Int64(offset.minutes) * 60_000
    return Day(daysSinceEpoch: Int32(clamping: local.flooredDivision(by: 86_400_000)))
  }

  /// Earlier comes first.
  public static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }
}

extension Int64 {
  func flooredDivision(by divisor: Int64) -> Int64 {
    self / divisor - (self % divisor < 0 ? 1 : 0)
  }
}
