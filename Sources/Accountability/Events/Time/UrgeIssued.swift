internal import Encoding

/// The supervision office urges the lead on, and says by when it wants an answer.
struct UrgeIssued: EventBody {
  /// How sharply.
  enum Level: String, CaseIterable, Sendable { case note, letter, blue, yellow, red }

  static let declaration = Declaration(
    "urge.issued", about: .task, by: [.supervisor],
    fields: [
      .required("level", .word(Level.allCases.map(\.rawValue))), .required("answerBy", .day),
      .optional("text", .sealed),
    ],
    states: [.assigned, .disputed] + TaskState.underWay, isIndependent: true, "Urge issued", "催办")

  let task: TaskID
  let answerBy: Day

  init(_ event: EventReader) throws(Refusal) {
    task = try event.task()
    answerBy = try event.day("answerBy")
  }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    try programme.requireNotPast(answerBy, "answerBy", context)
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    programme.tasks.update(task) { $0.urgeCount += 1 }
  }
}
