internal import Encoding

/// More time is given, not necessarily what was asked for.
///
/// The issuer's own organisation may not decide where it leads or supports: then only the
/// governing body is independent (`docs/rules.md`, *Independence*).
struct ExtensionGranted: EventBody {
  static let declaration = Declaration(
    "extension.granted", about: .task, by: [.issuer, .governing],
    fields: [.required("request", .citation), .required("to", .day)],
    states: TaskState.underWay, isIndependent: true, "Extension granted", "延期批准")

  let task: TaskID
  let request: Citation
  let to: Day

  init(_ event: EventReader) throws(Refusal) {
    task = try event.task()
    request = try event.citation("request")
    to = try event.day("to")
  }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    let task = try programme.task(task)
    try programme.requirePending(request, of: task, context)
    try programme.requireLater(to, of: task)
    try programme.requireNotPast(to, "to", context)
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    programme.tasks.update(task) { task in
      task.dueDates.append(DueDate(to, .granted, context))
      task.extensionCount += 1
      task.pendingExtension = nil
      task.extensionTouch.record(context.entry, by: context.organisation)
    }
  }
}
