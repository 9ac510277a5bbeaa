/// Decimal digits, as headers, paths, dates and proofs have them.
public enum Digits {
  /// A number without sign or leading zeros, at most `limit`; `nil` for anything else.
  ///
  /// No limit is above 2^63 − 1, the largest size that other implementations of logs can hold.
  public static func number(
    _ digits: ArraySlice<UInt8>, atMost limit: UInt64 = UInt64(Int64.max)
  ) -> UInt64? {
    // Nineteen digits stay below 2^64, so the sum cannot overflow.
    guard let first = digits.first, digits.count <= 19, first != 0x30 || digits.count == 1 else {
      return nil
    }
    var number: UInt64 = 0
    for byte in digits {
      guard TextRules.isDigit(byte) else { return nil }
      number = number * 10 + UInt64(byte - 0x30)
    }
    return number <= min(limit, UInt64(Int64.max)) ? number : nil
  }

  /// The number that digits of fixed width are, leading zeros and all; `nil` for anything else.
  static func number(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var number = 0
    for index in range {
      let byte = bytes[index]
      guard TextRules.isDigit(byte) else { return nil }
      number = number * 10 + Int(byte - 0x30)
    }
    return number
  }

  /// A number with zeros in front, as many as make it `width` digits.
  static func padded(_ number: Int, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
  }
}
