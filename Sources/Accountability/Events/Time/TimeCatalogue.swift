extension EventCatalogue {
  /// What moves dates, urges and stops: the orders of the governing body among them.
  static let time: [any EventBody.Type] = [
    ExtensionRequested.self, ExtensionGranted.self, ExtensionRefused.self, DeadlineSet.self,
    UrgeIssued.self, TaskSuspended.self, TaskResumed.self, TaskCancelled.self,
  ]
}
