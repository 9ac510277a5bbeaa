internal import Encoding

/// One sheet of a workbook, cell by cell (`sheet1.xml`).
///
/// What a person would not see is not read past in silence: rows and columns that are hidden, also by
/// having no height or width, merged cells, and formulas without a result are refused where they hold
/// something of the table.
final class Worksheet: XMLReader {
  let namespaces = WorkbookNames.main
  let places: Set<String> = [
    "worksheet/sheetFormatPr", "worksheet/cols", "worksheet/cols/col", "worksheet/sheetData",
    "worksheet/sheetData/row", "worksheet/sheetData/row/c", "worksheet/sheetData/row/c/v",
    "worksheet/sheetData/row/c/f", "worksheet/sheetData/row/c/is",
    "worksheet/sheetData/row/c/is/t", "worksheet/sheetData/row/c/is/r",
    "worksheet/sheetData/row/c/is/r/t", "worksheet/sheetData/row/c/is/rPh",
    "worksheet/sheetData/row/c/is/rPh/t", "worksheet/mergeCells/mergeCell",
  ]
  private let texts: SharedStrings
  private let styles: CellStyles
  private let countsFrom1904: Bool

  private var builder = Sheet.Builder(unit: "Row")
  private var hiddenColumns: Set<Int> = []
  /// The last of the columns that were described, from 1: they come in order.
  private var lastNotedColumn = 0
  private var hasRows = false
  /// Whether rows that say nothing of their height have none.
  private var hidesRows = false
  private var row = Row()
  private var lastRow = 0
  private var cell: Cell?
  private var isInValue = false
  private var isInText = false
  /// Whether any cell held anything.
  private(set) var isBlank = true

  private struct Row {
    var number = 0
    var isHidden = false
    var cells: [String] = []
    /// The column of the cell that came last, from 0.
    var lastColumn = -1
  }

  private struct Cell {
    let place: String
    let column: Int
    let type: String
    let style: String?
    var value = ""
    var valueCount = 0
    var inlineCount = 0
    var hasText = false
    var hasFormula = false
  }

  /// Reads a sheet's part.
  init(
    _ bytes: [UInt8], named name: String, _ texts: SharedStrings, _ styles: CellStyles,
    countsFrom1904: Bool, _ budget: WorkbookBudget = WorkbookBudget()
  ) throws(SheetError) {
    self.texts = texts
    self.styles = styles
    self.countsFrom1904 = countsFrom1904
    try XMLDocument.read(bytes, named: name, by: self, budget)
  }

  /// The table on the sheet.
  func sheet() throws(SheetError) -> Sheet { try builder.finish() }

  // MARK: Elements

  func begin(_ place: String, _ attributes: [String: String]) throws(SheetError) {
    switch place {
    case "worksheet/sheetFormatPr":
      guard !hasRows else { throw Archive.damaged }
      hidesRows = try WorkbookNames.truth(attributes["zeroHeight"])
    case "worksheet/cols/col":
      guard !hasRows else { throw Archive.damaged }
      try note(column: attributes)
    case "worksheet/sheetData":
      guard !hasRows else { throw Archive.damaged }
      hasRows = true
    case "worksheet/sheetData/row": try begin(row: attributes)
    case "worksheet/sheetData/row/c": try begin(cell: attributes)
    case "worksheet/sheetData/row/c/v":
      isInValue = true
      cell?.valueCount += 1
    case "worksheet/sheetData/row/c/f": cell?.hasFormula = true
    case "worksheet/sheetData/row/c/is": cell?.inlineCount += 1
    case "worksheet/sheetData/row/c/is/t", "worksheet/sheetData/row/c/is/r/t": isInText = true
    case "worksheet/mergeCells/mergeCell": try refuse(merged: attributes["ref"] ?? "")
    default: break
    }
  }

