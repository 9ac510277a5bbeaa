/// The texts that cells share, by number (`sharedStrings.xml`).
final class SharedStrings: XMLReader {
  let namespaces = WorkbookNames.main
  let places: Set<String> = [
    "sst/si", "sst/si/t", "sst/si/r", "sst/si/r/t", "sst/si/rPh", "sst/si/rPh/t",
  ]
  /// The texts; how they look and how they are pronounced is left out.
  private(set) var texts: [String] = []
  private var text: String?
  private var isInText = false

  /// Reads the part; a workbook without one shares none.
  init(_ bytes: [UInt8]?, _ budget: WorkbookBudget = WorkbookBudget()) throws(SheetError) {
    guard let bytes else { return }
    try XMLDocument.read(bytes, named: "sharedStrings.xml", by: self, budget)
  }

  func begin(_ place: String, _ attributes: [String: String]) throws(SheetError) {
    switch place {
    case "sst/si": text = ""
    case "sst/si/t", "sst/si/r/t": isInText = true
    default: break
    }
  }

  func text(_ more: String) throws(SheetError) {
    guard isInText else { return }
    // A cell that is too long is refused where it stands; no more of it is needed for that.
    if let count = text?.utf8.count, count <= Sheet.maximumCellByteCount { text?.append(more) }
  }

  func end(_ place: String) throws(SheetError) {
    switch place {
    case "sst/si":
      guard texts.count < Sheet.maximumTotalCount else {
        throw SheetError(.tooLarge, "The workbook has more than \(Sheet.maximumTotalCount) texts.")
      }
      texts.append(text ?? "")
      text = nil
    case "sst/si/t", "sst/si/r/t": isInText = false
    default: break
    }
  }
}
