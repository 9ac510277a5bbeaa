/// A reviewer sends a progress report or a contribution back.
struct ReportReturned: EventBody {
  static let declaration = Declaration(
    "report.returned", about: .task, by: [.supervisor],
    fields: [.required("report", .citation), .returnReason, .note],
    states: TaskState.underWay + [.completed, .closed], isIndependent: true, "Report returned",
    "填报退回")

  let task: TaskID
  let report: Citation
  let reason: ReturnReason

  init(_ event: EventReader) throws(Refusal) {
    task = try event.task()
    report = try event.citation("report")
    reason = try event.word("reason")
  }

  func reads(in programme: Programme) -> [StateKey] {
    [.report(report)] + programme.keys(ofContribution: report)
  }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    _ = try programme.reportUnderReview(report, of: task, context)
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    programme.settle(report, of: task, Review(context, returning: reason))
  }
}
