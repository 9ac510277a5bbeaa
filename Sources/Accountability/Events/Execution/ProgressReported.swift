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
    let replaced = programme.loadedTask(task)?.report(of: period)
    return evidence.map { .evidence($0) } + (replaced.map { [.report($0.citation)] } ?? [])
  }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    try programme.withTask(task) { (task) throws(Refusal) in
      try programme.requirePeriod(period, of: task, context)
      try programme.requireIndicators(values, of: task)
      try programme.requireEvidence(evidence, of: task, from: context.organisation)
      guard let filed = task.report(of: period), filed.status == .accepted else { return }
      throw Refusal(
        .alreadyExists,
        "The report of \(period) for \(task.id) was accepted: it is \(filed.citation).",
        hint: "Correct it with report.corrected.", entry: programme.reports[filed.citation]?.entry)
    }
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    var row = PeriodReport()
    row.period = period
    row.citation = context.citation
    row.percent = percent
    row.filedOn = context.time
    var report = Report()
    var replaced: PeriodReport?
    var due: Day?
    programme.tasks.update(task) { task in
      report = Report(.progress, of: task, context)
      (replaced, due) = (task.report(of: period), task.due)
      if let replaced { row.filedOn = replaced.filedOn }
      task.file(row)
      task.begin()
    }
    if let replaced { replace(replaced, due: due, in: &programme, context) }
    report.period = period
    report.percent = percent
    report.values = values
    report.evidence = evidence
    programme.reports.create(context.citation, report)
  }

  /// Marks the report that this one replaces, so that a review signed on the older view is stale.
  private func replace(
    _ old: PeriodReport, due: Day?, in programme: inout Programme, _ context: Context
  ) {
    let isLate = programme.isPast(due, at: context.time)
    var correction: Correction?
    programme.reports.update(old.citation) { report in
      report.touch.record(context.entry, by: context.organisation)
      // A new lead's report is no correction of its predecessor's.
      guard old.status == .filed, report.organisation == context.organisation else { return }
      let made = Correction(context, .unit, isLate: isLate)
      report.add(made)
      correction = made
    }
    if let correction { programme.tasks.update(task) { $0.count(correction) } }
  }
}
