/// A reviewer finds that a milestone is not reached; it may be reported again.
struct MilestoneRejected: EventBody {
  static let declaration = Declaration(
    "milestone.rejected", about: .task, by: [.supervisor],
    fields: [.required("milestone", .id), .returnReason, .note], states: TaskState.underWay,
    isIndependent: true,
    "Milestone rejected", "节点退回")

  let task: TaskID
  let milestone: MilestoneID
  let reason: ReturnReason

  init(_ event: EventReader) throws(Refusal) {
    task = try event.task()
    milestone = try event.id("milestone")
    reason = try event.word("reason")
  }

  func reads(in programme: Programme) -> [StateKey] {
    programme.keys(ofReportOf: milestone, task)
  }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    _ = try programme.milestoneUnderReview(milestone, of: task, context)
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    programme.tasks.update(task) { $0.update(milestone) { $0.state = .rejected } }
    let report = programme.tasks[task]?.milestones.first { $0.id == milestone }?.report
    programme.settle(report, of: task, Review(context, returning: reason))
  }
}
