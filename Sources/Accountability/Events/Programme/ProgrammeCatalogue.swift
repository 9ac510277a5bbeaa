extension EventCatalogue {
  /// What the issuer lays down (DOMAIN §3, *Programme*).
  static let programme: [any EventBody.Type] = [
    ProgrammeIssued.self, ObjectiveDefined.self, IndicatorDefined.self, TaskIssued.self,
  ]
}
