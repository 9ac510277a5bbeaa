internal import Encoding

/// A task of the plan: what one lead unit will answer for, once it is assigned.
///
/// `evidenceRequired` is how many pieces a claim needs; `evidenceEn` and `evidenceZh` say of what
/// sort, for those who attach and review them.
struct TaskIssued: EventBody {
  static let declaration = Declaration(
    "task.issued", about: .task, by: [.issuer],
    fields: [
      .optional("classification", .id), .required("criterion", .text(maximum: 1000)),
      .required("cycle", .word(Cycle.allCases.map(\.rawValue))),
      .optional("evidenceEn", .text(maximum: 1000)),
      .required("evidenceRequired", .integer(0...100)),
      .optional("evidenceZh", .text(maximum: 1000)),
      .optional("indicators", .list(of: .id, count: 1...32)), .optional("key", .flag),
      .optional("mandatory", .flag),
      .optional("milestones", .list(of: Milestone.shape, count: 1...64)),
      .required("objective", .id), .optional("parent", .id), .titleEnglish, .titleChinese,
      .required("weight", .integer(1...1000)),
    ], "Task issued", "下达任务")

  private let issued: Task
  private let isMandatoryPart: Bool

  init(_ event: EventReader) throws(Refusal) {
    var task = Task()
    task.id = try event.task()
    task.objective = try event.id("objective")
    task.titleEnglish = try event.string("titleEn")
    task.titleChinese = try event.string("titleZh")
    task.criterion = try event.string("criterion")
    task.weight = Int(try event.integer("weight"))
    task.evidenceRequired = Int(try event.integer("evidenceRequired"))
    task.isKey = try event.flag("key")
    task.classification = try event.optionalString("classification") ?? ""
    task.cycle = try event.word("cycle")
    task.parent = try event.optionalID("parent")
    task.indicators = try event.ids("indicators")
    for item in try event.objects("milestones") {
      task.milestones.append(try Milestone(item, isPlanned: true))
    }
    issued = task
    isMandatoryPart = try event.flag("mandatory")
  }

  func reads(in programme: Programme) -> [StateKey] {
    [.objective(issued.objective)] + issued.indicators.map { .indicator($0) }
      + issued.milestones.map { .milestone($0.id) } + (issued.parent.map { [.task($0)] } ?? [])
  }

  func admit(in programme: Programme, _ context: Context) throws(Refusal) {
    guard programme.tasks[issued.id] == nil else {
      throw Refusal(
        .alreadyExists, "The task \(issued.id) is issued already.",
        hint: "Ids are never reused: choose another.")
    }
    guard programme.objectives[issued.objective] != nil else {
      throw Refusal(
        .unknownSubject, "There is no objective \(issued.objective).", hint: "Define it first.")
    }
    for indicator in issued.indicators where programme.indicators[indicator] == nil {
      throw Refusal(
        .unknownSubject, "There is no indicator \(indicator).", hint: "Define it first.")
    }
    guard Set(issued.indicators).count == issued.indicators.count else {
      throw Refusal(.malformed, "An indicator of \(issued.id) is named twice.")
    }
    try programme.requireNewMilestones(issued.milestones)
    if let parent = issued.parent {
      try programme.require(
        try programme.task(parent), toTakeParts: isMandatoryPart)
    } else if isMandatoryPart {
      throw Refusal(.malformed, "`data.mandatory` is said of a part, and there is no `parent`.")
    }
  }

  func evolve(_ programme: inout Programme, _ context: Context) {
    programme.tasks[issued.id] = issued
    programme.settle(issued.milestones, of: issued.id)
    if let parent = issued.parent, isMandatoryPart {
      programme.tasks.update(parent) { $0.children.append(issued.id) }
    }
  }
}

extension Milestone {
  static let shape = Shape.object([
    .required("due", .day), .required("id", .id), .optional("mandatory", .flag), .titleEnglish,
    .titleChinese, .required("weight", .integer(0...100)),
  ])

  init(_ event: EventReader, isPlanned: Bool) throws(Refusal) {
    self.init()
    id = try event.id("id")
    titleEnglish = try event.string("titleEn")
    titleChinese = try event.string("titleZh")
    due = try event.day("due")
    weight = Int(try event.integer("weight"))
    isMandatory = try event.flag("mandatory")
    self.isPlanned = isPlanned
  }
}

extension Programme {
  /// Refuses parts under a task that has ended, and mandatory ones under one accepted as complete:
  /// they would undo what was closed or accepted without a reopening.
  func require(_ parent: Task, toTakeParts isMandatory: Bool) throws(Refusal) {
    let ended: [TaskState] =
      isMandatory ? [.completed, .closed, .cancelled] : [.closed, .cancelled]
    guard !ended.contains(parent.state) else {
      throw Refusal(
        .wrongState,
        "Task \(parent.id) is \(parent.state.rawValue), and takes no further parts.",
        hint: parent.state == .cancelled
          ? "Issue it under another task, or under none."
          : "A supervisor reopens it first, or the part is issued under another task.")
    }
  }

  /// Refuses milestones whose id was used before, in this list or in the ledger.
  func requireNewMilestones(_ milestones: [Milestone]) throws(Refusal) {
    var seen: Set<MilestoneID> = []
    for milestone in milestones {
      guard seen.insert(milestone.id).inserted, milestoneHomes[milestone.id] == nil else {
        throw Refusal(
          .alreadyExists, "The milestone \(milestone.id) exists already.",
          hint: "Ids are never reused: choose another.")
      }
    }
  }

  /// Remembers which task milestones belong to.
  mutating func settle(_ milestones: [Milestone], of task: TaskID) {
    for milestone in milestones {
      var home = MilestoneHome()
      home.task = task
      milestoneHomes[milestone.id] = home
    }
  }
}
