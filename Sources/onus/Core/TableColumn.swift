internal import Accountability

/// A column of a table: what stands above it, and how it is wrapped where a line would be too long.
struct TableColumn {
  private let title: Label
  private let wrapping: Columns.Wrapping?

  init(_ english: String, _ chinese: String, wrapped wrapping: Columns.Wrapping? = nil) {
    title = Label(english: english, chinese: chinese)
    self.wrapping = wrapping
  }

  /// A column of a table that has no head.
  static func untitled(_ wrapping: Columns.Wrapping? = nil) -> TableColumn {
    TableColumn("", "", wrapped: wrapping)
  }

  /// What stands above the columns.
  static func head(_ columns: [TableColumn], _ language: Language) -> [String] {
    columns.map { language.text($0.title) }
  }

  /// How the columns are wrapped, by their places.
  static func wrapping(_ columns: [TableColumn]) -> [Int: Columns.Wrapping] {
    var wrapping: [Int: Columns.Wrapping] = [:]
    for (place, column) in columns.enumerated() { wrapping[place] = column.wrapping }
    return wrapping
  }
}
