internal import Encoding

/// What a supporting unit or a territory did for the task in one period.
///
/// Those of one period stand beside each other; the next one answers those that were returned.
struct ContributionReported: EventBody {
  static let declaration = Declaration(
    "contribution.reported", about: .task, by: [.support, .territory],
    fields: [
      .required("period", .period), .optional("percent", .integer(0...100)), .values, .note,
      .evidence,
    ],
    states: TaskState.underWay, "Contribution reported", "配合进展填报")

  let task: TaskID
  let period: Period
  let percent: Int
  let values: [ReportedValue]
  let evidence: [Citation]

  init(_ event: EventReader) throws(Refusal) {
    task = try event.task()
    period = try event.period("period")
    percent = try event.optionalInteger("percent") ?? 0
    values = try event.reportedValues()
    evidence = try event.citations("evidence")
  }

  func reads(in programme: Programme) -> [StateKey] { evidence.map { .evidence($0) } }

  func reads(by organisation: OrganisationID) -> [StateKey] {
    [.contributions(Contributor(to: task, organisation))]
  }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    let task = try programme.task(task)
    try programme.requirePeriod(period, of: task, context)
    try programme.requireIndicators(values, of: task)
    try programme.requireEvidence(evidence, of: task, from: context.organisation)
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    guard let task = programme.tasks[task] else { return }
    var report = Report(.contribution, of: task, context)
    report.period = period
    report.percent = percent
    report.values = values
    report.evidence = evidence
    programme.reports.create(context.citation, report)
    guard let contribution = OpenContribution(report) else { return }
    programme.updateOpenContributions(of: report) { $0.file(contribution) }
  }
}
