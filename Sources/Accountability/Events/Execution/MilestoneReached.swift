internal import Encoding

/// The lead says that a milestone is reached; a review decides.
struct MilestoneReached: EventBody {
  static let declaration = Declaration(
    "milestone.reached", about: .task, by: [.lead],
    fields: [.required("milestone", .id), .evidence, .note],
    states: TaskState.underWay, "Milestone reached", "节点完成")

  let task: TaskID
  let milestone: MilestoneID
  let evidence: [Citation]

  init(_ event: EventReader) throws(Refusal) {
    task = try event.task()
    milestone = try event.id("milestone")
    evidence = try event.citations("evidence")
  }

  func reads(in programme: Programme) -> [StateKey] { evidence.map { .evidence($0) } }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    let task = try programme.task(task)
    let milestone = try task.milestone(milestone)
    try milestone.require([.planned, .rejected], to: "be reached")
    try programme.requireEvidence(evidence, of: task, from: context.organisation)
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    guard var task = programme.tasks[task] else { return }
    var report = Report(.milestone, of: task, context)
    report.milestone = milestone
    report.evidence = evidence
    task.update(milestone) { milestone in
      milestone.state = .reached
      milestone.reachedOn = context.time
      milestone.report = context.citation
      milestone.touch.record(context.entry, by: context.organisation)
    }
    task.begin()
    programme.reports.create(context.citation, report)
    programme.tasks[task.id] = task
  }
}

extension Task {
  /// The milestone of that id, or a refusal that lists those there are.
  func milestone(_ id: MilestoneID) throws(Refusal) -> Milestone {
    guard let milestone = milestones.first(where: { $0.id == id }) else {
      throw Refusal(
        .unknownSubject, "Task \(self.id) has no milestone \(id).",
        hint: milestones.isEmpty
          ? "It has none." : "It has \(milestones.map(\.id.rawValue).joined(separator: ", ")).")
    }
    return milestone
  }

  /// Changes one milestone.
  mutating func update(_ id: MilestoneID, _ body: (inout Milestone) -> Void) {
    guard let place = milestones.firstIndex(where: { $0.id == id }) else { return }
    body(&milestones[place])
  }
}

extension Milestone {
  func require(_ states: [State], to act: String) throws(Refusal) {
    guard states.contains(state) else {
      let accepted = states.map(\.rawValue).joined(separator: " or ")
      throw Refusal(
        .wrongState, "Milestone \(id) is \(state.rawValue) and cannot \(act).",
        hint: "It would have to be \(accepted).")
    }
  }
}
