internal import Encoding

/// The lead says that the task is done: the first of the three facts of an end.
///
/// Late is a claim recorded at or after the end of the due date then in force (`docs/rules.md`,
/// *Dates*); it is recorded all the same.
struct CompletionClaimed: EventBody {
  static let declaration = Declaration(
    "completion.claimed", about: .task, by: [.lead],
    fields: [
      .values, .evidence, .optional("checklist", .list(of: .text(maximum: 300), count: 1...64)),
    ],
    states: [.inProgress], "Completion claimed", "完成申报")

  let task: TaskID
  let values: [ReportedValue]
  let evidence: [Citation]

  init(_ event: EventReader) throws(Refusal) {
    task = try event.task()
    values = try event.reportedValues()
    evidence = try event.citations("evidence")
  }

  func reads(in programme: Programme) -> [StateKey] { evidence.map { .evidence($0) } }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    let task = try programme.task(task)
    try task.requireMilestones()
    try programme.requireIndicators(values, of: task)
    try programme.requireEvidence(evidence, of: task, inRound: task.round)
    guard task.evidenceCount >= task.evidenceRequired else {
      throw Refusal(
        .notReady,
        "Task \(task.id) needs \(task.evidenceRequired) pieces of evidence in round \(task.round) and has \(task.evidenceCount).",
        hint: "Attach what is missing first; the same submission may hold both.")
    }
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    guard var task = programme.tasks[task] else { return }
    var report = Report(.claim, of: task, context)
    report.percent = 100
    report.values = values
    report.evidence = evidence
    task.state = .claimed
    task.claim = context.citation
    task.returnedClaim = nil
    task.claimedOn = context.time
    task.isClaimLate = programme.isPastDue(task, at: context.time)
    task.completionTouch.record(context.entry, by: context.organisation)
    programme.reports.create(context.citation, report)
    programme.tasks[task.id] = task
  }
}
