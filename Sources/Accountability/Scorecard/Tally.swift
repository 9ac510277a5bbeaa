internal import Encoding

/// What is counted of one unit on the way to its line.
struct Tally {
  private var onTime: [Figure.Item] = []
  private var quality: [Figure.Item] = []
  private var reporting: [Figure.Item] = []
  private var corrections: [Figure.Item] = []
  private var evidence: [Figure.Item] = []
  private var falsified: [Citation] = []

  /// Counts a task that the unit leads.
  mutating func add(_ task: Task, _ charter: Charter, _ time: Timestamp) {
    if let due = task.dueDates.last, time >= due.day.end(at: charter.offset),
      task.state != .cancelled, task.state != .suspended
    {
      onTime.append(
        Figure.Item(
          task: task.id, citation: task.claim, entry: due.entry,
          isCounted: task.state == .closed && !task.isClaimLate))
    }
    for duty in task.duties(in: charter, at: time) {
      reporting.append(
        Figure.Item(
          task: task.id, period: duty.period, citation: duty.report?.citation,
          isCounted: duty.isOnTime))
    }
  }

  /// Counts a report that the unit wrote.
  mutating func add(_ report: Report) {
    for review in report.reviews {
      quality.append(
        Figure.Item(
          task: report.task, period: report.period, citation: review.citation, entry: review.entry,
          isCounted: review.reason == nil))
      if review.reason == .falsified { falsified.append(review.citation) }
    }
    let late = report.corrections.first { $0.isLate }
    corrections.append(
      Figure.Item(
        task: report.task, period: report.period, citation: late?.citation ?? report.citation,
        entry: late?.entry ?? report.entry, isCounted: late == nil))
    evidence.append(
      Figure.Item(
        task: report.task, period: report.period, citation: report.citation, entry: report.entry,
        isCounted: !report.evidence.isEmpty))
  }

  /// The unit's line. A figure of nothing is left out, and the others keep their proportions.
  func row(_ organisation: OrganisationID, _ weights: Scorecard.Weights) -> Scorecard.Row {
    let figures = [onTime, quality, reporting, corrections, evidence].map { Figure(items: $0) }
    let shares = [
      weights.onTime, weights.quality, weights.reporting, weights.corrections, weights.evidence,
    ]
    var sum = 0
    var total = 0
    for (figure, weight) in zip(figures, shares) where figure.whole > 0 {
      sum += weight * (figure.perMille ?? 0)
      total += weight
    }
    return Scorecard.Row(
      organisation: organisation, onTime: figures[0], quality: figures[1], reporting: figures[2],
      corrections: figures[3], evidence: figures[4], falsified: falsified,
      scorePerMille: total == 0 ? nil : sum / total, rank: nil)
  }
}
