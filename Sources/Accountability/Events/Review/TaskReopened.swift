/// A reviewer opens a finished task again: a new round begins, and the old one stays visible.
struct TaskReopened: EventBody {
  static let declaration = Declaration(
    "task.reopened", about: .task, by: [.supervisor], fields: [.reason],
    states: [.completed, .closed], isIndependent: true, "Task reopened", "重新启动")

  let task: TaskID

  init(_ event: EventReader) throws(Refusal) { task = try event.task() }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    // Another reviewer may have reopened it before, and what is there now be the next round.
    let task = try programme.task(task)
    try programme.requireFresh(task.completionTouch, "The completion of task \(task.id)", context)
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    programme.tasks.update(task) { task in
      var past = PastRound()
      past.round = task.round
      past.claim = task.claim
      past.claimedOn = task.claimedOn
      past.isClaimLate = task.isClaimLate
      past.completedOn = task.completedOn
      past.closedOn = task.closedOn
      past.reopening = context.citation
      past.reopenedOn = context.time
      task.pastRounds.append(past)
      // Nothing was owed while the task counted as done.
      if let completed = task.completedOn {
        task.pauses.append(Pause(from: completed, to: context.time))
      }
      task.round += 1
      task.state = .inProgress
      task.claim = nil
      task.returnedClaim = nil
      task.claimedOn = nil
      task.isClaimLate = false
      task.completedOn = nil
      task.closedOn = nil
      task.evidenceCount = 0
      task.completionTouch.record(context.entry, by: context.organisation)
    }
  }
}
