internal import Encoding

/// What the events that move dates have in common.
extension Programme {
  /// Refuses a date that nobody could keep any more.
  func requireNotPast(_ day: Day, _ name: String, _ context: Context) throws(Refusal) {
    let today = context.time.day(at: offset)
    guard day >= today else {
      throw Refusal(
        .wrongDate, "`\(name)` is \(day), which has passed on \(today).",
        hint: "Give \(today) or later.")
    }
  }

  /// Refuses an extension that would not extend.
  func requireLater(_ day: Day, of task: Task) throws(Refusal) {
    guard let due = task.due else {
      throw Refusal(.wrongState, "Task \(task.id) has no due date.", hint: "Assign it first.")
    }
    guard day > due else {
      throw Refusal(
        .wrongDate, "`to` is \(day), and task \(task.id) is due on \(due) already.",
        hint: "An extension is to a later day.")
    }
  }

  /// Refuses a decision on dates that was taken before a request, another date or another
  /// assignment was seen.
  func requireFreshDates(of task: Task, _ context: Context) throws(Refusal) {
    try requireFresh(
      task.extensionTouch, "The due date of task \(task.id) or a request for it", context)
    try requireFresh(task.assignmentTouch, "The assignment of task \(task.id)", context)
  }

  /// Refuses a decision on a request that is not the one pending, or that was taken on an old view.
  func requirePending(
    _ request: Citation, of task: Task, _ context: Context
  ) throws(Refusal) {
    try requireFreshDates(of: task, context)
    guard task.pendingExtension?.citation == request else {
      throw Refusal(
        .unknownCitation, "\(request) is not a pending request to extend task \(task.id).",
        hint: task.pendingExtension.map { "That is \($0.citation)." } ?? "There is none.")
    }
  }
}

extension DueDate {
  init(_ day: Day, _ origin: Origin, _ context: Context) {
    self.init()
    self.day = day
    self.origin = origin
    self.entry = context.entry
  }
}
