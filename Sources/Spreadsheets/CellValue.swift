internal import Encoding

/// What a cell holds, as the text that a CSV file of the same table would have.
struct CellValue {
  /// Where the cell is, such as "Cell C5".
  let place: String
  /// How its number is shown.
  let kind: CellStyles.Kind
  /// Whether days count from 1904.
  let countsFrom1904: Bool

  /// The text of a number: a day as `2024-06-30`, another number in as few digits as tell it apart.
  func text(ofNumber stored: String) throws(SheetError) -> String {
    guard let number = Double(stored), number.isFinite else {
      throw SheetError(
        "\(place): \"\(TextRules.visible(String(stored.prefix(40))))\" is no number.")
    }
    switch kind {
    case .number: return try digits(of: number)
    case .day: return try day(number)
    case .time:
      throw SheetError(
        "\(place): the cell holds a time of day, and a table has days such as 2024-06-30.",
        hint: "Format the cell as a date.")
    case .percent:
      throw SheetError(
        "\(place): the cell is a percentage, which a workbook keeps as a hundredth of what it shows.",
        hint: "Write the number in its unit, such as 8 for 8 %, and format the cell as a number.")
    }
  }

  private func digits(of number: Double) throws(SheetError) -> String {
    guard abs(number) < 1e15 else {
      throw SheetError(
        "\(place): the number has more digits than a workbook keeps.",
        hint: "Format the cell as text and write the number again.")
    }
    if let whole = Int64(exactly: number) { return String(whole) }
    let text = number.description
    guard let exponent = text.firstIndex(of: "e") else { return text }
    // Only of small numbers: the digits, behind as many zeros as the exponent says.
    let places = -(Int(text[text.index(after: exponent)...]) ?? 0)
    guard places > 0, places <= 20 else {
      throw SheetError("\(place): \(text) is too small a number for a table.")
    }
    let digits = text[..<exponent].filter { $0.isNumber }
    return (number < 0 ? "-0." : "0.") + String(repeating: "0", count: places - 1) + digits
  }

  /// The day that a workbook counts as that number (ECMA-376 part 1, 18.17.4.1).
  private func day(_ number: Double) throws(SheetError) -> String {
    guard let count = Int32(exactly: number), (1...2_958_465).contains(count) else {
      throw SheetError(
        "\(place): the cell holds no whole day, and a table has days such as 2024-06-30.",
        hint: "Leave the time of day out, or write the day as text.")
    }
    // Programs count a 29th of February 1900, which there was not.
    guard count != 60 || countsFrom1904 else {
      throw SheetError("\(place): there was no 29th of February in 1900.")
    }
    let first =
      countsFrom1904 ? Day(year: 1904, month: 1, day: 1) : Day(year: 1899, month: 12, day: 30)
    let offset = !countsFrom1904 && count < 60 ? Int(count) + 1 : Int(count)
    guard let day = first?.adding(days: offset) else { preconditionFailure("the first day is one") }
    return day.description
  }
}
