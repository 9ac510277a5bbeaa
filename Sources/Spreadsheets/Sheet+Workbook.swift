internal import Encoding

/// Workbooks (`.xlsx`, ECMA-376), read by way of minizip and Expat.
extension Sheet {
  /// Reads one sheet of a workbook.
  ///
  /// - Parameter name: Which; the only visible one that holds anything unless given.
  public init(workbook bytes: [UInt8], sheet name: String? = nil) throws(SheetError) {
    let archive = try Archive(bytes)
    let workbook = try Workbook(archive)
    let worksheets = workbook.sheets
    if let name {
      guard let named = worksheets.first(where: { $0.name == name }) else {
        throw SheetError(
          .noSheet, "The workbook has no visible sheet \(TextRules.quoted(name)).",
          hint: "Its sheets are \(Self.list(worksheets.map(\.name))).")
      }
      self = try workbook.read(named).sheet()
      return
    }
    var filled: [Workbook.Entry] = []
    for each in worksheets {
      // One that cannot be read holds something; which of several is meant is said first.
      let sheet = worksheets.count == 1 ? try workbook.read(each) : try? workbook.read(each)
      if sheet?.isBlank != true { filled.append(each) }
    }
    guard filled.count <= 1 else {
      throw SheetError(
        .severalSheets, "The workbook has \(filled.count) sheets that hold something.",
        hint: "Name one with --sheet: \(Self.list(filled.map(\.name))).")
    }
    guard let only = filled.first else { throw SheetError(.empty, "The workbook is empty.") }
    self = try workbook.read(only).sheet()
  }

  private static func list(_ names: [String]) -> String {
    names.map { TextRules.quoted($0) }.joined(separator: ", ")
  }
}
