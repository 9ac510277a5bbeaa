/// The texts that cells share, by number (`sharedStrings.xml`).
final class SharedTexts: XMLReader {
  let namespaces = WorkbookNames.main
  /// The texts; how they look and how they are pronounced is left out.
  private(set) var texts: [String] = []
  private var text: String?
  private var isInText = false
  private var phoneticDepth = 0

  /// Reads the part; a workbook without one shares none.
  init(_ bytes: [UInt8]?) throws(SheetError) {
    guard let bytes else { return }
    try XMLDocument.read(bytes, named: "sharedStrings.xml", by: self)
  }

  func begin(_ name: String, _ attributes: [String: String]) throws(SheetError) {
    switch name {
    case "si": text = ""
    case "rPh": phoneticDepth += 1
    case "t": isInText = phoneticDepth == 0
    default: break
    }
  }

  func text(_ more: String) throws(SheetError) {
    guard isInText else { return }
    // A cell that is too long is refused where it stands; no more of it is needed for that.
    if let count = text?.utf8.count, count <= Sheet.maximumCellByteCount { text?.append(more) }
  }

  func end(_ name: String) throws(SheetError) {
    switch name {
    case "si":
      guard texts.count < Sheet.maximumTotalCount else {
        throw SheetError("The workbook has more than \(Sheet.maximumTotalCount) texts.")
      }
      texts.append(text ?? "")
      text = nil
    case "rPh": phoneticDepth -= 1
    case "t": isInText = false
    default: break
    }
  }
}
