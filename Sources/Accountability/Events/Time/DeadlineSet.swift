internal import Encoding

/// Another due date is set without a request, earlier or later; those before it stay visible.
struct DeadlineSet: EventBody {
  static let declaration = Declaration(
    "deadline.set", about: .task, by: [.issuer, .governing],
    fields: [.required("due", .day), .reason],
    states: [.assigned, .disputed, .suspended] + TaskState.underWay, isIndependent: true,
    "Deadline set", "完成时限调整")

  let task: TaskID
  let due: Day

  init(_ event: EventReader) throws(Refusal) {
    task = try event.task()
    due = try event.day("due")
  }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    let task = try programme.task(task)
    try programme.requireFreshDates(of: task, context)
    guard due != task.due else {
      throw Refusal(
        .nothingToDo, "Task \(task.id) is due on \(due) already.", hint: "Give another day.")
    }
    if let start = task.start, due < start {
      throw Refusal(
        .wrongDate, "`due` is \(due), before task \(task.id) starts on \(start).",
        hint: "Give that day or a later one.")
    }
    try programme.requireNotPast(due, "due", context)
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    programme.tasks.update(task) { task in
      task.dueDates.append(DueDate(due, .set, context))
      task.extensionTouch.record(context.entry, by: context.organisation)
    }
  }
}
