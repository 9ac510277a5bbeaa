public import Encoding

/// A cycle for which a report is owed.
public struct ReportDuty: Equatable, Sendable {
  /// The cycle.
  public let period: Period
  /// The instant at which a report is late.
  public let due: Timestamp
  /// The latest report of it, if there is one.
  public let report: PeriodReport?

  /// Whether a report of it was first recorded in time.
  public var isOnTime: Bool { report.map { $0.filedOn < due } ?? false }
}

extension Charter {
  /// The instant at which the report of the period before `next` is late: 24:00 of the last day of grace.
  fileprivate func reportDue(before next: Period) -> Timestamp {
    next.firstDay.adding(days: thresholds.reportGraceDays).start(at: offset)
  }
}

extension Task {
  /// The cycles whose reports were due by `time`, oldest first.
  ///
  /// The first is the one in which the task starts, or in which the lead signed for it if that is
  /// later. None is owed for a cycle at whose end, or at the instant its report would be late, the
  /// task was suspended; nor for reports that fall due after the task was completed.
  public func duties(in charter: Charter, at time: Timestamp) -> [ReportDuty] {
    guard let first = firstPeriod(in: charter) else { return [] }
    var duties: [ReportDuty] = []
    var period = first
    // Periods and reports are both in order, so one walk goes through both.
    var reported = periods.startIndex
    while true {
      let next = period.next
      let end = next.firstDay.start(at: charter.offset)
      let due = charter.reportDue(before: next)
      guard due <= time, completedOn.map({ due <= $0 }) ?? true else { return duties }
      if !isPaused(at: end), !isPaused(at: due) {
        while reported < periods.endIndex, periods.period(at: reported) < period { reported += 1 }
        let isReported = reported < periods.endIndex && periods.period(at: reported) == period
        duties.append(
          ReportDuty(period: period, due: due, report: isReported ? periods[reported] : nil))
      }
      period = next
    }
  }

  /// The cycles that have begun and nobody has reported, oldest first, each with the last day on which
  /// its report is in time. Those that are not late yet are owed once the work is under way.
  func owedReports(
    in charter: Charter, at time: Timestamp
  ) -> [(period: Period, lastDay: Day)] {
    guard let first = firstPeriod(in: charter), completedOn == nil else { return [] }
    var owed = duties(in: charter, at: time).filter { $0.report == nil }.map(\.period)
    if state == .inProgress {
      var running: [Period] = []
      var period = Period(containing: time.day(at: charter.offset), kind: cycle.periodKind)
      while period >= first, charter.reportDue(before: period.next) > time {
        if report(of: period) == nil { running.append(period) }
        period = period.previous
      }
      owed += running.reversed()
    }
    return owed.map { period in
      (period, period.next.firstDay.adding(days: charter.thresholds.reportGraceDays - 1))
    }
  }

  /// The cycle in which the task starts, or in which the lead signed for it if that is later.
  private func firstPeriod(in charter: Charter) -> Period? {
    guard let acceptedOn else { return nil }
    let signed = acceptedOn.day(at: charter.offset)
    return Period(containing: max(start ?? signed, signed), kind: cycle.periodKind)
  }

  private func isPaused(at time: Timestamp) -> Bool {
    pauses.contains { $0.from <= time && ($0.to.map { time < $0 } ?? true) }
  }

  /// The instant at which the next report falls due, if one will.
  func nextReportDue(in charter: Charter, after time: Timestamp) -> Timestamp? {
    guard completedOn == nil, var period = firstPeriod(in: charter) else { return nil }
    while true {
      period = period.next
      let due = charter.reportDue(before: period)
      if due > time { return due }
    }
  }

  /// What should be done by `time`, in per mille of the whole; `nil` before there are dates.
  ///
  /// From the weights of the milestones due, waived ones aside. Without weights it is a straight
  /// line from the start to the end of the due date, by whole days, suspended time aside.
  public func scheduledPerMille(in charter: Charter, at time: Timestamp) -> Int? {
    guard let start, let due else { return nil }
    let offset = charter.offset
    let end = due.end(at: offset)
    if time >= end { return 1000 }
    // The plan's alone: a lead that adds its own does not re-weight what it was given.
    let weighed = milestones.filter { $0.isPlanned && $0.weight > 0 && $0.state != .waived }
    let total = weighed.reduce(0) { $0 + $1.weight }
    if total > 0 {
      let owed = weighed.filter { $0.due.end(at: offset) <= time }.reduce(0) { $0 + $1.weight }
      return owed * 1000 / total
    }
    let beginning = start.start(at: offset)
    let today = time.day(at: offset).start(at: offset)
    let span = workingTime(from: beginning, to: end)
    let elapsed = workingTime(from: beginning, to: today)
    guard span > 0 else { return elapsed > 0 ? 1000 : 0 }
    return Int(min(1000, elapsed * 1000 / span))
  }

  /// The milliseconds between two instants that were not suspended.
  private func workingTime(from: Timestamp, to: Timestamp) -> Int64 {
    guard from < to else { return 0 }
    let paused = pauses.reduce(Int64(0)) { sum, pause in
      let first = max(pause.from, from)
      let last = min(pause.to ?? to, to)
      return sum + max(0, last.milliseconds - first.milliseconds)
    }
    return max(0, to.milliseconds - from.milliseconds - paused)
  }
}
