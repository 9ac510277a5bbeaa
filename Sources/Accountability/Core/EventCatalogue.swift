/// Every event type the rules know. Adding one is a file, and a line in the catalogue of its
/// folder.
public enum EventCatalogue {
  /// The types, in the order of every table made from them.
  public static let all: [any EventBody.Type] =
    directory + programme + assignment + execution + review + time

  /// The type of that wire name, if the rules know it.
  public static func kind(of type: EventType) -> (any EventBody.Type)? { byName[type] }

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
