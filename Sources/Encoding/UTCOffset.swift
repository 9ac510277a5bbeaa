/// A fixed distance from UTC in whole minutes, −18:00 to +18:00; zero is `+00:00`.
public struct UTCOffset: Hashable, Sendable, CustomStringConvertible {
  /// UTC itself.
  public static let utc = UTCOffset(minutes: 0)

  /// Minutes east of UTC.
  public let minutes: Int

  private init(minutes: Int) { self.minutes = minutes }

  /// Reads `+08:00`.
  public init?(_ text: String) {
    let bytes = text.utf8.span
    guard bytes.count == 6, bytes[3] == 0x3A, bytes[0] == 0x2B || bytes[0] == 0x2D,
      let hours = Digits.number(bytes, 1..<3), let minutes = Digits.number(bytes, 4..<6),
      minutes < 60, hours * 60 + minutes <= 18 * 60,
      !(bytes[0] == 0x2D && hours * 60 + minutes == 0)
    else { return nil }
    self.minutes = (bytes[0] == 0x2D ? -1 : 1) * (hours * 60 + minutes)
  }

  /// The one spelling.
  public var description: String {
    let size = abs(minutes)
    return "\(minutes < 0 ? "-" : "+")\(Digits.padded(size / 60, 2)):\(Digits.padded(size % 60, 2))"
  }
}
