/// All records of one kind, by key, with enough memory to take the last submission back.
///
/// Whole, it holds every record there is. As a slice it holds those that were loaded, absence
/// included: reading a key that was not loaded is a fault of the event type's `reads` and traps,
/// because judging on state that was never looked at would be worse.
public struct Table<Key: Hashable & Comparable & Sendable, Value: Record>: Sendable {
  private var storage: [Key: Value] = [:]
  private var loaded: Set<Key>?
  private var journal: [(key: Key, old: Value?)] = []
  private var changed: Set<Key> = []

  init(isSlice: Bool) { loaded = isSlice ? [] : nil }

  /// The record under `key`.
  public subscript(key: Key) -> Value? {
    get {
      precondition(loaded?.contains(key) ?? true, "\(Value.self) \(key) was not loaded")
      return storage[key]
    }
    set {
      precondition(loaded?.contains(key) ?? true, "\(Value.self) \(key) was not loaded")
      journal.append((key, storage[key]))
      storage[key] = newValue
    }
  }

  /// Changes the record under `key` if there is one.
  mutating func update(_ key: Key, _ body: (inout Value) -> Void) {
    guard var value = self[key] else { return }
    body(&value)
    self[key] = value
  }

  /// Adds a record under a key that is new by its nature, such as an event's own citation; a slice
  /// need not have asked for it.
  mutating func create(_ key: Key, _ value: Value) {
    loaded?.insert(key)
    self[key] = value
  }

  /// How many records are held.
  public var count: Int { storage.count }

  /// The records held, in order of key.
  public var values: [Value] { sorted.map(\.value) }

  /// Keys and records held, in order of key.
  public var sorted: [(key: Key, value: Value)] {
    storage.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  func isLoaded(_ key: Key) -> Bool { loaded?.contains(key) ?? true }

  mutating func load(_ key: Key, _ value: Value?) {
    loaded?.insert(key)
    storage[key] = value
  }

  mutating func commit() {
    for change in journal { changed.insert(change.key) }
    journal.removeAll(keepingCapacity: true)
  }

  mutating func rollBack() {
    for change in journal.reversed() { storage[change.key] = change.old }
    journal.removeAll(keepingCapacity: true)
  }

  mutating func takeChanges() -> [(key: Key, value: Value)] {
    let keys = changed.sorted()
    changed.removeAll(keepingCapacity: true)
    return keys.compactMap { key in storage[key].map { (key, $0) } }
  }
}
