/// What of an event is decided before any state is looked at.
extension EventCatalogue {
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
    guard (event.type == LedgerOpened.declaration.type) == isOpening else {
      throw Refusal(
        .misplaced, "`ledger.opened` is the first event of entry 0 and stands nowhere else.")
    }
    return (try kind.init(try EventReader(event, as: kind.declaration)), kind.declaration)
  }

  /// Refuses what follows an adoption of rules in one submission.
  static func requirePlace(of event: Event, isLast: Bool) throws(Refusal) {
    guard event.type != RulesAdopted.declaration.type || isLast else {
      throw Refusal(
        .misplaced, "`rules.adopted` is the last event of its submission.",
        hint: "What follows is judged by the new rules: put it in a submission of its own.")
    }
  }
}
