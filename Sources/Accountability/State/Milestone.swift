public import Encoding

/// A dated, weighted part of a task.
public struct Milestone: Record {
  /// Where a milestone stands.
  public enum State: String, CaseIterable, Sendable {
    case planned, reached, accepted, rejected, waived

    /// What it is called, for people.
    public var label: Label {
      let chinese =
        switch self {
        case .planned: "未到达"
        case .reached: "已报完成"
        case .accepted: "已通过"
        case .rejected: "已退回"
        case .waived: "已免除"
        }
      return Label(english: rawValue, chinese: chinese)
    }
  }

  /// Its id, unique in the ledger.
  public internal(set) var id = MilestoneID.blank
  /// Its title in English.
  public internal(set) var titleEnglish = ""
  /// Its title in Chinese.
  public internal(set) var titleChinese = ""
  /// When it should be reached.
  public internal(set) var due = Day.blank
  /// Its share of the task's scheduled progress.
  public internal(set) var weight = 0
  /// Whether a claim needs it accepted or waived.
  public internal(set) var isMandatory = true
  /// Whether the plan set it, rather than the lead.
  public internal(set) var isPlanned = true
  /// Where it stands.
  public internal(set) var state = State.planned
  /// When the ledger recorded it as reached.
  public internal(set) var reachedOn: Timestamp?
  /// The latest report that it was reached.
  public internal(set) var report: Citation?
  var touch = Touch()

  /// Blank.
  public init() {}

  /// Passes every field through the coder.
  public mutating func code(with coder: inout RecordCoder) throws(StateError) {
    try coder.code(&id)
    try coder.code(&titleEnglish)
    try coder.code(&titleChinese)
    try coder.code(&due)
    try coder.code(&weight)
    try coder.code(&isMandatory)
    try coder.code(&isPlanned)
    try coder.code(&state)
    try coder.code(&reachedOn)
    try coder.code(&report)
    try touch.code(with: &coder)
  }
}
