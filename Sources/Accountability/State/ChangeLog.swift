/// What the submission under way has changed in a table, so that it can be taken back, and what has
/// changed since the changes were last taken.
///
/// Both are lists of slots: the places, given in order from 0, where a table keeps its records.
struct ChangeLog<Key: Sendable, Old: Sendable>: Sendable {
  private struct Mark {
    /// Whether the submission under way has changed it.
    var isTouched = false
    /// Whether a submission that took effect has, since the changes were last taken.
    var isChanged = false
  }

  private var marks: ContiguousArray<Mark> = []
  private var journal: [(key: Key, slot: Int, old: Old)] = []
  private var changed: [(key: Key, slot: Int)] = []
  private let notesChanges: Bool
  /// Whether the submission under way could still be taken back.
  var keepsJournal = true

  /// - Parameter notesChanges: Whether changes will ever be taken; else nothing is kept for it.
  init(notesChanges: Bool) { self.notesChanges = notesChanges }

  /// Whether the submission under way has changed anything.
  var isTouched: Bool { !journal.isEmpty }

  /// Makes room for the next slot.
  mutating func addSlot() { marks.append(Mark()) }

  /// Notes that a slot is about to be changed; what it held is copied at the first change in a
  /// submission only, and not at all in one that cannot be taken back.
  mutating func touch(_ slot: Int, _ key: Key, holding old: @autoclosure () -> Old) {
    guard keepsJournal else { return noteChange(slot, key) }
    guard !marks[slot].isTouched else { return }
    marks[slot].isTouched = true
    journal.append((key, slot, old()))
  }

  /// The submission took effect.
  mutating func commit() {
    guard isTouched else { return }
    for change in journal {
      marks[change.slot].isTouched = false
      noteChange(change.slot, change.key)
    }
    journal.removeAll(keepingCapacity: true)
  }

  /// The submission did not: `restore` puts back what each slot held.
  mutating func rollBack(_ restore: (_ slot: Int, _ old: Old) -> Void) {
    guard isTouched else { return }
    for change in journal {
      marks[change.slot].isTouched = false
      restore(change.slot, change.old)
    }
    journal.removeAll(keepingCapacity: true)
  }

  /// Calls `body` with every key and slot that changed since the last call, in no order.
  mutating func takeChanges(_ body: (Key, _ slot: Int) -> Void) {
    for (key, slot) in changed {
      marks[slot].isChanged = false
      body(key, slot)
    }
    changed.removeAll(keepingCapacity: true)
  }

  private mutating func noteChange(_ slot: Int, _ key: Key) {
    guard notesChanges, !marks[slot].isChanged else { return }
    marks[slot].isChanged = true
    changed.append((key, slot))
  }
}
