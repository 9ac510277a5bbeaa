internal import Cryptography

/// A post's duties go to another post of the same organisation, or to its next incumbent. Both sign.
///
/// Tasks move with the post. Every key that was limited to the giving post ends here, except the next
/// incumbent's, where the post stays the same.
struct DutyHandedOver: EventBody {
  static let declaration = Declaration(
    "duty.handed-over", about: .org,
    by: .words("a key of the giving post, or one of its organisation without a post"),
    cosigner: "a key of the receiving post",
    fields: [
      .optional("openItems", .list(of: .id, count: 1...256)), .required("post", .id),
      .required("to", .id),
    ], "Duty handed over", "工作交接")

  let organisation: OrganisationID
  let post: PostID
  let receiver: PostID
  let openItems: [TaskID]

  init(_ event: EventReader) throws(Refusal) {
    organisation = try event.organisation()
    post = try event.id("post")
    receiver = try event.id("to")
    openItems = try event.ids("openItems")
  }

  func reads(in programme: Programme) -> [StateKey] {
    [.post(post), .post(receiver)] + openItems.map { .task($0) }
      + programme.liveKeys(of: organisation)
  }

  func cosigners(in programme: Programme, _ context: Context) -> [Cosigner] { [.post(receiver)] }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    let giving = try programme.post(post)
    let receiving = try programme.post(receiver)
    guard giving.organisation == organisation, context.organisation == organisation,
      receiving.organisation == organisation
    else {
      throw Refusal(
        .notParty, "A handover is between posts of one organisation, which signs it.",
        hint: "A task goes to another organisation by task.reassigned.")
    }
    guard let author = programme.keys[context.author], author.speaks(for: post) else {
      throw Refusal(
        .keyLimited, "The key \(context.author) is limited to other duties than those of \(post).",
        hint: Programme.otherKey(of: organisation))
    }
    let hasIncumbent = context.cosigners.contains { name in
      programme.keys[name].map { isIncumbent($0, context) } ?? false
    }
    guard post != receiver || hasIncumbent else {
      throw Refusal(
        .missingCosigner, "The next incumbent of \(post) signs with a key limited to that post.",
        hint: "Name it with --with; if there is none yet, enrol it with --post \(post) first.")
    }
    for id in openItems {
      let task = try programme.task(id)
      guard task.post == post, task.lead == organisation else {
        throw Refusal(
          .notParty, "Task \(id) does not belong to the post \(post).",
          hint: "`onus org show \(organisation)` lists the tasks of each post.")
      }
      try programme.require(task, in: TaskState.unfinal, for: Self.declaration.type)
    }
    guard Set(openItems).count == openItems.count else {
      throw Refusal(.malformed, "A task is named twice in the handover.", hint: "Name each once.")
    }
  }

  /// Whether a key takes over the post it is limited to: enrolled before, and signing here for it.
  private func isIncumbent(_ key: EnrolledKey, _ context: Context) -> Bool {
    post == receiver && context.cosigners.contains(key.name) && key.post == post
      && key.speaks(for: post) && key.enrolledAt < context.entry
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    for id in openItems { programme.tasks.update(id) { $0.post = receiver } }
    for name in programme.organisations[organisation]?.liveKeys ?? [] {
      guard let key = programme.keys[name], key.post == post, !isIncumbent(key, context) else {
        continue
      }
      programme.end(name, .handedOver, context)
    }
  }
}

extension EnrolledKey {
  /// Whether the key may give or take the duties of a post: it is limited neither to another post
  /// nor to roles other than a lead's.
  func speaks(for post: PostID) -> Bool {
    (self.post == nil || self.post == post) && (roles.isEmpty || roles.contains(.lead))
  }
}
