/// The governing body ends a task unfinished: final, and it stays visible.
struct TaskCancelled: EventBody {
  static let declaration = Declaration(
    "task.cancelled", about: .task, by: [.governing],
    fields: [.order, .optional("reason", .text(maximum: 500))],
    states: TaskState.unfinished, "Task cancelled", "任务取消")

  let task: TaskID

  init(_ event: EventReader) throws(Refusal) { task = try event.task() }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {}

  func evolve(_ programme: inout Programme, _ context: Context) {
    programme.tasks.update(task) { task in
      if task.state != .suspended { task.pauses.append(Pause(from: context.time, to: nil)) }
      task.state = .cancelled
      task.pendingExtension = nil
    }
  }
}
