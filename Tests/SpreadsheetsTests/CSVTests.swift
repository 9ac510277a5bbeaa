import Testing

@testable import Spreadsheets

@Suite("A CSV file")
struct CSVTests {
  private func read(_ text: String) throws -> [[String]] {
    let sheet = try Sheet(Array(text.utf8))
    return [sheet.header] + sheet.rows.map { row in row.columns.compactMap { row[$0] } }
  }

  @Test(arguments: [
    ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]), ("\u{FEFF}a,b\r\n1,2", [["a", "b"], ["1", "2"]]),
    ("a,b\n\n\"x,\"\"y\"\"\",\n", [["a", "b"], ["x,\"y\"", ""]]), ("a\n\n\n", [["a"]]),
    ("a,b\n,\n1,2\n,\n", [["a", "b"], ["1", "2"]]), ("a,b\n\"\",街道\n", [["a", "b"], ["", "街道"]]),
  ])
  func `is read as it is written`(_ text: String, _ rows: [[String]]) throws {
    #expect(try read(text) == rows)
  }

  @Test(arguments: [
    ("", "The file is empty."), ("a,\n", "Line 1: 1 of 2 columns have no name."),
    ("a,a\n", "Line 1: two columns have the same name."),
    ("a,b\n1\n", "Line 2: there are 1 cells, and the header has 2."),
    ("a,b\n1,\"2\n", "Line 3: a quoted cell is never closed."),
    ("a,b\n1,\"2\"x\n", "Line 2: a closing quote must be"),
    ("a,b\n1,2\"\n", "Line 2: a quote stands"),
    ("a,b\r1,2\r", "Line 1: a carriage return stands alone"),
    ("a\tb\n", "The columns are separated"),
    ("a,b\n1,\u{202E}2\n", "Line 2: a cell holds"),
  ])
  func `is refused with its line`(_ text: String, _ message: String) {
    let error = #expect(throws: SheetError.self) { _ = try read(text) }
    #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
  }

  @Test func `is read as the library's page shows`() throws {
    let sheet = try Sheet(Array("task_code,weight\nT1,3\n".utf8))
    #expect(sheet.header == ["task_code", "weight"])
    #expect(sheet.rows.map(\.place) == ["Line 2"])
    #expect(sheet.rows.first?["weight"] == "3")
  }

  @Test func `has no sheets to choose from`() {
    #expect(throws: SheetError.self) { try Sheet(Array("a,b\n".utf8), sheet: "Plan") }
  }
}

@Suite("A table's bounds")
struct SheetBuilderTests {
  @Test func `are on rows and on cells`() throws {
    var long = Sheet.Builder(unit: "Line")
    for number in 1...20_001 { try long.add(["a"], at: number) }
    #expect(throws: SheetError.self) { try long.add(["a"], at: 20_002) }
    var wide = Sheet.Builder(unit: "Line")
    let cells = (0..<1_000).map(String.init)
    for number in 1...2_000 { try wide.add(cells, at: number) }
    let error = #expect(throws: SheetError.self) { try wide.add(cells, at: 2_001) }
    #expect(error?.message == "Line 2001: the table has more than 2000000 cells.")
  }
}
