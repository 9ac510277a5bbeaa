/// A reviewer sends the claim back; the task goes on, and the claim and its return stay visible.
struct CompletionReturned: EventBody {
  static let declaration = Declaration(
    "completion.returned", about: .task, by: [.supervisor],
    fields: [.required("claim", .citation), .returnReason, .note], states: [.claimed],
    isIndependent: true, "Completion returned", "完成申报退回")

  let task: TaskID
  let claim: Citation
  let reason: ReturnReason

  init(_ event: EventReader) throws(Refusal) {
    task = try event.task()
    claim = try event.citation("claim")
    reason = try event.word("reason")
  }

  func reads(in programme: Programme) -> [StateKey] { [.report(claim)] }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    _ = try programme.claimUnderReview(claim, of: task, context)
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    programme.tasks.update(task) { task in
      task.state = .inProgress
      task.claim = nil
      task.returnedClaim = claim
      task.claimedOn = nil
      task.isClaimLate = false
    }
    programme.settle(claim, of: task, Review(context, returning: reason))
  }
}
