/// What one part of a workbook refers to: `_rels/NAME.rels` beside it.
final class Relations: XMLReader {
  let namespaces = WorkbookNames.package
  private let folder: String
  /// The parts by the id of the reference.
  private(set) var parts: [String: String] = [:]
  private var kinds: [String: String] = [:]

  /// Reads what `part` refers to; the empty name is the archive itself.
  init(of part: String, in archive: Archive) throws(SheetError) {
    let cut = part.lastIndex(of: "/").map { part.index(after: $0) } ?? part.startIndex
    folder = String(part[..<cut])
    let name = "\(folder)_rels/\(part[cut...]).rels"
    guard let bytes = try archive.part(name) else { return }
    try XMLDocument.read(bytes, named: name, by: self)
  }

  /// The part that is referred to as one kind of thing.
  func part(ofKind kind: String) -> String? { kinds[kind] }

  func begin(_ name: String, _ attributes: [String: String]) throws(SheetError) {
    guard name == "Relationship", attributes["TargetMode"] != "External",
      let id = attributes["Id"], let target = attributes["Target"], let type = attributes["Type"]
    else { return }
    let part = resolved(target)
    parts[id] = part
    for space in WorkbookNames.relations where type.hasPrefix("\(space)/") {
      kinds[String(type.dropFirst(space.count + 1))] = part
    }
  }

  func text(_ text: String) throws(SheetError) {}
  func end(_ name: String) throws(SheetError) {}

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
