/// All records of one kind, by key, with enough memory to take the last submission back.
///
/// Whole, it holds every record there is. As a slice it holds those that were loaded, absence
/// included: reading a key that was not loaded is a fault of the event type's `reads` and traps,
/// because judging on state that was never looked at would be worse.
///
/// A key is hashed once for each access and leads to a slot that stays where it is; journal and
/// changes are lists of slots. A record is copied into the journal at its first change in a
/// submission only, and not at all in one that cannot be taken back.
public struct Table<Key: Hashable & Comparable & Sendable, Value: Record>: Sendable {
  private struct Slot: Sendable {
    /// The record, or a blank where there is none.
    var value = Value()
    var isPresent = false
    /// Whether the submission under way has changed it.
    var isTouched = false
    /// Whether a submission that took effect has, since the changes were last taken.
    var isChanged = false

    var held: Value? {
      get { isPresent ? value : nil }
      set {
        isPresent = newValue != nil
        value = newValue ?? Value()
      }
    }
  }

  private var places: [Key: Int] = [:]
  private var slots: ContiguousArray<Slot> = []
  private var journal: [(key: Key, place: Int, old: Value?)] = []
  private var changed: [(key: Key, place: Int)] = []
  private let isSlice: Bool
  private let notesChanges: Bool
  /// Whether the submission under way could still be taken back.
  var keepsJournal = true

  init(isSlice: Bool, notesChanges: Bool) {
    self.isSlice = isSlice
    self.notesChanges = notesChanges
  }

  /// The record under `key`, copied; ``lend(_:_:)`` where it is only looked into.
  public subscript(key: Key) -> Value? {
    get { place(of: key).flatMap { slots[$0].held } }
    set {
      let place = place(of: key) ?? addSlot(key)
      touch(key, place)
      slots[place].held = newValue
    }
  }

  /// Whether there is a record under `key`.
  func has(_ key: Key) -> Bool {
    place(of: key).map { slots.span[$0].isPresent } ?? false
  }

  /// Changes the record under `key`, where it lies, if there is one.
  mutating func update(_ key: Key, _ body: (inout Value) -> Void) {
    guard let place = place(of: key) else { return }
    touch(key, place)
    if slots[place].isPresent { body(&slots[place].value) }
  }

  /// Lends the record under `key`, if there is one, where a copy would cost more than the look.
  func lend<R, E>(_ key: Key, _ body: (Value) throws(E) -> R) throws(E) -> R? {
    guard let place = place(of: key) else { return nil }
    let slots = slots.span
    return slots[place].isPresent ? try body(slots[place].value) : nil
  }

  /// Adds a record under a key that is new by its nature, such as an event's own citation; a slice
  /// need not have asked for it.
  mutating func create(_ key: Key, _ value: Value) {
    let place = places[key] ?? addSlot(key)
    touch(key, place)
    slots[place].held = value
  }

  /// How many records are held.
  public var count: Int { slots.count { $0.isPresent } }

  /// The records held, in order of key.
  public var values: [Value] { order.map { slots[$0.place].value } }

  /// Keys and records held, in order of key.
  public var sorted: [(key: Key, value: Value)] { order.map { ($0.key, slots[$0.place].value) } }

  private var order: [(key: Key, place: Int)] {
    var order: [(key: Key, place: Int)] = []
    order.reserveCapacity(places.count)
    for (key, place) in places where slots[place].isPresent { order.append((key, place)) }
    order.sort { $0.key < $1.key }
    return order
  }

  /// Whether the submission under way has changed anything here.
  var isTouched: Bool { !journal.isEmpty }

  func isLoaded(_ key: Key) -> Bool { !isSlice || places[key] != nil }

  mutating func load(_ key: Key, _ value: Value?) {
    slots[places[key] ?? addSlot(key)].held = value
  }

  mutating func commit() {
    guard isTouched else { return }
    for change in journal {
      slots[change.place].isTouched = false
      noteChange(change.key, change.place)
    }
    journal.removeAll(keepingCapacity: true)
  }

  mutating func rollBack() {
    guard isTouched else { return }
    for change in journal {
      slots[change.place].held = change.old
      slots[change.place].isTouched = false
    }
    journal.removeAll(keepingCapacity: true)
  }

  /// Hands over every record held, encoded, under the names that `name` gives, in their order.
  ///
  /// Names are ASCII, so that the order of `String` is the order of bytes.
  func forEach(
    named name: (Key) -> StateKey, _ body: (StateKey, [UInt8]) throws -> Void
  ) throws {
    let order = places.map { (name: name($0.key), place: $0.value) }
    for row in order.sorted(by: { $0.name.name < $1.name.name }) {
      if let value = slots[row.place].held { try body(row.name, RecordCoder.encode(value)) }
    }
  }

  /// Calls `body` with every key and record that changed since the last call, in no order.
  mutating func takeChanges(_ body: (Key, Value) -> Void) {
    for (key, place) in changed {
      slots[place].isChanged = false
      if let value = slots[place].held { body(key, value) }
    }
    changed.removeAll(keepingCapacity: true)
  }

  private func place(of key: Key) -> Int? {
    let place = places[key]
    precondition(place != nil || !isSlice, "\(Value.self) \(key) was not loaded")
    return place
  }

  private mutating func addSlot(_ key: Key) -> Int {
    places[key] = slots.count
    slots.append(Slot())
    return slots.count - 1
  }

  private mutating func touch(_ key: Key, _ place: Int) {
    guard keepsJournal else { return noteChange(key, place) }
    guard !slots[place].isTouched else { return }
    slots[place].isTouched = true
    journal.append((key, place, slots[place].held))
  }

  private mutating func noteChange(_ key: Key, _ place: Int) {
    guard notesChanges, !slots[place].isChanged else { return }
    slots[place].isChanged = true
    changed.append((key, place))
  }
}
