internal import Accountability
internal import ArgumentParser

/// Says of a refusal of what was typed as options in which option it is: who types `--period` knows no
/// `data.period`.
struct OptionNames {
  /// Members of an event's data that are not typed under their own name.
  private static let others = [
    "aliases": "alias", "capturedOn": "captured", "checklist": "check", "content": "file",
    "holidays": "holiday", "indicators": "indicator", "milestones": "milestone",
    "openItems": "item", "roles": "role", "supports": "support", "targets": "target",
    "territories": "territory", "values": "value", "workdays": "workday",
  ]

  /// The help of the command: it names every option and argument.
  private let help: String
  /// The members of the events that it makes.
  private let members: Set<String>

  init(_ command: any ParsableCommand.Type, _ events: [Event]) {
    help = command.helpMessage(columns: 1000)
    members = Set(
      events.compactMap { EventCatalogue.kind(of: $0.type)?.declaration.fields }
        .flatMap { $0.map(\.name) })
  }

  /// The same failure in the words of the command line.
  func naming(_ failure: Failure) -> Failure {
    Failure(
      named(failure.message), hint: failure.hint.map { named($0) }, exit: failure.exit,
      rule: failure.rule)
  }

  /// The text with every member between backticks that was typed as an option named as that.
  private func named(_ text: String) -> String {
    let parts = text.split(separator: "`", omittingEmptySubsequences: false)
    guard parts.count % 2 == 1 else { return text }
    return parts.enumerated().map { place, part in
      place % 2 == 0 ? String(part) : name(of: String(part)) ?? "`\(part)`"
    }.joined()
  }

  /// What `data.period`, `data.milestones[0].due` or `period` was typed as, between backticks.
  private func name(of path: String) -> String? {
    let whole = path.hasPrefix("data.") ? String(path.dropFirst(5)) : path
    let member = String(whole.prefix { $0.isLetter })
    guard members.contains(member), let option = option(member) else { return nil }
    var rest = whole.dropFirst(member.count)
    var text = "`\(option)`"
    if rest.hasPrefix("["), let end = rest.firstIndex(of: "]"),
      let place = Int(rest[rest.index(after: rest.startIndex)..<end])
    {
      text += " number \(place + 1)"
      rest = rest[rest.index(after: end)...]
    }
    guard !rest.isEmpty else { return text }
    return rest.hasPrefix(".") ? "`\(rest.dropFirst())` of \(text)" : nil
  }

  /// `--answer-by` of `answerBy`, or `<task>` where it is an argument.
  private func option(_ member: String) -> String? {
    let name = (Self.others[member] ?? member).reduce("") { text, letter in
      text + (letter.isUppercase ? "-\(letter.lowercased())" : String(letter))
    }
    if help.contains("--\(name) ") || help.contains("--\(name)]") { return "--\(name)" }
    return help.contains("<\(name)>") ? "<\(name)>" : nil
  }
}
