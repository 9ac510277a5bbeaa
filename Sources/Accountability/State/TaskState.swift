/// Where a task stands (`docs/rules.md`).
public enum TaskState: String, CaseIterable, Hashable, Sendable {
  case issued, assigned, disputed, accepted
  case inProgress = "in-progress"
  case claimed, completed, closed, suspended, cancelled

  /// The states in which work is owed: neither finished nor stopped.
  public static let open: [TaskState] = [
    .issued, .assigned, .disputed, .accepted, .inProgress, .claimed,
  ]
  /// The states in which the lead has signed and works.
  public static let underWay: [TaskState] = [.accepted, .inProgress, .claimed]
  /// The states from which work may still be owed: not at their end.
  public static let unfinished: [TaskState] = open + [.completed, .suspended]
  /// Every state but the final one.
  public static let unfinal: [TaskState] = unfinished + [.closed]
}
