internal import Encoding

/// A table from a CSV file (RFC 4180), read strictly: what is wrong is said with its line.
///
/// Ours and not a library's because a plan must not be half read: every row has as many cells as the
/// header, quotes are where they belong, and no cell is larger than a person would write.
struct CSV {
  /// The most bytes a cell may hold.
  static let maximumCellByteCount = 16_384
  /// The most cells a row may have.
  static let maximumCellCount = 1_000
  /// The most rows a file may have.
  static let maximumRowCount = 20_000

  /// One row under its header.
  struct Row {
    /// The line on which the row begins, from 1.
    let line: Int
    fileprivate let header: [String]
    fileprivate let cells: [String: String]

    /// A cell that must not be empty.
    func required(_ column: String) throws(Failure) -> String {
      guard let text = cells[column] else {
        throw Failure("Line 1: there is no column \(column), which this table needs.")
      }
      guard !TextRules.isBlank(text) else {
        throw Failure("Line \(line): the column \(column) is empty.")
      }
      return text
    }

    /// A cell that holds an id.
    func id(_ column: String) throws(Failure) -> String { try id(try required(column), column) }

    /// Parts of a cell between semicolons, each an id.
    func ids(_ column: String) throws(Failure) -> [String] {
      try list(column).map { text throws(Failure) in try id(text, column) }
    }

    private func id(_ text: String, _ column: String) throws(Failure) -> String {
      guard TextRules.isIdentifier(text) else {
        let failure = Failure.badID(text, exit: .couldNotRun)
        throw Failure("Line \(line), column \(column): \(failure.message)")
      }
      return text
    }

    /// A cell, or `nil` if nothing in it can be seen or there is no such column.
    func optional(_ column: String) -> String? {
      cells[column].flatMap { TextRules.isBlank($0) ? nil : $0 }
    }

    /// The columns whose names begin with `prefix`, in the header's order, with what follows it.
    func columns(from prefix: String) -> [(name: String, rest: Substring)] {
      header.filter { $0.hasPrefix(prefix) }.map { ($0, $0.dropFirst(prefix.count)) }
    }

    /// The parts of a cell between semicolons.
    func list(_ column: String) -> [String] {
      (cells[column] ?? "").split(separator: ";").map(String.init)
    }
  }

  /// The names of the columns.
  let header: [String]
  /// The rows, without the header.
  let rows: [Row]

  /// Reads UTF-8, with or without a byte order mark; lines end in LF or CRLF.
  init(_ bytes: [UInt8]) throws {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let content = bytes.starts(with: mark) ? bytes[3...] : bytes[...]
    try Self.requireTable(content)
    var reader = Reader(content)
    guard let first = try reader.row() else { throw Failure("The file is empty.") }
    header = first.cells
    let unnamed = header.count { $0.isEmpty }
    guard unnamed == 0 else {
      throw Failure(
        "Line 1: \(unnamed) of \(header.count) columns have no name.",
        hint: "The first line names the columns; delete titles and remarks above it.")
    }
    guard Set(header).count == header.count else {
      throw Failure("Line 1: two columns have the same name.")
    }
    var rows: [Row] = []
    while let row = try reader.row() {
      if row.cells == [""] { continue }
      guard row.cells.count == header.count else {
        throw Failure(
          "Line \(row.line): there are \(row.cells.count) cells, and the header has \(header.count)."
        )
      }
      guard rows.count < Self.maximumRowCount else {
        throw Failure("The file has more than \(Self.maximumRowCount) rows.")
      }
      rows.append(
        Row(
          line: row.line, header: header,
          cells: Dictionary(uniqueKeysWithValues: zip(header, row.cells))))
    }
    self.rows = rows
  }

