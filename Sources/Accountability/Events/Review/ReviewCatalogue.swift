extension EventCatalogue {
  /// What is claimed, and what reviewers decide.
  static let review: [any EventBody.Type] = [
    ReportAccepted.self, ReportReturned.self, MilestoneAccepted.self, MilestoneRejected.self,
    MilestoneWaived.self, CompletionClaimed.self, CompletionAccepted.self, CompletionReturned.self,
    TaskClosed.self, TaskReopened.self,
  ]
}
