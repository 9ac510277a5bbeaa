internal import Encoding

/// How cells show their numbers (`styles.xml`): all that says whether a number is a day.
final class CellStyles: XMLReader {
  /// What a number format makes of a number.
  enum Kind: Hashable {
    case number, day, time, percent
    /// A number that is shown divided by thousands.
    case scaled
  }

  let namespaces = WorkbookNames.main
  private var formats: [Int: Kind] = [:]
  private var kinds: [Kind] = []
  private var isInCells = false

  /// Reads the part; without one every number is a number.
  init(_ bytes: [UInt8]?) throws(SheetError) {
    guard let bytes else { return }
    try XMLDocument.read(bytes, named: "styles.xml", by: self)
  }

  /// What the style of that number makes of a number.
  func kind(_ style: String?) -> Kind {
    guard let style, let number = Int(style), kinds.indices.contains(number) else {
      return .number
    }
    return kinds[number]
  }

  func begin(_ name: String, _ attributes: [String: String]) throws(SheetError) {
    switch name {
    case "numFmt":
      guard let id = attributes["numFmtId"].flatMap({ Int($0) }),
        let code = attributes["formatCode"]
      else { return }
      formats[id] = Self.kind(ofCode: code)
    case "cellXfs": isInCells = true
    case "xf" where isInCells:
      let id = attributes["numFmtId"].flatMap { Int($0) } ?? 0
      kinds.append(formats[id] ?? Self.builtIn(id))
    default: break
    }
  }

  func text(_ text: String) throws(SheetError) {}

  func end(_ name: String) throws(SheetError) {
    if name == "cellXfs" { isInCells = false }
  }

  /// The formats that are not written out (ECMA-376 part 1, 18.8.30), with those of East Asia.
  private static func builtIn(_ id: Int) -> Kind {
    switch id {
    case 9, 10: .percent
    case 14...17, 27...31, 34...36, 50...54, 57, 58: .day
    case 18...22, 32, 33, 45...47, 55, 56: .time
    default: .number
    }
  }

  /// What a format makes of a number, by the letters of its first section that stand for themselves.
  static func kind(ofCode code: String) -> Kind {
    guard code.lowercased() != "general" else { return .number }
    var letters: Set<Character> = []
    var last: Character?
    var rest = code[...]
    while let next = rest.popFirst(), next != ";" {
      switch next {
      case "\"": rest = rest.drop { $0 != "\"" }.dropFirst()
      case "\\", "_", "*": rest = rest.dropFirst()
      case "[":
        // Hours, minutes or seconds beyond a day; anything else is a colour or a language.
        let inside = rest.prefix { $0 != "]" }
        if let first = inside.lowercased().first, "hms".contains(first),
          inside.lowercased().allSatisfy({ $0 == first })
        {
          letters.insert(first)
        }
        rest = rest.dropFirst(inside.count + 1)
      case "," where last == "0" || last == "#" || last == "?" || last == ",":
        // Between digits it groups them; after the last it divides.
        if !rest.prefix(while: { $0 != ";" }).contains(where: { "0#?".contains($0) }) {
          return .scaled
        }
      default: letters.insert(Character(next.lowercased()))
      }
      last = next
    }
    if letters.contains("%") { return .percent }
    if !letters.isDisjoint(with: ["h", "s"]) { return .time }
    if !letters.isDisjoint(with: ["y", "d", "m"]), !letters.contains("0") { return .day }
    return .number
  }
}
