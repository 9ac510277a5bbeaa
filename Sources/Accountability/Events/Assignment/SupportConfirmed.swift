/// A supporting unit or a territory confirms its part.
struct SupportConfirmed: EventBody {
  static let declaration = Declaration(
    "support.confirmed", about: .task, by: [.support, .territory],
    states: [.assigned] + TaskState.underWay, "Support confirmed", "确认配合")

  let task: TaskID

  init(_ event: EventReader) throws(Refusal) { task = try event.task() }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    guard try !programme.task(task).confirmed.contains(context.organisation) else {
      throw Refusal(
        .nothingToDo, "\(context.organisation) has confirmed its part in \(task) already.")
    }
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    programme.tasks.update(task) { $0.confirmed.append(context.organisation) }
  }
}
