internal import Accountability
internal import ArgumentParser
internal import Encoding

/// Accepts or returns what a unit reported: a report, or with --completion its claim.
struct Review: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "review", abstract: "Accept or return what a unit reported.",
    subcommands: [AcceptReport.self, ReturnReport.self])

  struct AcceptReport: EventVerb {
    static let configuration = help(
      "accept", "Accept a report, or a claim of completion (supervisor).",
      example: "onus review accept O03-T04 D02+1a2b3c4d/17.1 --as D24")

    @Argument(help: "The task.") var task: String
    @Argument(help: "The report or claim, as a citation or as `onus log` lists it: ENTRY.EVENT.")
    var report: String
    @Flag(help: "It is a claim of completion.") var completion = false
    @OptionGroup var write: WriteOptions

    func fill(_ draft: inout Draft) throws {
      draft.add(
        completion ? "completion.accepted" : "report.accepted", try .task(named: task),
        [(completion ? "claim" : "report", try write.citation(report))])
    }
  }

  struct ReturnReport: EventVerb {
    static let configuration = help(
      "return", "Return a report or a claim for rework (supervisor).",
      example: "onus review return O03-T04 D02+1a2b3c4d/17.1 --reason evidence-missing --as D24")

    @Argument(help: "The task.") var task: String
    @Argument(help: "The report or claim, as a citation or as `onus log` lists it: ENTRY.EVENT.")
    var report: String
    @Flag(help: "It is a claim of completion.") var completion = false
    @Option(
      help: "evidence-missing, wrong-basis, behind-schedule, no-substance or falsified.")
    var reason: String
    @Option(help: "More about it, sealed.") var note: String?
    @OptionGroup var write: WriteOptions

    func fill(_ draft: inout Draft) throws {
      draft.add(
        completion ? "completion.returned" : "report.returned", try .task(named: task),
        [
          (completion ? "claim" : "report", try write.citation(report)),
          ("reason", .string(reason)),
          ("note", try draft.seal(note)),
        ])
    }
  }
}

/// A milestone's life: reached by the lead, then accepted, rejected or waived.
struct MilestoneVerb: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "milestone", abstract: "Report a milestone, or decide on it.",
    subcommands: [Reach.self, AcceptMilestone.self, Reject.self, Waive.self],
    defaultSubcommand: Reach.self)

  struct Reach: EventVerb {
    static let configuration = help(
      "reach", "Report that a milestone is reached (lead).",
      example: "onus milestone reach O03-T04 O03-T04-M2 --evidence D02+1a2b3c4d/16.1 --as D02")

    @Argument(help: "The task.") var task: String
    @Argument(help: "The milestone.") var milestone: String
    @Option(help: "Evidence, as a citation or as ENTRY.EVENT; repeat for more.") var evidence:
      [String] = []
    @Option(help: "More about it, sealed.") var note: String?
    @OptionGroup var write: WriteOptions

    func fill(_ draft: inout Draft) throws {
      draft.add(
        "milestone.reached", try .task(named: task),
        [
          ("milestone", .string(milestone)), ("evidence", try write.citations(evidence)),
          ("note", try draft.seal(note)),
        ])
    }
  }

  struct AcceptMilestone: EventVerb {
    static let configuration = help(
      "accept", "Accept a milestone (supervisor).",
      example: "onus milestone accept O03-T04 O03-T04-M2 --as D24")

    @Argument(help: "The task.") var task: String
    @Argument(help: "The milestone.") var milestone: String
    @OptionGroup var write: WriteOptions

    func fill(_ draft: inout Draft) throws {
      draft.add(
        "milestone.accepted", try .task(named: task), [("milestone", .string(milestone))])
    }
  }

  struct Reject: EventVerb {
    static let configuration = help(
      "reject", "Reject a milestone (supervisor).",
      example: "onus milestone reject O03-T04 O03-T04-M2 --reason evidence-missing --as D24")

    @Argument(help: "The task.") var task: String
    @Argument(help: "The milestone.") var milestone: String
    @Option(help: "The reason code.") var reason: String
    @OptionGroup var write: WriteOptions

    func fill(_ draft: inout Draft) throws {
      draft.add(
        "milestone.rejected", try .task(named: task),
        [("milestone", .string(milestone)), ("reason", .string(reason))])
    }
  }

  struct Waive: EventVerb {
    static let configuration = help(
      "waive", "Waive a milestone, with a reason (supervisor).",
      example: "onus milestone waive O03-T04 O03-T04-M2 --reason 'superseded' --as D24")

    @Argument(help: "The task.") var task: String
    @Argument(help: "The milestone.") var milestone: String
    @Option(help: "Why.") var reason: String
    @OptionGroup var write: WriteOptions

    func fill(_ draft: inout Draft) throws {
      draft.add(
        "milestone.waived", try .task(named: task),
        [("milestone", .string(milestone)), ("reason", .string(reason))])
    }
  }
}

struct Close: EventVerb {
  static let configuration = help(
    "close", "Close a completed task (supervisor).",
    example: "onus close O03-T04 --criterion met --as D24")

  @Argument(help: "The task.") var task: String
  @Option(help: "met, or waived with a reason.") var criterion = "met"
  @Option(help: "Why it is waived.") var reason: String?
  @Option(help: "The ruling by which it closes although mandatory parts are open.")
  var ruling: String?
  @OptionGroup var write: WriteOptions

  func fill(_ draft: inout Draft) throws {
    draft.add(
      "task.closed", try .task(named: task),
      [("criterion", .string(criterion)), ("reason", .text(reason)), ("ruling", .text(ruling))])
  }
}

struct Reopen: EventVerb {
  static let configuration = help(
    "reopen", "Reopen a completed or closed task for a new round (supervisor).",
    example: "onus reopen O03-T04 --reason 'inspection found defects' --as D24")

  @Argument(help: "The task.") var task: String
  @Option(help: "Why.") var reason: String
  @OptionGroup var write: WriteOptions

  func fill(_ draft: inout Draft) throws {
    draft.add("task.reopened", try .task(named: task), [("reason", .string(reason))])
  }
}