  /// Names what a spreadsheet program wrote that is no CSV file.
  private static func requireTable(_ content: ArraySlice<UInt8>) throws(Failure) {
    let kinds: [(magic: [UInt8], kind: String)] = [
      ([0x50, 0x4B, 0x03, 0x04], "an Excel or OpenDocument workbook, or another zip archive"),
      ([0xD0, 0xCF, 0x11, 0xE0], "an old Excel workbook"),
      ([0xFF, 0xFE], "text in UTF-16"), ([0xFE, 0xFF], "text in UTF-16"),
    ]
    if let kind = kinds.first(where: { content.starts(with: $0.magic) })?.kind {
      throw Failure(
        "This is \(kind), and no CSV file in UTF-8.",
        hint: "Open it in the spreadsheet program, and save the table as \"CSV UTF-8\".")
    }
    // Only the header tells: its names have none of these in them.
    let header = content.prefix { $0 != UInt8(ascii: "\n") }
    guard !header.contains(UInt8(ascii: ",")) else { return }
    for (separator, name) in [(UInt8(ascii: "\t"), "tabs"), (UInt8(ascii: ";"), "semicolons")]
    where header.contains(separator) {
      throw Failure(
        "The columns are separated by \(name), and those of a CSV file by commas.",
        hint: "Save the table again as \"CSV UTF-8 (comma delimited)\".")
    }
  }

  private struct Reader {
    private let bytes: ArraySlice<UInt8>
    private var position: Int
    private var line = 1

    init(_ bytes: ArraySlice<UInt8>) {
      self.bytes = bytes
      position = bytes.startIndex
    }

    mutating func row() throws -> (line: Int, cells: [String])? {
      guard position < bytes.endIndex else { return nil }
      let start = line
      var cells: [String] = []
      while true {
        cells.append(try cell())
        // Before the rest is read: a file of nothing but commas would be a row of millions.
        guard cells.count <= maximumCellCount else {
          throw Failure("Line \(line): there are more than \(maximumCellCount) cells.")
        }
        guard position < bytes.endIndex else { return (start, cells) }
        let byte = bytes[position]
        position += 1
        if byte == UInt8(ascii: ",") { continue }
        if byte == UInt8(ascii: "\r") {
          guard position < bytes.endIndex, bytes[position] == UInt8(ascii: "\n") else {
            throw Failure("Line \(line): a carriage return stands alone; lines end in LF or CRLF.")
          }
          position += 1
        }
        line += 1
        return (start, cells)
      }
    }

    private mutating func cell() throws -> String {
      var cell: [UInt8] = []
      let isQuoted = position < bytes.endIndex && bytes[position] == UInt8(ascii: "\"")
      if isQuoted { position += 1 }
      while position < bytes.endIndex {
        let byte = bytes[position]
        if isQuoted, byte == UInt8(ascii: "\"") {
          position += 1
          guard position < bytes.endIndex, bytes[position] == UInt8(ascii: "\"") else {
            return try text(cell, closed: true)
          }
        } else if !isQuoted {
          if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
            break
          }
          guard byte != UInt8(ascii: "\"") else {
            throw Failure("Line \(line): a quote stands inside a cell that is not quoted.")
          }
        } else if byte == UInt8(ascii: "\n") {
          line += 1
        }
        cell.append(byte)
        position += 1
        guard cell.count <= maximumCellByteCount else {
          throw Failure("Line \(line): a cell has more than \(maximumCellByteCount) bytes.")
        }
      }
      return try text(cell, closed: !isQuoted)
    }

    private func text(_ cell: [UInt8], closed: Bool) throws -> String {
      guard closed else { throw Failure("Line \(line): a quoted cell is never closed.") }
      if position < bytes.endIndex {
        let next = bytes[position]
        guard next == UInt8(ascii: ",") || next == UInt8(ascii: "\n") || next == UInt8(ascii: "\r")
        else {
          throw Failure("Line \(line): after a closing quote comes a comma or the line's end.")
        }
      }
      guard let text = String(validating: cell, as: UTF8.self) else {
        throw Failure(
          "Line \(line): a cell is not valid UTF-8.",
          hint: "Save the table again as CSV in UTF-8.")
      }
      if let scalar = TextRules.firstForbiddenScalar(in: text) {
        throw Failure(
          "Line \(line): a cell holds \(TextRules.name(of: scalar)), and no text in the ledger has line breaks, control characters or marks of direction.",
          hint: "Take it out of the cell.")
      }
      return text
    }
  }
}
