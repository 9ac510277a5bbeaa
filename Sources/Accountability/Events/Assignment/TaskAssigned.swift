internal import Encoding

/// One lead answers, supporting units contribute, and both dates are set.
struct TaskAssigned: EventBody {
  static let declaration = Declaration(
    "task.assigned", about: .task, by: [.issuer],
    fields: [
      .required("due", .day), .required("lead", .id), .optional("post", .id),
      .required("start", .day), .supports, .territories,
    ], states: [.issued], "Task assigned", "交办")

  let task: TaskID
  let lead: OrganisationID
  let supports: [OrganisationID]
  let territories: [OrganisationID]
  let post: PostID?
  let start: Day
  let due: Day

  init(_ event: EventReader) throws(Refusal) {
    task = try event.task()
    lead = try event.id("lead")
    supports = try event.ids("supports")
    territories = try event.ids("territories")
    post = try event.optionalID("post")
    start = try event.day("start")
    due = try event.day("due")
  }

  func reads(in programme: Programme) -> [StateKey] {
    ([lead] + supports + territories).map { .organisation($0) } + (post.map { [.post($0)] } ?? [])
  }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    try programme.requireUnits(lead: lead, supports + territories)
    try programme.requirePost(post, of: lead)
    guard start <= due else {
      throw Refusal(
        .wrongDate, "The task would be due on \(due), before it starts on \(start).",
        hint: "Give a due date from its start on.")
    }
    let named = try programme.task(task).namedReviewers
    if let reviewer = named.first(where: { ([lead] + supports + territories).contains($0) }) {
      throw Refusal(
        .notIndependent, "\(reviewer) is named to review \(task), and so can have no part in it.",
        hint:
          "Assign another, or let the governing body withdraw that: `onus role withdraw \(reviewer) supervisor --task \(task)`."
      )
    }
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    programme.tasks.update(task) { task in
      task.assign(lead: lead, supports: supports, territories: territories)
      task.post = post
      task.start = start
      task.dueDates = [DueDate(due, .assigned, context)]
      task.state = .assigned
      task.assignmentTouch.record(context.entry, by: context.organisation)
    }
  }
}
