/// The pages of the documentation that are printed from the event declarations.
public enum RulesPage {
  /// `docs/authority.md`: who may write what.
  public static var authority: String {
    var lines = [
      "# Who may say what", "",
      "Generated from the event declarations by `specification`; change those, not this page.", "",
      "An *independent* author is no party to the task.", "",
      "| event | | who may | independent | co-signer |", "|---|---|---|---|---|",
    ]
    for declaration in EventCatalogue.all.map({ $0.declaration }) {
      let who = declaration.by.words ?? declaration.by.roles.map(\.rawValue).joined(separator: ", ")
      lines.append(
        "| `\(declaration.type)` | \(declaration.label.english) \(declaration.label.chinese) "
          + "| \(who) | \(declaration.isIndependent ? "yes" : "") "
          + "| \(declaration.cosigner ?? "") |")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// `docs/states.md`: which events a task takes in which state.
  public static var states: String {
    let states = TaskState.allCases
    var lines = [
      "# What a task takes in which state", "",
      "Generated from the event declarations by `specification`; change those, not this page.", "",
      "✓ the state allows it (its other conditions still hold) · – refused for the state · "
        + "◦ no state is declared: the event's own conditions decide.", "",
      "| event | \(states.map(\.rawValue).joined(separator: " | ")) |",
      "|---|" + String(repeating: ":-:|", count: states.count),
    ]
    for declaration in EventCatalogue.all.map({ $0.declaration })
    where declaration.subject == .task {
      let marks = states.map { state in
        declaration.states.isEmpty ? "◦" : declaration.states.contains(state) ? "✓" : "–"
      }
      lines.append("| `\(declaration.type)` | \(marks.joined(separator: " | ")) |")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
