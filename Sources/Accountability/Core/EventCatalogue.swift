/// Every event type the rules know. Adding one is a file and a line here.
public enum EventCatalogue {
  /// The types in the order of DOMAIN §3.
  public static let all: [any EventBody.Type] =
    directory + programme + assignment + execution + review + time

  /// The type of that wire name, if the rules know it.
  public static func kind(of type: EventType) -> (any EventBody.Type)? { byName[type] }

  private static let byName = Dictionary(
    uniqueKeysWithValues: all.map { ($0.declaration.type, $0) })
}
