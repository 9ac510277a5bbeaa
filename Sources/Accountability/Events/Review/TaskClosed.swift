internal import Cryptography

/// A reviewer strikes the task off: the last of the three facts of an end.
///
/// With mandatory parts open it closes only by a ruling. That is the governing body's to give: it
/// signs too, unless it is the reviewer itself.
struct TaskClosed: EventBody {
  /// Whether what the task asked for is there.
  enum Criterion: String, CaseIterable, Sendable { case met, waived }

  static let declaration = Declaration(
    "task.closed", about: .task, by: [.supervisor],
    cosigner: "with `ruling`, the governing body",
    fields: [
      .required("criterion", .word(Criterion.allCases.map(\.rawValue))),
      .optional("reason", .text(maximum: 500)), .optional("ruling", .text(maximum: 500)),
    ],
    states: [.completed], isIndependent: true, "Task closed", "销号")

  let task: TaskID
  let hasRuling: Bool

  init(_ event: EventReader) throws(Refusal) {
    task = try event.task()
    hasRuling = event.has("ruling")
    let criterion: Criterion = try event.word("criterion")
    guard criterion == .met || event.has("reason") else {
      throw Refusal(
        .malformed, "A criterion is waived without a reason.", hint: "Give it in `reason`.")
    }
  }

  func reads(in programme: Programme) -> [StateKey] {
    (programme.loadedTask(task)?.children ?? []).map { .task($0) }
  }

  func cosigners(in programme: Programme, _ context: Context) -> [Cosigner] {
    hasRuling && !programme.acts(as: .governing, context) ? [.role(.governing)] : []
  }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    let task = try programme.task(task)
    if hasRuling {
      for id in context.cosigners.compactMap({ OrganisationID($0.name) }) {
        try programme.requireIndependent(id, of: task)
      }
    }
    try programme.requireFresh(task.completionTouch, "The completion of task \(task.id)", context)
    let open = task.children.filter { child in
      let state = programme.tasks[child]?.state
      return state != .closed && state != .cancelled
    }
    guard open.isEmpty || hasRuling else {
      throw Refusal(
        .notReady,
        "Task \(task.id) still has mandatory parts open: \(open.map(\.rawValue).joined(separator: ", ")).",
        hint: "Close them first, or give the ruling that lets it close before them in `ruling`.")
    }
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    programme.tasks.update(task) { task in
      task.state = .closed
      task.closedOn = context.time
    }
  }
}
