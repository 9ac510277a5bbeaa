/// Who has which part in a task, as far as it decides who may act: a look at a task that does not copy
/// all of it.
struct TaskRoles {
  var lead: OrganisationID?
  var supports: [OrganisationID] = []
  var territories: [OrganisationID] = []
  var namedReviewers: [OrganisationID] = []
  var post: PostID?

  /// Of an event that is about no task.
  static let none = TaskRoles()
}

extension Task {
  var roles: TaskRoles {
    TaskRoles(
      lead: lead, supports: supports, territories: territories, namedReviewers: namedReviewers,
      post: post)
  }
}
