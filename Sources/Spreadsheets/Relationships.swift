/// What one part of a workbook refers to: `_rels/NAME.rels` beside it.
final class Relationships: XMLReader {
  let namespaces = WorkbookNames.package
  let places: Set<String> = ["Relationships/Relationship"]
  private let folder: String
  /// The parts by the id of the reference.
  private(set) var parts: [String: String] = [:]
  private var kinds: [String: String] = [:]
  private static let single: Set<String> = ["officeDocument", "sharedStrings", "styles"]

  /// Reads what `part` refers to; the empty name is the archive itself.
  init(of part: String, in archive: Archive) throws(SheetError) {
    let cut = part.lastIndex(of: "/").map { part.index(after: $0) } ?? part.startIndex
    folder = String(part[..<cut])
    let name = "\(folder)_rels/\(part[cut...]).rels"
    guard let bytes = try archive.part(name) else { return }
    try XMLDocument.read(bytes, named: name, by: self, archive.budget)
  }

  /// The part that is referred to as one kind of thing.
  func part(ofKind kind: String) -> String? { kinds[kind] }

  func begin(_ place: String, _ attributes: [String: String]) throws(SheetError) {
    guard attributes["TargetMode"] != "External",
      let id = attributes["Id"], let target = attributes["Target"], let type = attributes["Type"]
    else { return }
    let part = resolved(target)
    guard parts.updateValue(part, forKey: id) == nil else { throw Archive.damaged }
    for space in WorkbookNames.relations where type.hasPrefix("\(space)/") {
      let kind = String(type.dropFirst(space.count + 1))
      // Of what there is one, a second would be read by another program.
      guard kinds.updateValue(part, forKey: kind) == nil || !Self.single.contains(kind) else {
        throw Archive.damaged
      }
    }
  }

  func text(_ text: String) throws(SheetError) {}
  func end(_ place: String) throws(SheetError) {}

  /// A name in the archive; one that leads out of it names no part.
  private func resolved(_ target: String) -> String {
    let whole = target.hasPrefix("/") ? String(target.dropFirst()) : folder + target
    var steps: [Substring] = []
    for step in whole.split(separator: "/") where step != "." {
      if step == ".." { _ = steps.popLast() } else { steps.append(step) }
    }
    return steps.joined(separator: "/")
  }
}
