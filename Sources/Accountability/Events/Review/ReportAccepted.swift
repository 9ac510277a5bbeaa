/// A reviewer accepts a progress report or a contribution.
struct ReportAccepted: EventBody {
  static let declaration = Declaration(
    "report.accepted", about: .task, by: [.supervisor], fields: [.required("report", .citation)],
    states: TaskState.underWay + [.completed, .closed], isIndependent: true, "Report accepted",
    "填报审核通过")

  let task: TaskID
  let report: Citation

  init(_ event: EventReader) throws(Refusal) {
    task = try event.task()
    report = try event.citation("report")
  }

  func reads(in programme: Programme) -> [StateKey] {
    [.report(report)] + programme.keys(ofContribution: report)
  }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    _ = try programme.reportUnderReview(report, of: task, context)
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    programme.settle(report, of: task, Review(context))
  }
}
