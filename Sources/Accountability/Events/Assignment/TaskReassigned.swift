internal import Encoding

/// The task goes to another lead, who has yet to sign for it. Whoever led it stays a party.
struct TaskReassigned: EventBody {
  static let declaration = Declaration(
    "task.reassigned", about: .task, by: [.issuer, .governing],
    fields: [
      .required("from", .day), .required("lead", .id), .optional("post", .id), .reason, .supports,
    ], states: [.assigned] + TaskState.underWay, isIndependent: true, "Task reassigned", "调整牵头单位")

  let task: TaskID
  let lead: OrganisationID
  let supports: [OrganisationID]
  let post: PostID?
  let from: Day

  init(_ event: EventReader) throws(Refusal) {
    task = try event.task()
    lead = try event.id("lead")
    supports = try event.ids("supports")
    post = try event.optionalID("post")
    from = try event.day("from")
  }

  func reads(in programme: Programme) -> [StateKey] {
    ([lead] + supports).map { .organisation($0) } + (post.map { [.post($0)] } ?? [])
  }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    let task = try programme.task(task)
    try programme.requireFresh(task.assignmentTouch, "The assignment of task \(task.id)", context)
    // A claim under review is set aside: whoever does that has seen it.
    if task.state == .claimed {
      try programme.requireFresh(task.completionTouch, "The completion of task \(task.id)", context)
    }
    try programme.requireUnits(lead: lead, supports)
    try programme.requirePost(post, of: lead)
    guard lead != task.lead else {
      throw Refusal(.nothingToDo, "\(lead) leads task \(task.id) already.")
    }
    if let reviewer = ([lead] + supports).first(where: task.namedReviewers.contains) {
      throw Refusal(
        .notIndependent,
        "\(reviewer) is named to review \(task.id), and so can have no part in it.",
        hint:
          "Assign another, or let the governing body withdraw that: `onus role withdraw \(reviewer) supervisor --task \(task.id)`."
      )
    }
    guard task.due.map({ from <= $0 }) ?? true else {
      throw Refusal(
        .wrongDate, "`from` is \(from), after the task is due.",
        hint: "Move the date first with deadline.set.")
    }
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    programme.tasks.update(task) { task in
      let kept = supports.isEmpty ? task.supports.filter { $0 != lead } : supports
      task.assign(
        lead: lead, supports: kept,
        territories: task.territories.filter { $0 != lead && !kept.contains($0) })
      task.post = post
      task.start = max(task.start ?? from, from)
      task.state = .assigned
      task.acceptedOn = nil
      task.claim = nil
      task.returnedClaim = nil
      task.claimedOn = nil
      task.isClaimLate = false
      task.pendingExtension = nil
      task.assignmentTouch.record(context.entry, by: context.organisation)
      task.completionTouch.record(context.entry, by: context.organisation)
    }
  }
}