  func text(_ text: String) throws(SheetError) {
    // A cell keeps its text in one of the two, and which depends on its type.
    guard let type = cell?.type, type == "inlineStr" ? isInText : isInValue else { return }
    cell?.hasText = true
    cell?.value += text
    if let cell, cell.value.utf8.count > Sheet.maximumCellByteCount {
      throw SheetError(
        .tooLarge, "\(cell.place): it has more than \(Sheet.maximumCellByteCount) bytes.")
    }
  }

  func end(_ place: String) throws(SheetError) {
    switch place {
    case "worksheet/sheetData/row/c/v": isInValue = false
    case "worksheet/sheetData/row/c/is/t", "worksheet/sheetData/row/c/is/r/t": isInText = false
    case "worksheet/sheetData/row/c": try endCell()
    case "worksheet/sheetData/row": try endRow()
    default: break
    }
  }

  // MARK: Columns and rows

  private func note(column attributes: [String: String]) throws(SheetError) {
    guard let low = attributes["min"].flatMap({ Int($0) }),
      let high = attributes["max"].flatMap({ Int($0) }), low > lastNotedColumn, high >= low
    else { throw Archive.damaged }
    lastNotedColumn = high
    let isHidden = try WorkbookNames.truth(attributes["hidden"])
    // What lies beyond is refused for that.
    guard isHidden || Self.isBelow(0.5, attributes["width"]), low <= Sheet.maximumCellCount else {
      return
    }
    for column in (low - 1)..<min(high, Sheet.maximumCellCount) { hiddenColumns.insert(column) }
  }

  private func begin(row attributes: [String: String]) throws(SheetError) {
    let stated = attributes["r"].map { Int($0) } ?? lastRow + 1
    guard let number = stated, number > lastRow, number <= 1_048_576 else { throw Archive.damaged }
    lastRow = number
    row = Row(
      number: number,
      isHidden: try WorkbookNames.truth(attributes["hidden"]) || Self.isBelow(1, attributes["ht"])
        || hidesRows && attributes["ht"] == nil)
  }

  private func endRow() throws(SheetError) {
    defer { row = Row() }
    let filled = row.cells.lastIndex { !TextRules.isBlank($0) }
    guard let filled else { return }
    if row.isHidden {
      throw SheetError(
        .hidden, "Row \(row.number) is hidden and holds something.", hint: "Show it, or delete it.")
    }
    if let hidden = (0...filled).first(where: { column in
      hiddenColumns.contains(column) && !TextRules.isBlank(row.cells[column])
    }) {
      throw SheetError(
        .hidden, "Column \(Self.name(ofColumn: hidden)) is hidden and holds something.",
        hint: "Show it, or delete it.")
    }
    let count = builder.columnCount ?? filled + 1
    guard filled < count else {
      throw SheetError(
        .wrongCellCount,
        "Cell \(Self.name(ofColumn: filled))\(row.number): its column has no name in the first row."
      )
    }
    var cells = Array(row.cells.prefix(count))
    cells += Array(repeating: "", count: count - cells.count)
    try builder.add(cells, at: row.number)
    isBlank = false
  }

  private func refuse(merged area: String) throws(SheetError) {
    throw SheetError(
      .merged,
      "The cells \(TextRules.excerpt(area, limit: 20)) are merged, and every row of a table has cells of its own.",
      hint: "Split them, and write the value into each.")
  }

  // MARK: Cells

  private func begin(cell attributes: [String: String]) throws(SheetError) {
    let column: Int
    if let reference = attributes["r"] {
      guard let place = Self.place(reference), place.row == row.number else {
        throw Archive.damaged
      }
      column = place.column
    } else {
      column = row.lastColumn + 1
    }
    guard column > row.lastColumn else { throw Archive.damaged }
    guard column < Sheet.maximumCellCount else {
      throw SheetError(
        .tooLarge, "Row \(row.number): there are more than \(Sheet.maximumCellCount) cells.")
    }
    row.lastColumn = column
    cell = Cell(
      place: "Cell \(Self.name(ofColumn: column))\(row.number)", column: column,
      type: attributes["t"] ?? "n", style: attributes["s"])
  }

