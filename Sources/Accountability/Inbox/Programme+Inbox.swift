internal import Cryptography
public import Encoding

extension Programme {
  /// What waits for an organisation, in order of task.
  ///
  /// Nothing is in it that is another's to answer: who may, in which state of the task and with what
  /// distance from it, is what the answering event declares. What the answer itself needs, such as
  /// evidence for a claim, may still be lacking.
  ///
  /// - Parameters:
  ///   - key: The key that it signs with; its limits count too.
  ///   - time: When, for the periods that are owed.
  public func inbox(
    of organisation: OrganisationID, signingWith key: EnrolledKey? = nil, at time: Timestamp
  ) -> [InboxItem] {
    let charter = charter ?? Charter()
    let contributions = Dictionary(grouping: openContributions.values, by: \.task)
    return allTasks.flatMap { task in
      task.waiting(in: charter, with: contributions[task.id] ?? [], at: time)
        .filter { mayAnswer($0.duty, organisation, key, task) }
        .map { item in
          var item = item
          item.isCorrected = isCorrected(item)
          return item
        }
    }
  }

  /// The records that say whether what is to be reviewed was corrected: to be loaded before
  /// ``inbox(of:signingWith:at:)`` is asked, where the state holds no reports.
  public static func reports(behind items: [InboxItem]) -> [StateKey] {
    items.filter(\.duty.isReview).compactMap(\.citation).map { .report($0) }
  }

  private func mayAnswer(
    _ duty: InboxItem.Duty, _ organisation: OrganisationID, _ key: EnrolledKey?, _ task: Task
  ) -> Bool {
    let declaration = duty.answer.declaration
    return declaration.states.contains(task.state)
      && !(declaration.isIndependent && task.parties.contains(organisation))
      && declaration.by.roles.contains { role in
        holds(role, organisation, task.roles) && key?.permits(role, on: task.roles) ?? true
      } && isOpen(duty, to: organisation, task)
  }

  /// Whether it is still to be done by this one among all who hold the role.
  private func isOpen(
    _ duty: InboxItem.Duty, to organisation: OrganisationID, _ task: Task
  ) -> Bool {
    switch duty {
    case .confirm: !task.confirmed.contains(organisation)
    case .contributeAgain(_, let author): author == organisation
    case .reviewContribution(_, let author): author != organisation
    default: true
    }
  }

  private func isCorrected(_ item: InboxItem) -> Bool {
    guard item.duty.isReview, let report = item.citation.flatMap({ reports[$0] }) else {
      return false
    }
    return report.correctionCount > 0
  }
}

extension InboxItem.Duty {
  /// Whether something that was said is to be looked at.
  fileprivate var isReview: Bool {
    switch self {
    case .review, .reviewContribution, .reviewMilestone, .reviewClaim: true
    default: false
    }
  }
}

extension Task {
  /// What waits for anybody at all.
  ///
  /// - Parameter contributions: What is open of the contributions to it, in order of organisation.
  fileprivate func waiting(
    in charter: Charter, with contributions: [OpenContributions], at time: Timestamp
  ) -> [InboxItem] {
    var items: [InboxItem] = []
    func add(_ duty: InboxItem.Duty, _ citation: Citation? = nil, by reportDue: Day? = nil) {
      items.append(
        InboxItem(
          task: id, duty: duty, citation: citation, taskDue: due, reportDue: reportDue))
    }
    switch state {
    case .assigned: add(.signFor)
    case .accepted: add(.plan)
    default: break
    }
    let owed = owedReports(in: charter, at: time)
    if let first = owed.first {
      add(.report(first.period, further: owed.count - 1), by: first.lastDay)
    }
    for period in periods where period.status == .returned {
      add(.reportAgain(period.period), period.citation)
    }
    for milestone in milestones where milestone.state == .rejected {
      add(.reachAgain(milestone.id), milestone.report)
    }
    if let returnedClaim { add(.claimAgain, returnedClaim) }
    if !supports.isEmpty || !territories.isEmpty { add(.confirm) }
    for open in contributions {
      for returned in open.returned {
        add(.contributeAgain(returned.period, by: open.organisation), returned.citation)
      }
    }
    for period in periods where period.status == .filed {
      add(.review(period.period), period.citation)
    }
    for open in contributions {
      for filed in open.waiting {
        add(.reviewContribution(filed.period, by: open.organisation), filed.citation)
      }
    }
    for milestone in milestones where milestone.state == .reached {
      add(.reviewMilestone(milestone.id), milestone.report)
    }
    if state == .claimed { add(.reviewClaim, claim) }
    if state == .completed { add(.close) }
    if let pending = pendingExtension { add(.decideExtension(to: pending.to), pending.citation) }
    if state == .disputed { add(.rule) }
    return items
  }
}
