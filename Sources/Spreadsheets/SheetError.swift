/// Why a file is not a table that can be read.
///
/// The code is to branch on; the message is one sentence for a person, with the line or the cell.
public struct SheetError: Error, Hashable, Sendable {
  /// What is wrong. Open: later versions may add codes.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    /// The stable name of the code, in ASCII.
    public let description: String

    // The file.
    /// A file of another kind.
    public static let otherKind = Code(description: "other-kind")
    /// A workbook that is no archive of well-formed parts, or holds elements where none belong.
    public static let damaged = Code(description: "damaged")
    /// A workbook with a password.
    public static let encrypted = Code(description: "encrypted")
    /// Something of which two programs may read different things.
    public static let ambiguous = Code(description: "ambiguous")
    /// More bytes, rows, cells, parts or elements than the bound allows.
    public static let tooLarge = Code(description: "too-large")
    /// Nothing is in it.
    public static let empty = Code(description: "empty")
    /// There is no such sheet.
    public static let noSheet = Code(description: "no-sheet")
    /// Several sheets hold something, and none was asked for.
    public static let severalSheets = Code(description: "several-sheets")

    // Rows and columns.
    /// Cells apart by something else than commas.
    public static let wrongSeparator = Code(description: "wrong-separator")
    /// A quote where none belongs, or one that is never closed.
    public static let wrongQuote = Code(description: "wrong-quote")
    /// A line that ends in another way than LF or CRLF.
    public static let wrongLineEnd = Code(description: "wrong-line-end")
    /// Columns without a name, or of one name.
    public static let wrongHeader = Code(description: "wrong-header")
    /// More or fewer cells in a row than the header has.
    public static let wrongCellCount = Code(description: "wrong-cell-count")
    /// A row or column that holds something and is not shown.
    public static let hidden = Code(description: "hidden")
    /// Cells that several rows or columns share.
    public static let merged = Code(description: "merged")

    // Cells.
    /// Bytes that are not UTF-8.
    public static let notUTF8 = Code(description: "not-utf-8")
    /// A character that no text in the ledger has.
    public static let forbiddenCharacter = Code(description: "forbidden-character")
    /// A formula whose result is not stored, or is an error.
    public static let noResult = Code(description: "no-result")
    /// A number that is none, or that a workbook does not keep exactly.
    public static let wrongNumber = Code(description: "wrong-number")
    /// A cell that shows something else than the number it holds.
    public static let shownOtherwise = Code(description: "shown-otherwise")
    /// A time, or a day that there was not.
    public static let notADay = Code(description: "not-a-day")
  }

  /// What is wrong.
  public let code: Code
  /// One sentence, with the line or the cell.
  public let message: String
  /// What to do about it, if there is something.
  public let hint: String?

  init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }
}
