public import Encoding

extension Event {
  /// Reads an event line of a type the rules know, its shape held against the declaration.
  ///
  /// What the state must hold for it to be admitted is another question.
  public init(checking json: JSONValue) throws(Refusal) {
    let event = try Event(json)
    guard let kind = EventCatalogue.kind(of: event.type) else {
      throw Refusal(.malformed, "`\(event.type)` is no event type of these rules.")
    }
    _ = try EventReader(event, as: kind.declaration)
    self = event
  }
}
