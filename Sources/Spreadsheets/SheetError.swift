/// Why a file is not a table that can be read.
public struct SheetError: Error, Hashable, Sendable {
  /// One sentence, with the line or the cell.
  public let message: String
  /// What to do about it, if there is something.
  public let hint: String?

  init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }
}
