extension EventCatalogue {
  /// What moves dates, urges and stops (DOMAIN §3, *Time*, and the orders of the governing body).
  static let time: [any EventBody.Type] = [
    ExtensionRequested.self, ExtensionGranted.self, ExtensionRefused.self, DeadlineSet.self,
    UrgeIssued.self, TaskSuspended.self, TaskResumed.self, TaskCancelled.self,
  ]
}
