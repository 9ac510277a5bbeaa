internal import Encoding

/// What a cell holds, as the text that a CSV file of the same table would have.
struct CellValue {
  /// Where the cell is, such as "Cell C5".
  let place: String
  /// How its number is shown.
  let format: NumberFormat
  /// Whether days count from 1904.
  let countsFrom1904: Bool

  private static let numerals = Set("0123456789.+-eE".utf8)

  /// The text of a number: a day as `2024-06-30`, another number as it would be shown in a wide cell, with
  /// at most 15 significant digits.
  func text(ofNumber stored: String) throws(SheetError) -> String {
    // `Double` reads more than a workbook writes, such as hexadecimal digits.
    guard stored.utf8.allSatisfy({ Self.numerals.contains($0) }), let number = Double(stored),
      number.isFinite
    else {
      throw SheetError(
        .wrongNumber,
        "\(place): \(TextRules.quoted(stored)) is not a number."
      )
    }
    let text = abs(number) < 1e15 ? try digits(of: number) : ""
    switch format.kind(of: number, text) {
    case .number:
      guard !text.isEmpty else {
        throw SheetError(
          .wrongNumber, "\(place): the number has more digits than a workbook keeps.",
          hint: "Format the cell as text and write the number again.")
      }
      return text
    case .day: return try day(number)
    case .time:
      throw SheetError(
        .notADay,
        "\(place): the cell holds a time of day, and a table has days such as 2024-06-30.",
        hint: "Format the cell as a date.")
    case .rounded:
      throw SheetError(
        .shownOtherwise, "\(place): the cell shows fewer decimals than it holds, which is \(text).",
        hint: "Format it so that all are shown, or round the number.")
    case .unclear:
      throw SheetError(
        .shownOtherwise,
        "\(place): the cell shows something else than the number that it holds, \(text).",
        hint: "Format it as a plain number, or write it as text.")
    case .scaled:
      throw SheetError(
        .shownOtherwise, "\(place): the cell shows its number in thousands or millions.",
        hint: "Format it as a plain number.")
    case .percent:
      throw SheetError(
        .shownOtherwise,
        "\(place): the cell is a percentage, which a workbook keeps as a hundredth of what it shows.",
        hint: "Write the number in its unit, such as 8 for 8 %, and format the cell as a number.")
    }
  }

  /// How many significant digits a spreadsheet program shows; what lies beyond is how it calculates.
  private static let shownDigitCount = 15

  private func digits(of number: Double) throws(SheetError) -> String {
    var (digits, exponent) = Self.decimal(abs(number))
    guard exponent > -20 else {
      throw SheetError(.wrongNumber, "\(place): \(number) is too small a number for a table.")
    }
    if digits.count > Self.shownDigitCount {
      let isUp = digits[Self.shownDigitCount] >= 5
      digits.removeSubrange(Self.shownDigitCount...)
      if isUp {
        var index = digits.count - 1
        while index >= 0, digits[index] == 9 {
          digits[index] = 0
          index -= 1
        }
        if index < 0 {
          digits.insert(1, at: 0)
          exponent += 1
        } else {
          digits[index] += 1
        }
      }
    }
    while digits.last == 0 { digits.removeLast() }
    guard !digits.isEmpty else { return "0" }
    // `exponent` digits stand before the point.
    let zeros = [UInt8](repeating: 0, count: max(0, exponent - digits.count))
    let whole = exponent > 0 ? (digits + zeros).prefix(exponent) : [0]
    let fraction =
      [UInt8](repeating: 0, count: max(0, -exponent)) + digits.dropFirst(max(0, exponent))
    func text(_ digits: some Sequence<UInt8>) -> String { digits.map { String($0) }.joined() }
    return (number < 0 ? "-" : "") + text(whole) + (fraction.isEmpty ? "" : "." + text(fraction))
  }

  /// The digits that tell a number from others, without leading zeros, and how many of them stand before
  /// the decimal point; that is negative for zeros after it.
  private static func decimal(_ number: Double) -> (digits: [UInt8], exponent: Int) {
    let parts = number.description.split(separator: "e")
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    var digits = mantissa.joined().utf8.map { $0 - UInt8(ascii: "0") }
    var exponent = mantissa[0].utf8.count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
    while digits.first == 0 {
      digits.removeFirst()
      exponent -= 1
    }
    return (digits, exponent)
  }

  /// The day that a workbook counts as that number (ECMA-376 part 1, 18.17.4.1).
  private func day(_ number: Double) throws(SheetError) -> String {
    // The last of December 9999.
    let days = countsFrom1904 ? 0...2_957_003 : 1...2_958_465
    guard let count = Int(exactly: number), days.contains(count) else {
      throw SheetError(
        .notADay,
        "\(place): the cell holds a day with a time, and a table has days such as 2024-06-30.",
        hint: "Leave the time of day out, or write the day as text.")
    }
    // Programs count a 29th of February 1900, which there was not.
    guard count != 60 || countsFrom1904 else {
      throw SheetError(.notADay, "\(place): there was no 29th of February in 1900.")
    }
    let first =
      countsFrom1904 ? Day(year: 1904, month: 1, day: 1) : Day(year: 1899, month: 12, day: 30)
    let offset = !countsFrom1904 && count < 60 ? count + 1 : count
    guard let day = first?.adding(days: offset) else { preconditionFailure("the first day is one") }
    return day.description
  }
}
