internal import Accountability
internal import Encoding
internal import Spreadsheets

/// Reads the cells of a table as what an event holds.
///
/// Of what is wrong a note is taken, and something stands in its place: reading goes on, so that all
/// mistakes are said at once.
struct CellReader {
  /// What is wrong in the table, up to ``ImportProblems/limit``.
  private(set) var problems = ImportProblems()
  /// Remarks on how something was read.
  private(set) var remarks: [Label] = []

  /// Takes note of a mistake in a row, and in which of its cells.
  mutating func note(
    _ row: Sheet.Row, _ column: String, _ message: String, hint: String? = nil
  ) {
    problems.note(row, Failure("\(row.place): \(message)", hint: hint), in: column)
  }

  /// What was found wrong beside, where the table was read as something else too.
  mutating func note(_ others: ImportProblems) { problems.note(others) }

  /// Says how something was read.
  mutating func remark(_ english: String, _ chinese: String) {
    remarks.append(Label(english: english, chinese: chinese))
  }

  /// The same of a row.
  mutating func remark(_ row: Sheet.Row, _ english: String, _ chinese: String) {
    let place = row.label
    remark("\(place.english): \(english)", "\(place.chinese)：\(chinese)")
  }

  // MARK: Texts

  mutating func text(_ row: Sheet.Row, _ column: String) -> String {
    problems.noting(row, column) { () throws(Failure) in try row.required(column) } ?? ""
  }

  mutating func id(_ row: Sheet.Row, _ column: String) -> String {
    problems.noting(row, column) { () throws(Failure) in try row.id(column) } ?? ""
  }

  mutating func ids(_ row: Sheet.Row, _ column: String) -> [String] {
    problems.noting(row, column) { () throws(Failure) in try row.ids(column) } ?? []
  }

  mutating func optionalID(_ row: Sheet.Row, _ column: String) -> String? {
    row.optional(column) == nil ? nil : id(row, column)
  }

  // MARK: Values

  mutating func day(_ row: Sheet.Row, _ column: String) -> Day? {
    let text = text(row, column)
    guard !text.isEmpty else { return nil }
    let day = Day(text)
    if day == nil {
      note(row, column, "\(column) is \(TextRules.quoted(text)), not a date such as 2023-01-31.")
    }
    return day
  }

  /// A decimal without the zeros that the ledger does not write.
  mutating func decimal(_ row: Sheet.Row, _ column: String) -> String {
    let text = text(row, column)
    var trimmed = text
    if trimmed.contains(".") {
      while trimmed.hasSuffix("0") { trimmed.removeLast() }
      if trimmed.hasSuffix(".") { trimmed.removeLast() }
    }
    if !text.isEmpty, !TextRules.isDecimal(trimmed) {
      note(row, column, "\(column) is \(TextRules.quoted(text)), not a decimal number.")
    } else if trimmed != text {
      let written = TextRules.excerpt(text)
      remark(row, "\(written) is written \(trimmed)", "\(written) 记为 \(trimmed)")
    }
    return trimmed
  }

  mutating func whole(
    _ row: Sheet.Row, _ column: String, in range: ClosedRange<Int64>
  ) -> Int64 {
    let text = text(row, column)
    if let number = Int64(text), range.contains(number) { return number }
    if !text.isEmpty {
      note(
        row, column,
        "\(column) is \(TextRules.quoted(text)), not a whole number from \(range.lowerBound) to \(range.upperBound)."
      )
    }
    return range.lowerBound
  }

  mutating func direction(_ row: Sheet.Row) -> String {
    let word = text(row, "direction").replacing("_", with: "-")
    if !word.isEmpty, Indicator.Direction(rawValue: word) == nil {
      note(
        row, "direction",
        "the direction \(TextRules.quoted(word)) is not one of up, down, at-least, at-most, within."
      )
    }
    return word
  }
}

extension Sheet.Row {
  /// Where it stands in the file, within a sentence.
  var label: Label { Label(english: place.lowercased(), chinese: "第 \(number) 行") }

  /// A cell, or `nil` if nothing in it can be seen or there is no such column.
  func optional(_ column: String) -> String? {
    self[column].flatMap { TextRules.isBlank($0) ? nil : $0 }
  }

  /// The columns whose names begin with `prefix`, in their order, with what follows it.
  func columns(from prefix: String) -> [(name: String, rest: Substring)] {
    columns.filter { $0.hasPrefix(prefix) }.map { ($0, $0.dropFirst(prefix.count)) }
  }

  /// A cell that must not be empty.
  fileprivate func required(_ column: String) throws(Failure) -> String {
    guard let text = self[column] else {
      throw Failure("There is no column \(column), which this table needs.")
    }
    guard !TextRules.isBlank(text) else {
      throw Failure("\(place): the column \(column) is empty.")
    }
    return text
  }

  /// A cell that holds an id.
  fileprivate func id(_ column: String) throws(Failure) -> String {
    try id(try required(column), column)
  }

  /// Parts of a cell between semicolons, each an id.
  fileprivate func ids(_ column: String) throws(Failure) -> [String] {
    try (self[column] ?? "").split(separator: ";").map { part throws(Failure) in
      try id(String(part), column)
    }
  }

  private func id(_ text: String, _ column: String) throws(Failure) -> String {
    guard TextRules.isIdentifier(text) else {
      let failure = Failure.badID(text, exit: .couldNotRun)
      throw Failure("\(place), column \(column): \(failure.message)")
    }
    return text
  }
}
