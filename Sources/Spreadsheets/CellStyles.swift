/// How cells show their numbers (`styles.xml`): all that says whether a number is a day.
final class CellStyles: XMLReader {
  /// The most styles that programs know.
  private static let maximumCount = 65_536

  let namespaces = WorkbookNames.main
  let places: Set<String> = [
    "styleSheet/numFmts", "styleSheet/numFmts/numFmt", "styleSheet/dxfs/dxf/numFmt",
    "styleSheet/cellXfs", "styleSheet/cellXfs/xf", "styleSheet/cellStyleXfs/xf",
  ]
  private var codes: [Int: String] = [:]
  private var ids: [Int] = []
  /// The formats that were asked for, taken apart.
  private var formats: [Int: NumberFormat] = [:]
  /// The most bytes that a format may have; programs allow 255 characters.
  private static let maximumCodeByteCount = 1_024

  /// Reads the part; without one every number is a number.
  init(_ bytes: [UInt8]?, _ budget: WorkbookBudget = WorkbookBudget()) throws(SheetError) {
    guard let bytes else { return }
    try XMLDocument.read(bytes, named: "styles.xml", by: self, budget)
  }

  /// The format of the style of that number.
  ///
  /// - Throws: `SheetError` if there is no such style.
  func format(_ style: String?) throws(SheetError) -> NumberFormat {
    guard let style else { return ids.first.map { format(id: $0) } ?? .general }
    guard let number = Int(style), ids.indices.contains(number) else {
      if ids.isEmpty, style == "0" { return .general }
      throw Archive.damaged
    }
    return format(id: ids[number])
  }

  private func format(id: Int) -> NumberFormat {
    if let known = formats[id] { return known }
    let format = codes[id].map { NumberFormat($0) } ?? NumberFormat(builtIn: id)
    formats[id] = format
    return format
  }

  func begin(_ place: String, _ attributes: [String: String]) throws(SheetError) {
    switch place {
    case "styleSheet/numFmts/numFmt":
      guard let id = attributes["numFmtId"].flatMap({ Int($0) }),
        let code = attributes["formatCode"], codes.count < Self.maximumCount,
        code.utf8.count <= Self.maximumCodeByteCount,
        codes.updateValue(code, forKey: id) == nil
      else { throw Archive.damaged }
    case "styleSheet/cellXfs/xf":
      guard ids.count < Self.maximumCount else { throw Archive.damaged }
      ids.append(attributes["numFmtId"].flatMap { Int($0) } ?? 0)
    default: break
    }
  }

  func text(_ text: String) throws(SheetError) {}
  func end(_ place: String) throws(SheetError) {}
}
