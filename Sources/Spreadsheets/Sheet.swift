internal import Encoding

/// A table as a spreadsheet program keeps it, read strictly: the first row names the columns, every
/// other row has a cell under each, and what is wrong is said with its place.
///
/// ```swift
/// let sheet = try Sheet(bytes)
/// for row in sheet.rows { print(row.place, row["task_code"] ?? "") }
/// ```
///
/// A cell is a text without line breaks, control characters or marks of direction. Nothing is guessed
/// and nothing is left out: a table that a person would read otherwise than a program is refused.
public struct Sheet: Sendable {
  /// The most bytes a cell may hold.
  public static let maximumCellByteCount = 16_384
  /// The most cells a row may have.
  public static let maximumCellCount = 1_000
  /// The most rows a file may have, beside the first.
  public static let maximumRowCount = 20_000
  /// The most cells that a file may have.
  static let maximumTotalCount = 2_000_000

  /// One row under its header.
  public struct Row: Sendable {
    /// Where the row begins: "Line 5" of a text, "Row 5" of a workbook.
    public let place: String
    /// The line or row, from 1.
    public let number: Int
    fileprivate let header: Header
    fileprivate let cells: [String]

    /// What stands under a column; `nil` if there is no such column.
    public subscript(column: String) -> String? { header.places[column].map { cells[$0] } }

    /// The names of the columns, in their order.
    public var columns: [String] { header.names }
  }

  /// The names of the columns.
  public var header: [String] { names.names }
  /// Where they stand: "Line 1", unless blank rows of a workbook come before.
  public var headerPlace: String { names.place }
  /// The rows, without the header and without blank ones.
  public let rows: [Row]
  private let names: Header

  /// Reads a workbook (`.xlsx`) or a CSV file, whichever the bytes are.
  ///
  /// - Parameter name: Which sheet of a workbook; its only one that holds anything unless given.
  public init(_ bytes: [UInt8], sheet name: String? = nil) throws(SheetError) {
    if bytes.starts(with: Archive.magic) {
      try self.init(workbook: bytes, sheet: name)
      return
    }
    if name != nil {
      throw SheetError(.noSheet, "A CSV file is one table, and a sheet of it was asked for.")
    }
    try self.init(csv: bytes)
  }

  /// What every row of a table shares.
  fileprivate final class Header: Sendable {
    let names: [String]
    let places: [String: Int]
    let place: String

    init(_ names: [String], at place: String) {
      self.names = names
      self.place = place
      places = Dictionary(zip(names, names.indices)) { first, _ in first }
    }
  }

  /// Takes rows in as they are read, and holds each against the header.
  struct Builder {
    private let unit: String
    private var header: Header?
    private var rows: [Row] = []
    private var cellCount = 0

    /// - Parameter unit: What rows are called: "Line" or "Row".
    init(unit: String) { self.unit = unit }

    /// How many columns have names; `nil` before the header.
    var columnCount: Int? { header?.names.count }

    /// Adds a row with as many cells as the header, which is the first.
    mutating func add(_ cells: [String], at number: Int) throws(SheetError) {
      let place = "\(unit) \(number)"
      cellCount += cells.count
      guard cellCount <= Sheet.maximumTotalCount else {
        throw SheetError(
          .tooLarge, "\(place): the table has more than \(Sheet.maximumTotalCount) cells.")
      }
      guard let header else { return self.header = try Self.header(cells, place) }
      guard cells.count == header.names.count else {
        throw SheetError(
          .wrongCellCount,
          "\(place): there are \(cells.count) cells, and the header has \(header.names.count).")
      }
      guard rows.count < Sheet.maximumRowCount else {
        throw SheetError(.tooLarge, "The file has more than \(Sheet.maximumRowCount) rows.")
      }
      rows.append(Row(place: place, number: number, header: header, cells: cells))
    }

    /// The table.
    func finish() throws(SheetError) -> Sheet {
      guard let header else {
        throw SheetError(.empty, unit == "Row" ? "The sheet is empty." : "The file is empty.")
      }
      return Sheet(header, rows)
    }

    private static func header(_ names: [String], _ place: String) throws(SheetError) -> Header {
      let unnamed = names.count { TextRules.isBlank($0) }
      guard unnamed == 0 else {
        throw SheetError(
          .wrongHeader, "\(place): \(unnamed) of \(names.count) columns have no name.",
          hint: "The first row names the columns; delete titles and remarks above it.")
      }
      guard Set(names).count == names.count else {
        throw SheetError(.wrongHeader, "\(place): two columns have the same name.")
      }
      return Header(names, at: place)
    }
  }

  private init(_ header: Header, _ rows: [Row]) {
    names = header
    self.rows = rows
  }

  /// Refuses a text that no event could hold.
  static func check(_ text: String, at place: String) throws(SheetError) {
    guard text.utf8.count <= maximumCellByteCount else {
      throw SheetError(.tooLarge, "\(place): a cell has more than \(maximumCellByteCount) bytes.")
    }
    if let scalar = TextRules.firstForbiddenScalar(in: text) {
      throw SheetError(
        .forbiddenCharacter,
        "\(place): a cell holds \(TextRules.name(of: scalar)), and no text in the ledger has line breaks, control characters or marks of direction.",
        hint: "Take it out of the cell.")
    }
  }
}
