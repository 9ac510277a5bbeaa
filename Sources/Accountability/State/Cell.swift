/// The one record of a kind of which there is one, with the same memory as a ``Table``.
struct Cell<Value: Record>: Sendable {
  private var held: Value?
  /// What it was before the submission under way changed it.
  private var old: Value?
  /// Whether the submission under way has changed it.
  private(set) var isTouched = false
  private var isChanged = false
  private(set) var isLoaded: Bool

  init(isSlice: Bool) { isLoaded = !isSlice }

  /// The record, lent where it is only looked into.
  var value: Value? {
    _read {
      precondition(isLoaded, "\(Value.self) was not loaded")
      yield held
    }
    set {
      if !isTouched { old = held }
      isTouched = true
      held = newValue
    }
  }

  /// Lends the record, if there is one.
  @inline(__always)
  func lend<R>(_ body: (Value) -> R) -> R? {
    precondition(isLoaded, "\(Value.self) was not loaded")
    return held.map(body)
  }

  mutating func load(_ value: Value?) {
    held = value
    isLoaded = true
  }

  mutating func commit() {
    guard isTouched else { return }
    old = nil
    isTouched = false
    isChanged = true
  }

  mutating func rollBack() {
    guard isTouched else { return }
    held = old
    old = nil
    isTouched = false
  }

  /// The record if it changed since the last call.
  mutating func takeChange() -> Value? {
    defer { isChanged = false }
    return isChanged ? held : nil
  }
}
