internal import Accountability
internal import Encoding

/// The five shares of a scorecard, in the order of the table.
enum ReportFigure: String, CaseIterable {
  case onTime, quality, reporting, corrections, evidence

  func figure(of row: Scorecard.Row) -> Figure {
    switch self {
    case .onTime: row.onTime
    case .quality: row.quality
    case .reporting: row.reporting
    case .corrections: row.corrections
    case .evidence: row.evidence
    }
  }

  func weight(in weights: Scorecard.Weights) -> Int {
    switch self {
    case .onTime: weights.onTime
    case .quality: weights.quality
    case .reporting: weights.reporting
    case .corrections: weights.corrections
    case .evidence: weights.evidence
    }
  }
}

/// One thing that a share was counted from: an event, or a silence.
struct CountedEvent {
  let figure: ReportFigure
  let isCounted: Bool
  let why: CountingReason
  let task: TaskID
  /// What was said; for a silence, what should have been.
  let kind: Report.Kind
  let period: Period?
  let milestone: MilestoneID?
  /// The event; `nil` for a silence.
  let citation: Citation?
  /// The entry that holds the event.
  let entry: UInt64?
  /// For *on time*, the entry that set the due date in force.
  let dueEntry: UInt64?

  /// Where the event stands, as people read it: `412.2` is event 2 of entry 412
  /// (`docs/formats/submission.md`, *Citations*).
  var place: String? {
    guard let citation else { return nil }
    return entry.map { "\($0).\(citation.event)" } ?? citation.description
  }
}

/// Why a thing counts towards a share, or does not.
enum CountingReason: Hashable {
  case notClaimed, claimedLate, notClosed, closedInTime
  case returned(ReturnReason)
  case notReturned
  case notFiled, filedLate, filedInTime
  case correctedLate, notCorrectedLate
  case withoutEvidence, withEvidence

  /// The word for machines.
  var code: String {
    switch self {
    case .notClaimed: "not-claimed"
    case .claimedLate: "claimed-late"
    case .notClosed: "not-closed"
    case .closedInTime: "closed-in-time"
    case .returned(let reason): "returned-\(reason.rawValue)"
    case .notReturned: "not-returned"
    case .notFiled: "not-filed"
    case .filedLate: "filed-late"
    case .filedInTime: "filed-in-time"
    case .correctedLate: "corrected-late"
    case .notCorrectedLate: "not-corrected-late"
    case .withoutEvidence: "without-evidence"
    case .withEvidence: "with-evidence"
    }
  }

  /// The words for people.
  var words: (english: String, chinese: String) {
    switch self {
    case .notClaimed: ("not claimed", "未申报完成")
    case .claimedLate: ("claimed late", "逾期申报完成")
    case .notClosed: ("claimed in time, not closed", "按时申报，未销号")
    case .closedInTime: ("closed, claimed in time", "按时申报，已销号")
    case .returned(let reason):
      ("sent back: \(reason.label.english)", "退回：\(reason.label.chinese)")
    case .notReturned: ("not sent back", "审核未退回")
    case .notFiled: ("not filed", "未报送")
    case .filedLate: ("filed late", "逾期报送")
    case .filedInTime: ("filed in time", "按时报送")
    case .correctedLate: ("corrected after the due date", "时限过后更正")
    case .notCorrectedLate: ("no correction after the due date", "时限过后无更正")
    case .withoutEvidence: ("cites no evidence", "未附佐证")
    case .withEvidence: ("cites evidence", "附佐证")
    }
  }
}

/// What the state knows of the events that figures are counted from.
struct EventFacts {
  private struct Fact {
    let report: Report
    let entry: UInt64
    var reason: ReturnReason?
  }

  private let programme: Programme
  private let facts: [Citation: Fact]

  init(_ programme: Programme) {
    self.programme = programme
    var facts: [Citation: Fact] = [:]
    for report in programme.reports.values {
      facts[report.citation] = Fact(report: report, entry: report.entry)
      for review in report.reviews {
        facts[review.citation] = Fact(report: report, entry: review.entry, reason: review.reason)
      }
      for correction in report.corrections {
        facts[correction.citation] = Fact(report: report, entry: correction.entry)
      }
    }
    self.facts = facts
  }

  /// A thing counted, with all that is known of it.
  func event(_ item: Figure.Item, of figure: ReportFigure) -> CountedEvent {
    let fact = item.citation.flatMap { facts[$0] }
    let dueEntry = figure == .onTime ? item.entry : nil
    return CountedEvent(
      figure: figure, isCounted: item.isCounted,
      why: why(item, of: figure, fact), task: item.task,
      kind: fact?.report.kind ?? (figure == .onTime ? .claim : .progress), period: item.period,
      milestone: fact?.report.milestone, citation: item.citation,
      entry: fact?.entry ?? (figure == .onTime ? nil : item.entry), dueEntry: dueEntry)
  }

  private func why(_ item: Figure.Item, of figure: ReportFigure, _ fact: Fact?) -> CountingReason {
    switch figure {
    case .onTime:
      if item.isCounted { return .closedInTime }
      guard let task = programme.tasks[item.task], task.claim != nil else { return .notClaimed }
      return task.isClaimLate ? .claimedLate : .notClosed
    case .quality: return fact?.reason.map { .returned($0) } ?? .notReturned
    case .reporting:
      if item.isCounted { return .filedInTime }
      return item.citation == nil ? .notFiled : .filedLate
    case .corrections: return item.isCounted ? .notCorrectedLate : .correctedLate
    case .evidence: return item.isCounted ? .withEvidence : .withoutEvidence
    }
  }
}
