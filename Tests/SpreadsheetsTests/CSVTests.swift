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
    ("", SheetError.Code.empty, ""), ("a,\n", .wrongHeader, "Line 1"),
    ("a,a\n", .wrongHeader, "Line 1"),
    ("a,b\n1\n", .wrongCellCount, "Line 2"),
    ("a,b\n1,\"2\n", .wrongQuote, "Line 3"),
    ("a,b\n1,\"2\"x\n", .wrongQuote, "Line 2"),
    ("a,b\n1,2\"\n", .wrongQuote, "Line 2"),
    ("a,b\r1,2\r", .wrongLineEnd, "Line 1"),
    ("a\tb\n", .wrongSeparator, ""),
    ("a,b\n1,\u{202E}2\n", .forbiddenCharacter, "Line 2"),
  ])
  func `is refused with its line`(_ text: String, _ code: SheetError.Code, _ place: String) {
    let error = #expect(throws: SheetError.self) { _ = try read(text) }
    #expect(error?.code == code, "\(error?.message ?? "")")
    #expect(error?.message.hasPrefix(place) == true, "\(error?.message ?? "")")
  }

  @Test func `is read as the library's page shows`() throws {
    let sheet = try Sheet(Array("task_code,weight\nT1,3\n".utf8))
    #expect(sheet.header == ["task_code", "weight"])
    #expect(sheet.rows.map(\.place) == ["Line 2"])
    #expect(sheet.rows.first?["weight"] == "3")
  }

  @Test func `has no sheets to choose from`() {
    let error = #expect(throws: SheetError.self) {
      try Sheet(Array("a,b\n".utf8), sheet: "Plan")
    }
    #expect(error?.code == .noSheet)
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
    #expect(error?.code == .tooLarge)
    #expect(error?.message.hasPrefix("Line 2001: ") == true)
  }
}
