internal import Encoding

/// The lead's report of one period.
///
/// While nobody has reviewed it a second one of the same period takes its place, and counts as a
/// correction; an accepted one is only changed by `report.corrected`.
struct ProgressReported: EventBody {
  static let declaration = Declaration(
    "progress.reported", about: .task, by: [.lead],
    fields: [
      .required("period", .period), .required("percent", .integer(0...100)), .values,
      .optional("done", .sealed), .optional("next", .sealed), .optional("problems", .sealed),
      .optional("supportWanted", .sealed), .evidence,
    ],
    states: TaskState.underWay, "Progress reported", "进展填报")

  let task: TaskID
  let period: Period
  let percent: Int
  let values: [ReportedValue]
  let evidence: [Citation]

  init(_ event: EventReader) throws(Refusal) {
    task = try event.task()
    period = try event.period("period")
    percent = Int(try event.integer("percent"))
    values = try event.reportedValues()
    evidence = try event.citations("evidence")
  }

  func reads(in programme: Programme) -> [StateKey] {
    let replaced = programme.loadedTask(task)?.periods.first { $0.period == period }
    return evidence.map { .evidence($0) } + (replaced.map { [.report($0.citation)] } ?? [])
  }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    let task = try programme.task(task)
    try programme.requirePeriod(period, of: task, context)
    try programme.requireIndicators(values, of: task)
    try programme.requireEvidence(evidence, of: task, from: context.organisation)
    if let filed = task.periods.first(where: { $0.period == period }), filed.status == .accepted {
      throw Refusal(
        .alreadyExists,
        "The report of \(period) for \(task.id) was accepted: it is \(filed.citation).",
        hint: "Correct it with report.corrected.", entry: programme.reports[filed.citation]?.entry)
    }
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    guard var task = programme.tasks[task] else { return }
    var report = Report(.progress, of: task, context)
    report.period = period
    report.percent = percent
    report.values = values
    report.evidence = evidence
    var row = PeriodReport()
    row.period = period
    row.citation = context.citation
    row.percent = percent
    row.filedOn = context.time
    if let place = task.periods.firstIndex(where: { $0.period >= period }) {
      if task.periods[place].period == period {
        replace(task.periods[place], of: &task, in: &programme, context)
        row.filedOn = task.periods[place].filedOn
        task.periods[place] = row
      } else {
        task.periods.insert(row, at: place)
      }
    } else {
      task.periods.append(row)
    }
    task.begin()
    task.settlePercent()
    programme.reports.create(context.citation, report)
    programme.tasks[task.id] = task
  }

  /// Marks the report that this one replaces, so that a review signed on the older view is stale.
  private func replace(
    _ old: PeriodReport, of task: inout Task, in programme: inout Programme, _ context: Context
  ) {
    guard var report = programme.reports[old.citation] else { return }
    report.touch.record(context.entry, by: context.organisation)
    // A new lead's report is no correction of its predecessor's.
    if old.status == .filed, report.organisation == context.organisation {
      let correction = Correction(
        context, .unit, isLate: programme.isPastDue(task, at: context.time))
      report.add(correction, of: &task)
    }
    programme.reports[old.citation] = report
  }
}
