internal import Cryptography
internal import Encoding

/// What the decisions of a reviewer have in common.
extension Programme {
  /// Refuses a review by whoever wrote what is under review.
  func requireOther(_ report: Report, _ context: Context) throws(Refusal) {
    guard report.organisation != context.organisation else {
      throw Refusal(
        .notIndependent, "\(report.citation) is \(context.organisation)'s own report.",
        hint: "Another holder of the role decides, or the governing body names one.")
    }
  }

  /// The progress report or contribution of that citation, if it waits for this review.
  func reportUnderReview(
    _ citation: Citation, of id: TaskID, _ context: Context
  ) throws(Refusal) -> Report {
    let isLatest = try withTask(id) { $0.periods.place(of: citation) != nil }
    let report = try report(citation, of: id, kinds: [.progress, .contribution])
    try requireOther(report, context)
    try requireFresh(report.touch, "The report \(citation)", context)
    guard report.kind != .progress || isLatest else {
      throw Refusal(
        .wrongState, "\(citation) was replaced by a later report of the same period.",
        hint: "Review that one.")
    }
    guard report.status == .filed else {
      throw Refusal(
        .wrongState, "\(citation) was \(report.status.rawValue) already.",
        hint: "It can be reviewed again once its author has corrected it.",
        entry: report.reviews.last?.entry)
    }
    return report
  }

  /// The task's claim, if it is the one cited and nothing happened since the reviewer looked.
  func claimUnderReview(
    _ citation: Citation, of id: TaskID, _ context: Context
  ) throws(Refusal) -> Report {
    let task = try task(id)
    let report = try report(citation, of: id, kinds: [.claim])
    try requireOther(report, context)
    try requireFresh(task.completionTouch, "The completion of task \(id)", context)
    guard task.claim == citation else {
      throw Refusal(
        .wrongState, "\(citation) is not the claim under review.",
        hint: task.claim.map { "That is \($0)." })
    }
    return report
  }

  /// The keys of the report of a milestone, once the task is loaded.
  func keys(ofReportOf milestone: MilestoneID, _ task: TaskID) -> [StateKey] {
    let report = loadedTask(task)?.milestones.first { $0.id == milestone }?.report
    return report.map { [.report($0)] } ?? []
  }

  /// The milestone, if it waits for this review.
  func milestoneUnderReview(
    _ id: MilestoneID, of task: TaskID, _ context: Context
  ) throws(Refusal) -> Milestone {
    let milestone = try self.task(task).milestone(id)
    if let report = milestone.report.flatMap({ reports[$0] }) { try requireOther(report, context) }
    try requireFresh(milestone.touch, "The milestone \(id)", context)
    try milestone.require([.reached], to: "be reviewed")
    return milestone
  }

  /// Settles a review: of the report, of its task's counts.
  mutating func settle(_ citation: Citation?, of id: TaskID, _ review: Review) {
    var settled: Report.Status?
    var contribution: Report?
    if let citation {
      reports.update(citation) { report in
        report.reviews.append(review)
        report.status = review.reason == nil ? .accepted : .returned
        settled = report.status
        if report.kind == .contribution { contribution = report }
      }
    }
    if let contribution, let open = OpenContribution(contribution) {
      updateOpenContributions(of: contribution) {
        $0.settle(open, isReturned: review.reason != nil)
      }
    }
    tasks.update(id) { task in
      task.reviewedCount += 1
      if let reason = review.reason {
        task.returnedCount += 1
        if reason == .falsified { task.falsifiedCount += 1 }
      }
      guard let settled else { return }
      if let place = citation.flatMap(task.periods.place) {
        task.periods[place].status = settled
      }
      task.settlePercent()
    }
  }
}

extension Task {
  /// Refuses an end while a mandatory milestone is open.
  func requireMilestones() throws(Refusal) {
    let open = milestones.filter {
      $0.isMandatory && $0.state != .accepted && $0.state != .waived
    }
    guard open.isEmpty else {
      let list = open.map { "\($0.id) (\($0.state.rawValue))" }.joined(separator: ", ")
      throw Refusal(
        .notReady, "Task \(id) still has mandatory milestones open: \(list).",
        hint: "Each must be accepted or waived first.")
    }
  }
}

extension Review {
  /// A review by the author of an event; accepted if there is no reason.
  init(_ context: Context, returning reason: ReturnReason? = nil) {
    self.init()
    self.citation = context.citation
    self.organisation = context.organisation
    self.entry = context.entry
    self.recordedOn = context.time
    self.reason = reason
  }
}
