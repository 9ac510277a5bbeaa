internal import Encoding

/// The lead plans the work: further milestones beside the plan's, which it never drops or moves.
struct TaskPlanned: EventBody {
  static let declaration = Declaration(
    "task.planned", about: .task, by: [.lead],
    fields: [
      .optional("contact", .sealed),
      .optional("milestones", .list(of: Milestone.shape, count: 1...64)),
    ], states: [.accepted, .inProgress], "Task planned", "制定计划")

  let task: TaskID
  private let milestones: [Milestone]

  init(_ event: EventReader) throws(Refusal) {
    task = try event.task()
    milestones = try event.objects("milestones").map { (item) throws(Refusal) in
      try Milestone(item, isPlanned: false)
    }
  }

  func reads(in programme: Programme) -> [StateKey] { milestones.map { .milestone($0.id) } }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    let task = try programme.task(task)
    try programme.requireNewMilestones(milestones)
    guard task.milestones.count + milestones.count <= 128 else {
      throw Refusal(.malformed, "Task \(task.id) would have more than 128 milestones.")
    }
    if let due = task.due, let late = milestones.first(where: { $0.due > due }) {
      throw Refusal(
        .wrongDate,
        "The milestone \(late.id) would be due on \(late.due), after the task on \(due).",
        hint: "Give it a date by \(due).")
    }
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    programme.tasks.update(task) { task in
      task.milestones += milestones
      task.begin()
    }
    programme.settle(milestones, of: task)
  }
}
