internal import Encoding
internal import Spreadsheets

/// Cells as a plan or a directory has them.
extension Sheet.Row {
  /// A cell that must not be empty.
  func required(_ column: String) throws(Failure) -> String {
    guard let text = self[column] else {
      throw Failure("There is no column \(column), which this table needs.")
    }
    guard !TextRules.isBlank(text) else {
      throw Failure("\(place): the column \(column) is empty.")
    }
    return text
  }

  /// A cell, or `nil` if nothing in it can be seen or there is no such column.
  func optional(_ column: String) -> String? {
    self[column].flatMap { TextRules.isBlank($0) ? nil : $0 }
  }

  /// A cell that holds an id.
  func id(_ column: String) throws(Failure) -> String { try id(try required(column), column) }

  /// Parts of a cell between semicolons, each an id.
  func ids(_ column: String) throws(Failure) -> [String] {
    try (self[column] ?? "").split(separator: ";").map { part throws(Failure) in
      try id(String(part), column)
    }
  }

  /// The columns whose names begin with `prefix`, in their order, with what follows it.
  func columns(from prefix: String) -> [(name: String, rest: Substring)] {
    columns.filter { $0.hasPrefix(prefix) }.map { ($0, $0.dropFirst(prefix.count)) }
  }

  private func id(_ text: String, _ column: String) throws(Failure) -> String {
    guard TextRules.isIdentifier(text) else {
      let failure = Failure.badID(text, exit: .couldNotRun)
      throw Failure("\(place), column \(column): \(failure.message)")
    }
    return text
  }
}
