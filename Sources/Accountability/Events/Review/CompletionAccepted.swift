/// A reviewer accepts the claim: the second of the three facts of an end.
struct CompletionAccepted: EventBody {
  static let declaration = Declaration(
    "completion.accepted", about: .task, by: [.supervisor],
    fields: [.required("claim", .citation)], states: [.claimed], isIndependent: true,
    "Completion accepted", "完成审核通过")

  let task: TaskID
  let claim: Citation

  init(_ event: EventReader) throws(Refusal) {
    task = try event.task()
    claim = try event.citation("claim")
  }

  func reads(in programme: Programme) -> [StateKey] { [.report(claim)] }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    _ = try programme.claimUnderReview(claim, of: task, context)
    // A correction may have put a milestone back since the claim.
    try programme.task(task).requireMilestones()
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    programme.tasks.update(task) { task in
      task.state = .completed
      task.completedOn = context.time
    }
    programme.settle(claim, of: task, Review(context))
  }
}
