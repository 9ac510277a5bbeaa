extension EventCatalogue {
  /// What units write while they work.
  static let execution: [any EventBody.Type] = [
    ProgressReported.self, ContributionReported.self, MilestoneReached.self,
    EvidenceAttached.self, ReportCorrected.self,
  ]
}

extension FieldDeclaration {
  static let evidence = optional("evidence", .list(of: .citation, count: 1...64))
  static let values = optional("values", .map(of: .decimal, count: 1...64))
  static let note = optional("note", .sealed)
  static let reason = required("reason", .text(maximum: 500))
  static let returnReason = required("reason", ReturnReason.shape)
}
