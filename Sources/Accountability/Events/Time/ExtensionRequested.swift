internal import Encoding

/// The lead asks for more time. A request never moves a date, and a second one replaces the first.
struct ExtensionRequested: EventBody {
  /// Why somebody asks only after the date has passed.
  enum LateCode: String, CaseIterable, Sendable {
    case forceMajeure = "force-majeure"
    case policyChanged = "policy-changed"
    case upstreamDelay = "upstream-delay"
    case funding, other
  }

  static let declaration = Declaration(
    "extension.requested", about: .task, by: [.lead],
    fields: [
      .required("to", .day), .reason,
      .optional("code", .word(LateCode.allCases.map(\.rawValue))),
    ],
    states: [.accepted, .inProgress], "Extension requested", "延期申请")

  let task: TaskID
  let to: Day
  let hasCode: Bool

  init(_ event: EventReader) throws(Refusal) {
    task = try event.task()
    to = try event.day("to")
    hasCode = event.has("code")
  }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    let task = try programme.task(task)
    try programme.requireLater(to, of: task)
    try programme.requireNotPast(to, "to", context)
    if let due = task.due, programme.isPastDue(task, at: context.time), !hasCode {
      let codes = LateCode.allCases.map(\.rawValue).joined(separator: ", ")
      throw Refusal(
        .tooLate, "Task \(task.id) was due on \(due), and the request was recorded after that.",
        hint: "Say why so late with `code`: \(codes).")
    }
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    programme.tasks.update(task) { task in
      var pending = PendingExtension()
      pending.citation = context.citation
      pending.to = to
      task.pendingExtension = pending
      task.extensionTouch.record(context.entry, by: context.organisation)
    }
  }
}
