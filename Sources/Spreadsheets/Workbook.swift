internal import Encoding

/// What is in a workbook, and where (`workbook.xml`).
final class Workbook: XMLReader {
  /// A sheet that its reader sees.
  struct Entry {
    let name: String
    let part: String
  }

  /// The most sheets that are looked into.
  private static let maximumSheetCount = 64
  /// The most bytes that the name of a sheet may have; programs allow 31 characters.
  private static let maximumNameByteCount = 255

  let namespaces = WorkbookNames.main
  let places: Set<String> = ["workbook/workbookPr", "workbook/sheets", "workbook/sheets/sheet"]
  /// The visible sheets, in order.
  private(set) var sheets: [Entry] = []
  private let archive: Archive
  private let relationships: Relationships
  private var countsFrom1904 = false
  private var common: (texts: SharedStrings, styles: CellStyles)?

  init(_ archive: Archive) throws(SheetError) {
    self.archive = archive
    guard let name = try Relationships(of: "", in: archive).part(ofKind: "officeDocument"),
      let bytes = try archive.part(name)
    else {
      throw SheetError(
        .otherKind,
        archive.has("content.xml")
          ? "This is an OpenDocument table, not an Excel workbook."
          : "This is a zip archive, not an Excel workbook.",
        hint: "Save the table in the spreadsheet program as \"CSV UTF-8\" or as .xlsx.")
    }
    relationships = try Relationships(of: name, in: archive)
    try XMLDocument.read(bytes, named: name, by: self, archive.budget)
    guard !sheets.isEmpty else { throw SheetError(.noSheet, "The workbook has no visible sheet.") }
  }

  /// Reads a sheet.
  func read(_ entry: Entry) throws(SheetError) -> Worksheet {
    guard let bytes = try archive.part(entry.part) else { throw Archive.damaged }
    let (texts, styles) = try parts()
    return try Worksheet(
      bytes, named: entry.part, texts, styles, countsFrom1904: countsFrom1904, archive.budget)
  }

  /// What all sheets refer to.
  private func parts() throws(SheetError) -> (SharedStrings, CellStyles) {
    if let common { return common }
    func bytes(_ kind: String) throws(SheetError) -> [UInt8]? {
      guard let name = relationships.part(ofKind: kind) else { return nil }
      guard let bytes = try archive.part(name) else { throw Archive.damaged }
      return bytes
    }
    let budget = archive.budget
    let parts = (
      try SharedStrings(try bytes("sharedStrings"), budget),
      try CellStyles(try bytes("styles"), budget)
    )
    common = parts
    return parts
  }

  func begin(_ place: String, _ attributes: [String: String]) throws(SheetError) {
    switch place {
    case "workbook/workbookPr":
      countsFrom1904 = try WorkbookNames.truth(attributes["date1904"])
    case "workbook/sheets/sheet":
      guard ["visible", nil].contains(attributes["state"]) else { return }
      guard sheets.count < Self.maximumSheetCount else {
        throw SheetError(.tooLarge, "The workbook has more than \(Self.maximumSheetCount) sheets.")
      }
      guard let title = attributes["name"], title.utf8.count <= Self.maximumNameByteCount,
        let part = attributes["r:id"].flatMap({ relationships.parts[$0] })
      else { throw Archive.damaged }
      // Programs compare them without regard to case.
      guard !sheets.contains(where: { $0.name.lowercased() == title.lowercased() }) else {
        throw SheetError(
          .ambiguous, "The workbook has two sheets named \(TextRules.quoted(title)).")
      }
      guard !sheets.contains(where: { $0.part == part }) else { throw Archive.damaged }
      sheets.append(Entry(name: title, part: part))
    default: break
    }
  }

  func text(_ text: String) throws(SheetError) {}
  func end(_ place: String) throws(SheetError) {}
}
