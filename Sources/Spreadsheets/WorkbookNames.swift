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
}
