/// The governing body stops a task for a time; nothing is owed meanwhile, and no date moves.
struct TaskSuspended: EventBody {
  static let declaration = Declaration(
    "task.suspended", about: .task, by: [.governing],
    fields: [.order, .optional("reason", .text(maximum: 500))],
    states: TaskState.open, "Task suspended", "任务暂停")

  let task: TaskID

  init(_ event: EventReader) throws(Refusal) { task = try event.task() }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {}

  func evolve(_ programme: inout Programme, _ context: Context) {
    programme.tasks.update(task) { task in
      task.stateBeforeSuspension = task.state
      task.state = .suspended
      task.pauses.append(Pause(from: context.time, to: nil))
    }
  }
}

extension FieldDeclaration {
  /// The number of the governing body's order.
  static let order = required("order", .text(maximum: 200))
}
