internal import Cryptography
internal import Encoding

/// A piece of evidence: what sort, when made, and the commitment of its content.
struct EvidenceAttached: EventBody {
  static let declaration = Declaration(
    "evidence.attached", about: .task, by: [.lead, .support, .territory],
    fields: [
      .required("kind", .id), .required("capturedOn", .day), .required("content", .sealed),
    ],
    states: TaskState.underWay, "Evidence attached", "佐证材料提交")

  let task: TaskID
  let kind: String
  let capturedOn: Day
  let content: SealedContent

  init(_ event: EventReader) throws(Refusal) {
    task = try event.task()
    kind = try event.string("kind")
    capturedOn = try event.day("capturedOn")
    content = try event.sealed("content")
    guard content.size != nil else {
      throw Refusal(
        .malformed, "The content of evidence does not say its size.",
        hint: "Give `size` in bytes beside `sealed` and `media`.")
    }
  }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    let today = context.time.day(at: programme.offset)
    guard capturedOn <= today else {
      throw Refusal(
        .wrongDate, "Evidence recorded on \(today) cannot have been captured on \(capturedOn).",
        hint: "`capturedOn` is no later than the day of the entry.")
    }
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    guard var task = programme.tasks[task] else { return }
    var piece = Evidence()
    piece.citation = context.citation
    piece.task = task.id
    piece.organisation = context.organisation
    piece.kind = kind
    piece.capturedOn = capturedOn
    piece.commitment = content.commitment.base64
    piece.round = task.round
    piece.entry = context.entry
    task.evidenceCount += 1
    programme.evidence.create(context.citation, piece)
    programme.tasks[task.id] = task
  }
}
