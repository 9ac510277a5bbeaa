internal import Accountability
internal import Encoding
internal import Glibc
internal import Ledger

/// Prints what is generated from the event declarations.
///
/// `specification authority`, `states`, `schema` (any event), `schema TYPE`, `header`, `types`; and
/// `judge` and `judge-header`, which read event lines or headers of submissions and answer each with
/// `ok` or `refused: …`.
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
    case ("header", nil): printSchema(SubmissionHeader.schema)
    case ("judge", nil):
      while let line = readLine() { print(verdict(of: line)) }
    case ("judge-header", nil):
      while let line = readLine() {
        print(SubmissionHeader.refusal(of: line).map { "refused: \($0)" } ?? "ok")
      }
    default:
      print(
        "usage: specification authority | states | types | schema [TYPE] | header | judge | judge-header"
      )
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
