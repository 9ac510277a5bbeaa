/// Where a task stands (`docs/rules.md`, *A task's state*).
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

extension TaskState {
  /// What it is called, for people.
  public var label: Label {
    let chinese =
      switch self {
      case .issued: "已下达"
      case .assigned: "已交办"
      case .disputed: "有异议"
      case .accepted: "已签收"
      case .inProgress: "推进中"
      case .claimed: "已申报完成"
      case .completed: "已完成"
      case .closed: "已销号"
      case .suspended: "已暂停"
      case .cancelled: "已取消"
      }
    return Label(english: rawValue, chinese: chinese)
  }
}