  private func endCell() throws(SheetError) {
    guard let cell else { return }
    self.cell = nil
    let text = try text(of: cell)
    guard !text.isEmpty else { return }
    try Sheet.check(text, at: cell.place)
    // Some programs show the character, and some its escape (ECMA-376 part 1, 22.9.2.19).
    guard !Self.holdsEscape(text) else {
      throw SheetError(
        .forbiddenCharacter, "\(cell.place): the cell holds an escaped character, such as _x000D_.",
        hint: "Write the text again.")
    }
    row.cells += Array(repeating: "", count: cell.column - row.cells.count)
    row.cells.append(text)
  }

  private func text(of cell: Cell) throws(SheetError) -> String {
    let isInline = cell.type == "inlineStr"
    guard cell.valueCount <= (isInline ? 0 : 1), cell.inlineCount <= (isInline ? 1 : 0) else {
      throw Archive.damaged
    }
    guard cell.hasText else {
      if cell.hasFormula, cell.type != "str" || cell.valueCount == 0 {
        throw SheetError(
          .noResult, "\(cell.place): the formula has no result in the file.",
          hint: "Open it in the spreadsheet program, which calculates it, and save it again.")
      }
      return ""
    }
    if ["s", "str", "inlineStr"].contains(cell.type), try !styles.format(cell.style).showsText {
      throw SheetError(
        .shownOtherwise,
        "\(cell.place): the cell shows something else than the text that it holds.",
        hint: "Format it as text.")
    }
    switch cell.type {
    case "s":
      guard let number = Int(cell.value), texts.texts.indices.contains(number) else {
        throw Archive.damaged
      }
      return texts.texts[number]
    case "str", "inlineStr": return cell.value
    case "b":
      guard ["0", "1"].contains(cell.value) else { throw Archive.damaged }
      return cell.value == "1" ? "true" : "false"
    case "d": return cell.value
    case "n":
      let value = CellValue(
        place: cell.place, format: try styles.format(cell.style), countsFrom1904: countsFrom1904)
      return try value.text(ofNumber: cell.value)
    case "e":
      throw SheetError(
        .noResult,
        "\(cell.place): the cell shows the error \(TextRules.excerpt(cell.value, limit: 20)).",
        hint: "Correct its formula.")
    default: throw Archive.damaged
    }
  }

  /// Whether there is `_x`, four hexadecimal digits and `_` in it.
  private static func holdsEscape(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return bytes.indices.dropLast(6).contains { place in
      bytes[place] == UInt8(ascii: "_") && bytes[place + 1] == UInt8(ascii: "x")
        && bytes[place + 6] == UInt8(ascii: "_")
        && bytes[(place + 2)..<(place + 6)].allSatisfy {
          Character(Unicode.Scalar($0)).isHexDigit
        }
    }
  }

  // MARK: Names of places

  /// Whether a height in points or a width in characters is too small to be seen.
  private static func isBelow(_ bound: Double, _ text: String?) -> Bool {
    text.flatMap { Double($0) }.map { $0 < bound } ?? false
  }

  /// "A" for 0, "AA" for 26.
  static func name(ofColumn column: Int) -> String {
    var letters: [UInt8] = []
    var rest = column + 1
    while rest > 0 {
      letters.append(UInt8(ascii: "A") + UInt8((rest - 1) % 26))
      rest = (rest - 1) / 26
    }
    return String(decoding: letters.reversed(), as: UTF8.self)
  }

  /// The place of a reference such as `C5`, the column from 0 and the row from 1.
  static func place(_ reference: String) -> (column: Int, row: Int)? {
    var column = 0
    var row = 0
    for byte in reference.utf8 {
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z") where row == 0 && column < 20_000:
        column = column * 26 + Int(byte - UInt8(ascii: "A")) + 1
      case UInt8(ascii: "0")...UInt8(ascii: "9") where column > 0 && row < 10_000_000:
        row = row * 10 + Int(byte - UInt8(ascii: "0"))
      default: return nil
      }
    }
    return column > 0 && row > 0 ? (column - 1, row) : nil
  }
}
