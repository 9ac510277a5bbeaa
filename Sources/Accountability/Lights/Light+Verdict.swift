public import Encoding

extension Light {
  /// The light of a task at an instant, as `docs/rules.md`, *Lights*, has it: the first row that
  /// holds wins.
  ///
  /// Pure: of the task as folded up to some size, the charter, and the time. For a past day, fold
  /// up to what the ledger held then.
  public static func verdict(
    of task: Task, charter: Charter, at time: Timestamp
  ) -> LightVerdict {
    let numbers = LightVerdict.Numbers(of: task, charter, time)
    let (light, reasons) = row(of: task, charter, time, numbers)
    let isOverdue = task.due.map { time >= $0.end(at: charter.offset) } ?? false
    let isLate =
      switch task.state {
      case .claimed, .completed, .closed: task.isClaimLate
      case .suspended, .cancelled: false
      default: isOverdue
      }
    return LightVerdict(light: light, isLate: isLate, reasons: reasons, numbers: numbers)
  }

  private static func row(
    of task: Task, _ charter: Charter, _ time: Timestamp, _ numbers: LightVerdict.Numbers
  ) -> (Light, [LightVerdict.Reason]) {
    switch task.state {
    case .cancelled: return (.black, [.cancelled])
    case .suspended: return (.black, [.suspended])
    case .completed: return (.green, [.completed])
    case .closed: return (.green, [.closed])
    case .claimed where !task.isClaimLate: return (.blue, [.claimed(due: task.due)])
    default: break
    }
    let red = redReasons(of: task, charter, time, numbers)
    if !red.isEmpty { return (.red, red) }
    let yellow = yellowReasons(of: task, charter, time, numbers)
    if !yellow.isEmpty { return (.yellow, yellow) }
    if numbers.dueCycles == 0 {
      return (.grey, [.noReportDue(next: task.nextReportDue(in: charter, after: time))])
    }
    return (.green, [.onSchedule(scheduled: numbers.scheduled, accepted: numbers.accepted)])
  }

  private static func redReasons(
    of task: Task, _ charter: Charter, _ time: Timestamp, _ numbers: LightVerdict.Numbers
  ) -> [LightVerdict.Reason] {
    let limits = charter.thresholds
    let today = time.day(at: charter.offset)
    var reasons: [LightVerdict.Reason] = []
    if let due = task.due, time >= due.end(at: charter.offset) {
      reasons.append(.pastDue(due, days: due.days(until: today)))
    }
    if let scheduled = numbers.scheduled, let gap = numbers.gap, gap > limits.redGapPoints * 10 {
      reasons.append(
        .gap(scheduled: scheduled, accepted: numbers.accepted, threshold: limits.redGapPoints))
    }
    if numbers.missedCycles.count >= limits.redMissedCycles {
      reasons.append(.missed(numbers.missedCycles))
    }
    if let start = unstarted(task),
      time >= start.adding(months: limits.redStartMonths).end(at: charter.offset)
    {
      reasons.append(.startOverdue(start, days: start.days(until: today)))
    }
    return reasons
  }

  private static func yellowReasons(
    of task: Task, _ charter: Charter, _ time: Timestamp, _ numbers: LightVerdict.Numbers
  ) -> [LightVerdict.Reason] {
    let limits = charter.thresholds
    let today = time.day(at: charter.offset)
    var reasons: [LightVerdict.Reason] = []
    if let scheduled = numbers.scheduled, let gap = numbers.gap, gap >= limits.yellowGapPoints * 10
    {
      reasons.append(
        .gap(scheduled: scheduled, accepted: numbers.accepted, threshold: limits.yellowGapPoints))
    }
    if let due = task.due {
      let left = charter.workdays(after: today, through: due, limit: limits.dueSoonWorkdays + 1)
      if left <= limits.dueSoonWorkdays { reasons.append(.dueSoon(due, workdays: left)) }
    }
    if numbers.missedCycles.count >= limits.yellowMissedCycles {
      reasons.append(.missed(numbers.missedCycles))
    }
    if let start = unstarted(task), time >= start.end(at: charter.offset) {
      reasons.append(.startOverdue(start, days: start.days(until: today)))
    }
    return reasons
  }

  /// The start of a task that its lead has not signed for.
  private static func unstarted(_ task: Task) -> Day? {
    switch task.state {
    case .issued, .assigned, .disputed: task.start
    default: nil
    }
  }
}

extension LightVerdict.Numbers {
  init(of task: Task, _ charter: Charter, _ time: Timestamp) {
    let duties = task.duties(in: charter, at: time)
    let today = time.day(at: charter.offset)
    // A later accepted report makes up for an earlier gap: it says where the task stands.
    let latest = task.periods.indices.last { task.periods.status(at: $0) == .accepted }
      .map { task.periods.period(at: $0) }
    scheduled = task.scheduledPerMille(in: charter, at: time)
    accepted = task.acceptedPercent * 10
    missedCycles = duties.map(\.period).filter { period in latest.map { $0 < period } ?? true }
    dueCycles = duties.count
    due = task.due
    originalDue = task.originalDue
    workdaysLeft = task.due.map { charter.workdays(after: today, through: $0, limit: 10) }
    start = task.start
  }
}
