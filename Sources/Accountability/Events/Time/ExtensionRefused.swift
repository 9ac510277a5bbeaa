/// No more time is given; the date stands.
struct ExtensionRefused: EventBody {
  static let declaration = Declaration(
    "extension.refused", about: .task, by: [.issuer, .governing],
    fields: [.required("request", .citation), .reason],
    states: TaskState.underWay, isIndependent: true, "Extension refused", "延期不予批准")

  let task: TaskID
  let request: Citation

  init(_ event: EventReader) throws(Refusal) {
    task = try event.task()
    request = try event.citation("request")
  }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    try programme.requirePending(request, of: try programme.task(task), context)
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    programme.tasks.update(task) { task in
      task.pendingExtension = nil
      task.extensionTouch.record(context.entry, by: context.organisation)
    }
  }
}
