/// The lead does not sign for the task, and says why; it is then ruled on.
struct TaskDeclined: EventBody {
  /// Why a unit may decline.
  static let reasons = [
    "not-competent", "wrong-unit", "overlapping", "no-resources", "unclear", "other",
  ]

  static let declaration = Declaration(
    "task.declined", about: .task, by: [.lead],
    fields: [.note, .required("reason", .word(reasons))], states: [.assigned], "Task declined",
    "提出异议")

  let task: TaskID

  init(_ event: EventReader) throws(Refusal) { task = try event.task() }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    let task = try programme.task(task)
    try programme.requireFresh(task.assignmentTouch, "The assignment of task \(task.id)", context)
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    programme.tasks.update(task) { task in
      task.state = .disputed
      task.assignmentTouch.record(context.entry, by: context.organisation)
    }
  }
}
