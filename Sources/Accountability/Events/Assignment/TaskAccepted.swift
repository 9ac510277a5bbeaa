/// The lead signs for the task as it stands: who has a part in it, and by when.
struct TaskAccepted: EventBody {
  static let declaration = Declaration(
    "task.accepted", about: .task, by: [.lead], states: [.assigned], "Task signed for", "签收")

  let task: TaskID

  init(_ event: EventReader) throws(Refusal) { task = try event.task() }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    let task = try programme.task(task)
    try programme.requireFreshDates(of: task, context)
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    programme.tasks.update(task) { task in
      task.state = .accepted
      task.acceptedOn = context.time
    }
  }
}
