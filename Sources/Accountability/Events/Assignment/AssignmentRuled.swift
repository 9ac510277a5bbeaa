internal import Encoding

/// A declined assignment is upheld, or given to another lead. The unit's clock runs from here.
struct AssignmentRuled: EventBody {
  /// What may be ruled.
  enum Ruling: String, CaseIterable { case upheld, reassigned }

  static let declaration = Declaration(
    "assignment.ruled", about: .task, by: [.issuer, .governing],
    fields: [
      .optional("due", .day), .optional("lead", .id),
      .required("outcome", .word(Ruling.allCases.map(\.rawValue))), .optional("post", .id),
      .optional("reason", .text(maximum: 500)),
    ], states: [.disputed], isIndependent: true, "Assignment ruled on", "裁定交办")

  let task: TaskID
  let ruling: Ruling
  let lead: OrganisationID?
  let post: PostID?
  let due: Day?

  init(_ event: EventReader) throws(Refusal) {
    task = try event.task()
    ruling = try event.word("outcome")
    lead = try event.optionalID("lead")
    post = try event.optionalID("post")
    due = event.has("due") ? try event.day("due") : nil
  }

  func reads(in programme: Programme) -> [StateKey] {
    (lead.map { [.organisation($0)] } ?? []) + (post.map { [.post($0)] } ?? [])
  }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    let task = try programme.task(task)
    try programme.requireFresh(task.assignmentTouch, "The assignment of task \(task.id)", context)
    switch (ruling, lead) {
    case (.upheld, nil):
      guard post == nil else {
        throw Refusal(.malformed, "`data.post` belongs to a ruling that names another lead.")
      }
    case (.reassigned, let lead?):
      _ = try programme.organisation(lead)
      try programme.requirePost(post, of: lead)
      guard lead != task.lead, !task.namedReviewers.contains(lead) else {
        throw Refusal(
          .wrongState, "\(lead) leads or reviews task \(task.id) already.",
          hint: "Name another lead, or rule `upheld`.")
      }
    default:
      throw Refusal(
        .malformed, "A ruling is `upheld` without `lead`, or `reassigned` with it.")
    }
    if let due {
      try programme.requireNotPast(due, "due", context)
      guard task.start.map({ $0 <= due }) ?? true else {
        throw Refusal(
          .wrongDate, "The task would be due on \(due), before it starts.",
          hint: "Give a date from its start on.")
      }
    }
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    let today = context.time.day(at: programme.offset)
    programme.tasks.update(task) { task in
      if let lead {
        task.assign(
          lead: lead, supports: task.supports.filter { $0 != lead },
          territories: task.territories.filter { $0 != lead })
        task.post = post
      }
      if let due { task.dueDates.append(DueDate(due, .ruled, context)) }
      task.start = max(task.start ?? today, today)
      task.state = .assigned
      task.assignmentTouch.record(context.entry, by: context.organisation)
    }
  }
}
