/// A reviewer lets a milestone go, and says why; a claim no longer waits for it.
struct MilestoneWaived: EventBody {
  static let declaration = Declaration(
    "milestone.waived", about: .task, by: [.supervisor],
    fields: [.required("milestone", .id), .reason], states: TaskState.underWay,
    isIndependent: true, "Milestone waived", "节点免除")

  let task: TaskID
  let milestone: MilestoneID

  init(_ event: EventReader) throws(Refusal) {
    task = try event.task()
    milestone = try event.id("milestone")
  }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    let milestone = try programme.task(task).milestone(milestone)
    try programme.requireFresh(milestone.touch, "The milestone \(milestone.id)", context)
    try milestone.require([.planned, .reached, .rejected], to: "be waived")
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    programme.tasks.update(task) { $0.update(milestone) { $0.state = .waived } }
  }
}
