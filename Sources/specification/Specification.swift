internal import Accountability
internal import Encoding
internal import Glibc

/// Prints what is generated from the event declarations.
///
/// `specification authority`, `states`, `schema` (any event), `schema TYPE`, `types`; and `judge`,
/// which reads event lines and answers each with `ok` or `refused: …`.
@main
enum Specification {
  static func main() {
    let words = Array(CommandLine.arguments.dropFirst())
    switch (words.first, words.dropFirst().first) {
    case ("authority", nil): print(RulesPage.authority, terminator: "")
    case ("states", nil): print(RulesPage.states, terminator: "")
    case ("types", nil): for kind in EventCatalogue.all { print(kind.declaration.type) }
    case ("schema", nil): printSchema(SchemaDocument.anyEvent)
    case ("schema", let name?) where EventCatalogue.kind(of: EventType(name)) != nil:
      if let kind = EventCatalogue.kind(of: EventType(name)) {
        printSchema(SchemaDocument.event(kind.declaration))
      }
    case ("judge", nil):
      while let line = readLine() { print(verdict(of: line)) }
    default:
      print("usage: specification authority | states | types | schema [TYPE] | judge")
      exit(64)
    }
  }

  private static func printSchema(_ schema: JSONValue) {
    print(String(decoding: CanonicalJSON.write(schema), as: UTF8.self))
  }

  private static func verdict(of line: String) -> String {
    do {
      _ = try Event(checking: try CanonicalJSON.parse(Array(line.utf8)))
      return "ok"
    } catch {
      return "refused: \((error as? Refusal)?.message ?? (error as? JSONError)?.message ?? "")"
    }
  }
}
