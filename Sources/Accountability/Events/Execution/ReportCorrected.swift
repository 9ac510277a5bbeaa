internal import Cryptography
internal import Encoding

/// The author's organisation corrects what it reported; the first words stay in the log.
///
/// A corrected report has to be reviewed again, also one that had been accepted or returned, and a
/// completion that rested on a corrected claim is claimed again. After the task is closed the
/// correction is recorded and the closing stands until somebody reopens it.
struct ReportCorrected: EventBody {
  static let declaration = Declaration(
    "report.corrected", about: .task, by: [],
    fields: [
      .required("report", .citation), .optional("percent", .integer(0...100)), .values, .evidence,
      .reason,
      .required("foundBy", .word(Correction.Finder.allCases.map(\.rawValue))),
    ],
    states: TaskState.underWay + [.completed, .closed, .suspended], "Report corrected", "更正")

  let task: TaskID
  let report: Citation
  let percent: Int?
  let values: [ReportedValue]
  let evidence: [Citation]
  let foundBy: Correction.Finder

  init(_ event: EventReader) throws(Refusal) {
    task = try event.task()
    report = try event.citation("report")
    percent = try event.optionalInteger("percent")
    values = try event.reportedValues()
    evidence = try event.citations("evidence")
    foundBy = try event.word("foundBy")
    guard percent != nil || !values.isEmpty || !evidence.isEmpty else {
      throw Refusal(
        .nothingToDo, "A correction corrects nothing.",
        hint: "Give the right `percent`, `values` or `evidence`.")
    }
  }

  func reads(in programme: Programme) -> [StateKey] {
    [.report(report)] + programme.keys(ofContribution: report) + evidence.map { .evidence($0) }
  }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    let task = try programme.task(task)
    let report = try programme.report(report, of: task.id, kinds: Report.Kind.allCases)
    guard report.organisation == context.organisation else {
      throw Refusal(
        .notParty,
        "\(report.citation) is \(report.organisation)'s, and only its author corrects a report.",
        hint: "If it is wrong, a reviewer returns it.")
    }
    guard programme.keys[context.author]?.permits(task.capacity(of: report), on: task.roles) == true
    else {
      throw Refusal(
        .keyLimited, "The key \(context.author) is limited and may not correct \(report.citation).",
        hint: "Sign with a key of \(context.organisation) that is not limited to other duties.")
    }
    if percent != nil, report.kind == .milestone || report.kind == .claim {
      throw Refusal(.malformed, "A \(report.kind.rawValue) gives no per cent to correct.")
    }
    if !values.isEmpty, report.kind == .milestone {
      throw Refusal(.malformed, "A milestone gives no values to correct.")
    }
    if report.kind == .progress, task.periods.place(of: report.citation) == nil {
      throw Refusal(
        .wrongState, "\(report.citation) was replaced by a later report of the same period.",
        hint: "Correct that one.")
    }
    try programme.requireIndicators(values, of: task)
    // As when it was filed: a claim may cite every party's evidence, of its own round.
    let isClaim = report.kind == .claim
    try programme.requireEvidence(
      evidence, of: task, from: isClaim ? nil : context.organisation,
      inRound: isClaim ? report.round : nil)
    guard correcting(report) != report else {
      throw Refusal(
        .nothingToDo, "The correction of \(report.citation) changes nothing.",
        hint: "Give what differs from the report as it stands.")
    }
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    guard var task = programme.tasks[task], let old = programme.reports[report] else { return }
    var report = correcting(old)
    report.touch.record(context.entry, by: context.organisation)
    task.completionTouch.record(context.entry, by: context.organisation)
    let correction = Correction(
      context, foundBy, isLate: programme.isPastDue(task, at: context.time))
    report.add(correction)
    task.count(correction)
    task.reconsider(&report, context)
    programme.reports[report.citation] = report
    programme.tasks[task.id] = task
    if let contribution = OpenContribution(report), old.status != .filed {
      programme.updateOpenContributions(of: report) { $0.reopen(contribution) }
    }
  }

  private func correcting(_ report: Report) -> Report {
    var corrected = report
    if let percent { corrected.percent = percent }
    for value in values {
      if let place = corrected.values.firstIndex(where: { $0.indicator == value.indicator }) {
        corrected.values[place] = value
      } else {
        corrected.values.append(value)
      }
    }
    corrected.values.sort { $0.indicator < $1.indicator }
    if !evidence.isEmpty { corrected.evidence = evidence }
    return corrected
  }
}

extension Task {
  /// In which capacity a report's author corrects it now: a former lead still as lead.
  func capacity(of report: Report) -> Role {
    guard report.kind == .contribution else { return .lead }
    return territories.contains(report.organisation) ? .territory : .support
  }

  /// Counts a correction of one of its reports.
  mutating func count(_ correction: Correction) {
    correctionCount += 1
    if correction.isLate { lateCorrectionCount += 1 }
  }

  /// Puts a corrected report, and what rested on it, back to where it waits for review.
  mutating func reconsider(_ report: inout Report, _ context: Context) {
    switch report.kind {
    case .contribution: report.status = .filed
    case .progress:
      report.status = .filed
      if let place = periods.place(of: report.citation) {
        periods[place].status = .filed
        periods[place].percent = report.percent
      }
      settlePercent()
    case .milestone:
      guard let id = report.milestone, state != .completed, state != .closed else { return }
      let citation = report.citation
      update(id) { milestone in
        milestone.touch.record(context.entry, by: context.organisation)
        if milestone.report == citation, milestone.state == .accepted { milestone.state = .reached }
      }
      if milestones.contains(where: { $0.id == id && $0.report == citation && $0.state == .reached }
      ) {
        report.status = .filed
      }
    case .claim:
      guard claim == report.citation, state == .claimed || state == .completed else { return }
      report.status = .filed
      state = .claimed
      completedOn = nil
    }
  }
}

extension Correction {
  init(_ context: Context, _ foundBy: Finder, isLate: Bool) {
    self.init()
    self.citation = context.citation
    self.entry = context.entry
    self.recordedOn = context.time
    self.foundBy = foundBy
    self.isLate = isLate
  }
}

extension Report {
  /// Counts a correction; the task has counts of its own.
  mutating func add(_ correction: Correction) {
    corrections.append(correction)
    correctionCount += 1
  }
}
