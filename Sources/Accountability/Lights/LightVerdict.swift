public import Encoding

/// A light, and the numbers it follows from.
public struct LightVerdict: Hashable, Sendable {
  /// The numbers, whether they decided or not; `onus task ID --explain` prints them.
  public struct Numbers: Hashable, Sendable {
    /// What should be done, in per mille; `nil` before there are dates.
    public let scheduled: Int?
    /// What was accepted, in per mille.
    public let accepted: Int
    /// How many cycles in a row, up to the last one due, have no accepted report.
    public let missedCycles: [Period]
    /// How many cycles' reports were due.
    public let dueCycles: Int
    /// The due date in force.
    public let due: Day?
    /// The due date first given.
    public let originalDue: Day?
    /// Working days left before the due date, counted to ten and with that date.
    public let workdaysLeft: Int?
    /// When work should begin.
    public let start: Day?

    /// Scheduled less accepted, in per mille.
    public var gap: Int? { scheduled.map { $0 - accepted } }
  }

  /// Why the light is what it is.
  public enum Reason: Hashable, Sendable {
    case cancelled
    case suspended
    case completed
    case closed
    /// Claimed by the date in force and not yet reviewed.
    case claimed(due: Day?)
    /// The due date ended so many days ago.
    case pastDue(Day, days: Int)
    /// The gap reaches a threshold.
    case gap(scheduled: Int, accepted: Int, threshold: Int)
    /// Cycles in a row have no accepted report.
    case missed([Period])
    /// So few working days are left.
    case dueSoon(Day, workdays: Int)
    /// The start has passed and the lead has not signed.
    case startOverdue(Day, days: Int)
    /// No report is due yet; the next is late at that instant.
    case noReportDue(next: Timestamp?)
    /// Nothing is wrong.
    case onSchedule(scheduled: Int?, accepted: Int)
  }

  /// The light.
  public let light: Light
  /// Whether it was claimed after the date then in force, or is past it unclaimed.
  public let isLate: Bool
  /// Every condition of the row that won.
  public let reasons: [Reason]
  /// The numbers.
  public let numbers: Numbers
}

extension LightVerdict.Reason {
  /// One line for people.
  public var sentence: Label {
    switch self {
    case .cancelled: TaskState.cancelled.label
    case .suspended: TaskState.suspended.label
    case .completed: Label(english: "completion accepted", chinese: "完成申报已审核通过")
    case .closed: TaskState.closed.label
    case .claimed(let due):
      Label(
        english: "claimed by the date in force\(due.map { " (\($0))" } ?? ""), not yet reviewed",
        chinese: "已在时限\(due.map { "（\($0)）" } ?? "")内申报完成，待审核")
    case .pastDue(let due, let days):
      Label(
        english: "due on \(due), \(days.counted("day")) past", chinese: "应于\(due)完成，已逾期\(days)天")
    case .gap(let scheduled, let accepted, let threshold):
      Label(
        english:
          "scheduled \(Self.points(scheduled)), accepted \(Self.points(accepted)): a gap of \(Self.points(scheduled - accepted)) points against \(threshold)",
        chinese:
          "序时进度\(Self.points(scheduled))%，审核通过\(Self.points(accepted))%，相差\(Self.points(scheduled - accepted))个百分点（阈值\(threshold)）"
      )
    case .missed(let periods):
      Label(
        english:
          "\(periods.count.counted("cycle")) without an accepted report: \(periods.map(\.description).joined(separator: ", "))",
        chinese:
          "连续\(periods.count)期没有审核通过的填报：\(periods.map(\.description).joined(separator: "、"))")
    case .dueSoon(let due, let workdays):
      Label(
        english: "due on \(due), \(workdays.counted("working day")) left",
        chinese: "应于\(due)完成，剩余\(workdays)个工作日")
    case .startOverdue(let start, let days):
      Label(
        english:
          "should have started on \(start), \(days.counted("day")) past, and is not signed for",
        chinese: "应于\(start)启动，已超过\(days)天仍未签收")
    case .noReportDue(let next):
      Label(
        english: "no report due yet" + (next.map { "; the first is late at \($0)" } ?? ""),
        chinese: "尚未到填报期" + (next.map { "，首次填报截止\($0)" } ?? ""))
    case .onSchedule(let scheduled, let accepted):
      Label(
        english:
          "scheduled \(scheduled.map { Self.points($0) } ?? "unknown"), accepted \(Self.points(accepted))",
        chinese:
          "序时进度\(scheduled.map { Self.points($0) + "%" } ?? "未知")，审核通过\(Self.points(accepted))%")
    }
  }

  /// `305` as `30.5`.
  private static func points(_ perMille: Int) -> String {
    let size = abs(perMille)
    let fraction = size % 10 == 0 ? "" : ".\(size % 10)"
    return (perMille < 0 ? "-" : "") + "\(size / 10)" + fraction
  }
}

extension LightVerdict {
  /// The light, and whether it is late, for people.
  public var label: Label {
    Label(
      english: light.label.english + (isLate ? ", late" : ""),
      chinese: light.label.chinese + (isLate ? "（逾期）" : ""))
  }

  /// What explains the light, line by line, in both languages: the light first.
  public var explanation: [Label] {
    var lines = [label]
    lines += reasons.map(\.sentence)
    if let due = numbers.due, let original = numbers.originalDue, due != original {
      lines.append(
        Label(english: "due \(due), first due \(original)", chinese: "时限\(due)，原定\(original)"))
    }
    return lines
  }
}
