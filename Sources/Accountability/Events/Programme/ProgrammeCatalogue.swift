extension EventCatalogue {
  /// What the issuer lays down.
  static let programme: [any EventBody.Type] = [
    ProgrammeIssued.self, ObjectiveDefined.self, IndicatorDefined.self, TaskIssued.self,
  ]
}
