/// A newer version of the rules, in force from the next entry.
///
/// A version that this software does not know is admitted, so that an audit of a newer ledger says
/// *not checked* and not *failed*; the writer refuses to go on under it.
struct RulesAdopted: EventBody {
  static let declaration = Declaration(
    "rules.adopted", about: .none, by: [.governing],
    fields: [.required("version", .integer(1...1_000_000))], "Rules adopted", "采用规则版本")

  let version: Int

  init(_ event: EventReader) throws(Refusal) { version = Int(try event.integer("version")) }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    let current = programme.ledger?.rules ?? 0
    guard version > current else {
      throw Refusal(
        .nothingToDo, "Rules version \(current) is in force, and \(version) is not newer.",
        hint: "Adopt a version above \(current).")
    }
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    programme.ledger?.rules = version
  }
}
