internal import Encoding

/// The governing body lets a suspended task go on where it stood.
struct TaskResumed: EventBody {
  static let declaration = Declaration(
    "task.resumed", about: .task, by: [.governing], fields: [.order], states: [.suspended],
    "Task resumed", "任务恢复")

  let task: TaskID

  init(_ event: EventReader) throws(Refusal) { task = try event.task() }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {}

  func evolve(_ programme: inout Programme, _ context: Context) {
    programme.tasks.update(task) { task in
      task.state = task.stateBeforeSuspension
      task.endPause(at: context.time)
    }
  }
}

extension Task {
  /// Ends the pause that has not ended.
  mutating func endPause(at time: Timestamp) {
    guard let place = pauses.lastIndex(where: { $0.to == nil }) else { return }
    pauses[place] = Pause(from: pauses[place].from, to: time)
  }
}
