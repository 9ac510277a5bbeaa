public import Encoding

/// One thing that waits for an organisation, and may be done by it now.
public struct InboxItem: Equatable, Sendable {
  /// What is to be done.
  public enum Duty: Equatable, Sendable {
    // By the lead.
    case signFor
    case plan
    /// Report a period; so many later ones are owed as well.
    case report(Period, further: Int)
    case reportAgain(Period)
    case reachAgain(MilestoneID)
    case claimAgain
    // By a support or a territory.
    case confirm
    case contributeAgain(Period, by: OrganisationID)
    // By a reviewer.
    case review(Period)
    case reviewContribution(Period, by: OrganisationID)
    case reviewMilestone(MilestoneID)
    case reviewClaim
    case close
    // By the issuer or the governing body.
    case decideExtension(to: Day)
    case rule
  }

  /// The task that it is about.
  public let task: TaskID
  /// What is to be done.
  public let duty: Duty
  /// What is to be reviewed, decided or done again, as the events cite it.
  public var citation: Citation?
  /// The due date of the task.
  public var taskDue: Day?
  /// The last day on which a report is in time.
  public var reportDue: Day?
  /// Whether what is to be reviewed was corrected since it was first said.
  public var isCorrected = false

  /// The period that is to be reported, contributed to or reviewed.
  public var period: Period? {
    switch duty {
    case .report(let period, _), .reportAgain(let period), .review(let period): period
    case .contributeAgain(let period, _), .reviewContribution(let period, _): period
    default: nil
    }
  }

  /// Whose contribution is to be reviewed or filed again.
  public var author: OrganisationID? {
    switch duty {
    case .contributeAgain(_, let author), .reviewContribution(_, let author): author
    default: nil
    }
  }

  /// One line for people.
  public var sentence: Label {
    let text = duty.sentence(by: reportDue)
    guard isCorrected else { return text }
    return Label(english: text.english + ": it was corrected", chinese: text.chinese + "（已更正）")
  }
}

extension InboxItem.Duty {
  /// - Parameter due: The last day on which a report is in time.
  fileprivate func sentence(by due: Day?) -> Label {
    switch self {
    case .signFor: Label(english: "sign for it or decline it", chinese: "签收或提出异议")
    case .plan: Label(english: "plan it", chinese: "制定计划")
    case .report(let period, let further):
      Label(
        english: "report progress for \(period)" + (due.map { " by \($0)" } ?? "")
          + (further > 0 ? ", and for \(further.counted("later period"))" : ""),
        chinese: "填报 \(period) 进展" + (due.map { "，截止 \($0)" } ?? "")
          + (further > 0 ? "，另欠其后 \(further) 期" : ""))
    case .reportAgain(let period):
      Label(
        english: "report \(period) again: it was returned", chinese: "\(period) 填报已退回，须重新填报")
    case .reachAgain(let milestone):
      Label(
        english: "report milestone \(milestone) again: it was rejected",
        chinese: "节点 \(milestone) 已退回，须重新填报")
    case .claimAgain:
      Label(
        english: "remedy what the return names, and claim completion again",
        chinese: "完成申报已退回，整改后重新申报")
    case .confirm: Label(english: "confirm that you support it", chinese: "确认配合")
    case .contributeAgain(let period, _):
      Label(
        english: "contribute \(period) again: it was returned",
        chinese: "\(period) 配合进展已退回，须重新填报")
    case .review(let period):
      Label(english: "review the report for \(period)", chinese: "审核 \(period) 填报")
    case .reviewContribution(let period, let author):
      Label(
        english: "review the contribution of \(author) for \(period)",
        chinese: "审核 \(author) 的 \(period) 配合进展")
    case .reviewMilestone(let milestone):
      Label(english: "review milestone \(milestone)", chinese: "审核节点 \(milestone)")
    case .reviewClaim: Label(english: "review the claim of completion", chinese: "审核完成申报")
    case .close: Label(english: "close it", chinese: "销号")
    case .decideExtension(let day):
      Label(english: "decide the extension to \(day)", chinese: "批复延期至 \(day)")
    case .rule: Label(english: "rule on the declined assignment", chinese: "裁定交办异议")
    }
  }

  /// The event that does it.
  var answer: any EventBody.Type {
    switch self {
    case .signFor: TaskAccepted.self
    case .plan: TaskPlanned.self
    case .report, .reportAgain: ProgressReported.self
    case .reachAgain: MilestoneReached.self
    case .claimAgain: CompletionClaimed.self
    case .confirm: SupportConfirmed.self
    case .contributeAgain: ContributionReported.self
    case .review, .reviewContribution: ReportAccepted.self
    case .reviewMilestone: MilestoneAccepted.self
    case .reviewClaim: CompletionAccepted.self
    case .close: TaskClosed.self
    case .decideExtension: ExtensionGranted.self
    case .rule: AssignmentRuled.self
    }
  }
}
