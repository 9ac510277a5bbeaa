/// Every event type the rules know. Adding one is a file, and a line in the catalogue of its
/// folder.
public enum EventCatalogue {
  /// The types, in the order of every table made from them.
  public static let all: [any EventBody.Type] =
    directory + programme + assignment + execution + review + time

  /// The type of that wire name, if the rules know it.
  public static func kind(of type: EventType) -> (any EventBody.Type)? { byName[type] }

  /// Throws what every ledger under these rules would refuse events for, whatever it holds: their
  /// types, their members, and the place of `rules.adopted`.
  ///
  /// For whoever signs where no ledger is at hand: a number that is spent on such events is lost.
  public static func requireForm(
    of events: [Event], rules: Int = Rules.newest
  ) throws(Refusal) {
    for (offset, event) in events.enumerated() {
      do throws(Refusal) {
        _ = try read(event, rules: rules, isOpening: false)
        try requirePlace(of: event, isLast: offset == events.count - 1)
      } catch {
        throw error.at(event: offset + 1)
      }
    }
  }

  /// The body of an event and its declaration, if the rules of that version know its form.
  static func read(
    _ event: Event, rules: Int, isOpening: Bool
  ) throws(Refusal) -> (any EventBody, Declaration) {
    guard let kind = kind(of: event.type), kind.declaration.since <= rules else {
      throw Refusal(
        .unknownType, "Rules version \(rules) knows no event `\(event.type)`.",
        hint: "Use a type listed in docs/authority.md.")
    }
    guard (event.type == "ledger.opened") == isOpening else {
      throw Refusal(
        .misplaced, "`ledger.opened` is the first event of entry 0 and stands nowhere else.")
    }
    return (try kind.init(try EventReader(event, as: kind.declaration)), kind.declaration)
  }

  /// Refuses what follows an adoption of rules in one submission.
  static func requirePlace(of event: Event, isLast: Bool) throws(Refusal) {
    guard event.type != "rules.adopted" || isLast else {
      throw Refusal(
        .misplaced, "`rules.adopted` is the last event of its submission.",
        hint: "What follows is judged by the new rules: put it in a submission of its own.")
    }
  }

  /// The type whose wire name these bytes are, if the rules know it: always the same `String`, so
  /// that reading an event makes none.
  static func type(_ name: Span<UInt8>) -> EventType? {
    guard name.count < byLength.count else { return nil }
    for candidate in byLength[name.count] where isEqual(name, candidate.bytes) {
      return candidate.type
    }
    return nil
  }

  private static let byName = Dictionary(
    uniqueKeysWithValues: all.map { ($0.declaration.type, $0) })

  /// The names of so many bytes, at the place of that number.
  private static let byLength: [[(bytes: [UInt8], type: EventType)]] = {
    let names = all.map {
      (bytes: Array($0.declaration.type.rawValue.utf8), type: $0.declaration.type)
    }
    var table = [[(bytes: [UInt8], type: EventType)]](
      repeating: [], count: (names.map(\.bytes.count).max() ?? 0) + 1)
    for name in names { table[name.bytes.count].append(name) }
    return table
  }()

  private static func isEqual(_ left: Span<UInt8>, _ right: [UInt8]) -> Bool {
    for index in right.indices where left[index] != right[index] { return false }
    return true
  }
}
