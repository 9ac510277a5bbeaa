/// The namespaces of ECMA-376, as most programs write them and as its strict form does.
enum WorkbookNames {
  /// Of sheets, texts and styles.
  static let main = [
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
  ]
  /// Of references from one part to another; with a word after it, the kind of reference.
  static let relations = [
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
  ]
  /// Of the parts that list those references.
  static let package = ["http://schemas.openxmlformats.org/package/2006/relationships"]
  /// The element that holds alternatives, of which each program takes one (ECMA-376 part 3).
  static let alternatives =
    "http://schemas.openxmlformats.org/markup-compatibility/2006\nAlternateContent"

  /// A truth value as XML Schema has it; false where there is none.
  static func truth(_ text: String?) throws(SheetError) -> Bool {
    switch text?.filter({ !$0.isWhitespace }) {
    case nil, "0", "false": return false
    case "1", "true": return true
    default: throw Archive.damaged
    }
  }
}
