/// All records of one kind, by key, with enough memory to take the last submission back.
///
/// Whole, it holds every record there is. As a slice it holds those that were loaded, absence
/// included: reading a key that was not loaded is a fault of the event type's `reads` and traps,
/// because judging on state that was never looked at would be worse.
///
/// A key is hashed once for each access and leads to a slot that stays where it is.
public struct Table<Key: Hashable & Comparable & Sendable, Value: Record>: Sendable {
  private struct Slot: Sendable {
    /// The record, or a blank where there is none.
    var value = Value()
    var isPresent = false

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
  private var changes: ChangeLog<Key, Value?>
  private let isSlice: Bool

  init(isSlice: Bool, notesChanges: Bool) {
    self.isSlice = isSlice
    changes = ChangeLog(notesChanges: notesChanges)
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
    place(of: key).map { slots[$0].isPresent } ?? false
  }

  /// Changes the record under `key`, where it lies, if there is one.
  mutating func update(_ key: Key, _ body: (inout Value) -> Void) {
    guard let place = place(of: key) else { return }
    touch(key, place)
    if slots[place].isPresent { body(&slots[place].value) }
  }

  /// Lends the record under `key`, if there is one, where a copy would cost more than the look.
  ///
  /// Straight from the array: an element that is lent through its `span` is copied first.
  @inline(__always)
  func lend<R, E>(_ key: Key, _ body: (Value) throws(E) -> R) throws(E) -> R? {
    guard let place = place(of: key) else { return nil }
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

  func isLoaded(_ key: Key) -> Bool { !isSlice || places[key] != nil }

  mutating func load(_ key: Key, _ value: Value?) {
    slots[places[key] ?? addSlot(key)].held = value
  }

  // MARK: One submission

  /// Whether the submission under way could still be taken back.
  var keepsJournal: Bool {
    get { changes.keepsJournal }
    set { changes.keepsJournal = newValue }
  }

  /// Whether the submission under way has changed anything here.
  var isTouched: Bool { changes.isTouched }

  mutating func commit() { changes.commit() }

  mutating func rollBack() { changes.rollBack { slots[$0].held = $1 } }

  // MARK: On the way to storage

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
    changes.takeChanges { key, place in
      if let value = slots[place].held { body(key, value) }
    }
  }

  // MARK: Places

  private func place(of key: Key) -> Int? {
    let place = places[key]
    precondition(place != nil || !isSlice, "\(Value.self) \(key) was not loaded")
    return place
  }

  private mutating func addSlot(_ key: Key) -> Int {
    places[key] = slots.count
    slots.append(Slot())
    changes.addSlot()
    return slots.count - 1
  }

  private mutating func touch(_ key: Key, _ place: Int) {
    changes.touch(place, key, holding: slots[place].held)
  }
}
