/// A reviewer accepts that a milestone is reached.
struct MilestoneAccepted: EventBody {
  static let declaration = Declaration(
    "milestone.accepted", about: .task, by: [.supervisor],
    fields: [.required("milestone", .id)], states: TaskState.underWay, isIndependent: true,
    "Milestone accepted", "节点审核通过")

  let task: TaskID
  let milestone: MilestoneID

  init(_ event: EventReader) throws(Refusal) {
    task = try event.task()
    milestone = try event.id("milestone")
  }

  func reads(in programme: Programme) -> [StateKey] {
    programme.keys(ofReportOf: milestone, task)
  }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    _ = try programme.milestoneUnderReview(milestone, of: task, context)
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    programme.tasks.update(task) { $0.update(milestone) { $0.state = .accepted } }
    let report = programme.tasks[task]?.milestones.first { $0.id == milestone }?.report
    programme.settle(report, of: task, Review(context))
  }
}
