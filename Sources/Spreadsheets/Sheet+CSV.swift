internal import Encoding

/// CSV (RFC 4180), read strictly.
///
/// Ours and not a library's because a plan must not be half read: every row has as many cells as the
/// header, quotes are where they belong, and no cell is larger than a person would write.
extension Sheet {
  /// Reads UTF-8, with or without a byte order mark; lines end in LF or CRLF.
  public init(csv bytes: [UInt8]) throws(SheetError) {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let content = bytes.starts(with: mark) ? bytes[3...] : bytes[...]
    try Self.requireText(content)
    var reader = Reader(content)
    var builder = Builder(unit: "Line")
    while let row = try reader.row() {
      // An empty line, or the commas that a spreadsheet program leaves of an empty row.
      if let count = builder.columnCount, row.cells.count == 1 || row.cells.count == count,
        row.cells.allSatisfy(\.isEmpty)
      {
        continue
      }
      try builder.add(row.cells, at: row.line)
    }
    self = try builder.finish()
  }

  /// Names what a spreadsheet program wrote that is no CSV file.
  private static func requireText(_ content: ArraySlice<UInt8>) throws(SheetError) {
    let kinds: [(magic: [UInt8], kind: String)] = [
      ([0xD0, 0xCF, 0x11, 0xE0], "an old Excel workbook"),
      ([0xFF, 0xFE], "text in UTF-16"), ([0xFE, 0xFF], "text in UTF-16"),
    ]
    if let kind = kinds.first(where: { content.starts(with: $0.magic) })?.kind {
      throw SheetError(
        .otherKind, "This is \(kind), not a CSV file in UTF-8.",
        hint:
          "Open it in the spreadsheet program, and save the table as \"CSV UTF-8\" or as .xlsx.")
    }
    // Only the header tells: its names have none of these in them.
    let header = content.prefix { $0 != UInt8(ascii: "\n") }
    guard !header.contains(UInt8(ascii: ",")) else { return }
    for (separator, name) in [(UInt8(ascii: "\t"), "tabs"), (UInt8(ascii: ";"), "semicolons")]
    where header.contains(separator) {
      throw SheetError(
        .wrongSeparator, "The columns are separated by \(name), and those of a CSV file by commas.",
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

    mutating func row() throws(SheetError) -> (line: Int, cells: [String])? {
      guard position < bytes.endIndex else { return nil }
      let start = line
      var cells: [String] = []
      while true {
        cells.append(try cell())
        // Before the rest is read: a file of nothing but commas would be a row of millions.
        guard cells.count <= Sheet.maximumCellCount else {
          throw SheetError(
            .tooLarge, "Line \(line): there are more than \(Sheet.maximumCellCount) cells.")
        }
        guard position < bytes.endIndex else { return (start, cells) }
        let byte = bytes[position]
        position += 1
        if byte == UInt8(ascii: ",") { continue }
        if byte == UInt8(ascii: "\r") {
          guard position < bytes.endIndex, bytes[position] == UInt8(ascii: "\n") else {
            throw SheetError(
              .wrongLineEnd,
              "Line \(line): a carriage return stands alone; lines end in LF or CRLF.")
          }
          position += 1
        }
        line += 1
        return (start, cells)
      }
    }

    private mutating func cell() throws(SheetError) -> String {
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
            throw SheetError(
              .wrongQuote, "Line \(line): a quote stands inside a cell that is not quoted.")
          }
        } else if byte == UInt8(ascii: "\n") {
          line += 1
        }
        cell.append(byte)
        position += 1
        guard cell.count <= Sheet.maximumCellByteCount else {
          throw SheetError(
            .tooLarge, "Line \(line): a cell has more than \(Sheet.maximumCellByteCount) bytes.")
        }
      }
      return try text(cell, closed: !isQuoted)
    }

    private func text(_ cell: [UInt8], closed: Bool) throws(SheetError) -> String {
      guard closed else {
        throw SheetError(.wrongQuote, "Line \(line): a quoted cell is never closed.")
      }
      if position < bytes.endIndex {
        let next = bytes[position]
        guard next == UInt8(ascii: ",") || next == UInt8(ascii: "\n") || next == UInt8(ascii: "\r")
        else {
          throw SheetError(
            .wrongQuote,
            "Line \(line): a closing quote must be followed by a comma or the end of the line.")
        }
      }
      guard let text = String(validating: cell, as: UTF8.self) else {
        throw SheetError(
          .notUTF8, "Line \(line): a cell is not valid UTF-8.",
          hint: "Save the table again as CSV in UTF-8.")
      }
      try Sheet.check(text, at: "Line \(line)")
      return text
    }
  }
}
