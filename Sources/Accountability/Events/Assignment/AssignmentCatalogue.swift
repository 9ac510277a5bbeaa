extension EventCatalogue {
  /// Who answers for what.
  static let assignment: [any EventBody.Type] = [
    TaskAssigned.self, TaskAccepted.self, TaskDeclined.self, AssignmentRuled.self,
    SupportConfirmed.self, TaskPlanned.self, DutyHandedOver.self, TaskReassigned.self,
  ]
}

extension FieldDeclaration {
  static let supports = optional("supports", .list(of: .id, count: 1...64))
  static let territories = optional("territories", .list(of: .id, count: 1...64))
}

extension Programme {
  /// Refuses units that are not registered, or are named twice.
  func requireUnits(
    lead: OrganisationID, _ others: [OrganisationID]
  ) throws(Refusal) {
    var seen: Set<OrganisationID> = []
    for id in [lead] + others {
      _ = try organisation(id)
      guard seen.insert(id).inserted else {
        throw Refusal(
          .malformed, "\(id) is named twice in the assignment.", hint: "Name each once.")
      }
    }
  }

  /// Refuses a post that is not one of the lead's.
  func requirePost(_ id: PostID?, of lead: OrganisationID) throws(Refusal) {
    guard let id else { return }
    guard try post(id).organisation == lead else {
      throw Refusal(
        .separation, "The post \(id) is not one of \(lead).",
        hint: "`onus org show \(lead)` lists its posts.")
    }
  }
}

extension Task {
  /// Gives the task to units; whoever has ever been one stays a party.
  mutating func assign(
    lead: OrganisationID, supports: [OrganisationID], territories: [OrganisationID]
  ) {
    self.lead = lead
    self.supports = supports
    self.territories = territories
    confirmed = []
    for id in [lead] + supports + territories where !parties.contains(id) { parties.append(id) }
  }
}
