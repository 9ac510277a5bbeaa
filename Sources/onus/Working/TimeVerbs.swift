internal import Accountability
internal import ArgumentParser
internal import Encoding

struct Extend: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "extend", abstract: "Ask for more time, or decide on it.",
    subcommands: [Request.self, Grant.self, Refuse.self])

  struct Request: EventVerb {
    static let configuration = help(
      "request", "Ask for a later due date; a request never moves a date (lead).",
      example: "onus extend request O03-T04 --to 2024-09-30 --reason 'land permit' --as D02")

    @Argument(help: "The task.") var task: String
    @Option(help: "The date asked for.") var to: String
    @Option(help: "Why.") var reason: String
    @Option(
      help:
        "Why only now, once the date has passed: force-majeure, policy-changed, upstream-delay, funding or other."
    ) var code: String?
    @OptionGroup var write: WriteOptions

    func fill(_ draft: inout Draft) throws {
      draft.add(
        "extension.requested", try .task(named: task),
        [("to", .string(to)), ("reason", .string(reason)), ("code", .text(code))])
    }
  }

  struct Grant: EventVerb {
    static let configuration = help(
      "grant", "Grant an extension that was asked for (issuer or governing body).",
      example: "onus extend grant O03-T04 D02+1a2b3c4d/19.1 --to 2024-09-30 --as D01")

    @Argument(help: "The task.") var task: String
    @Argument(help: "The request, as a citation or as `onus log` lists it: ENTRY.EVENT.")
    var request: String
    @Option(help: "The due date from now on.") var to: String
    @OptionGroup var write: WriteOptions

    func fill(_ draft: inout Draft) throws {
      draft.add(
        "extension.granted", try .task(named: task),
        [("request", try write.citation(request)), ("to", .string(to))])
    }
  }

  struct Refuse: EventVerb {
    static let configuration = help(
      "refuse", "Refuse an extension that was asked for (issuer or governing body).",
      example: "onus extend refuse O03-T04 D02+1a2b3c4d/19.1 --reason 'no new facts' --as D01")

    @Argument(help: "The task.") var task: String
    @Argument(help: "The request, as a citation or as `onus log` lists it: ENTRY.EVENT.")
    var request: String
    @Option(help: "Why.") var reason: String
    @OptionGroup var write: WriteOptions

    func fill(_ draft: inout Draft) throws {
      draft.add(
        "extension.refused", try .task(named: task),
        [("request", try write.citation(request)), ("reason", .string(reason))])
    }
  }
}

struct Deadline: EventVerb {
  static let configuration = help(
    "deadline", "Set a due date (issuer, or the governing body).",
    example: "onus deadline O03-T04 --due 2025-06-30 --reason 'plan amended' --as D01")

  @Argument(help: "The task.") var task: String
  @Option(help: "The due date from now on.") var due: String
  @Option(help: "Why.") var reason: String
  @OptionGroup var write: WriteOptions

  func fill(_ draft: inout Draft) throws {
    draft.add(
      "deadline.set", try .task(named: task), [("due", .string(due)), ("reason", .string(reason))])
  }
}

struct Urge: EventVerb {
  static let configuration = help(
    "urge", "Urge a task (supervisor).",
    example: "onus urge O03-T04 --level yellow --answer-by 2024-07-15 --as D24")

  @Argument(help: "The task.") var task: String
  @Option(help: "note, letter, blue, yellow or red.") var level: String
  @Option(help: "When an answer is due.") var answerBy: String
  @Option(help: "The words, sealed.") var text: String?
  @OptionGroup var write: WriteOptions

  func fill(_ draft: inout Draft) throws {
    draft.add(
      "urge.issued", try .task(named: task),
      [
        ("level", .string(level)), ("answerBy", .string(answerBy)), ("text", try draft.seal(text)),
      ])
  }
}

struct Suspend: EventVerb {
  static let configuration = help(
    "suspend", "Suspend a task by order (governing body).",
    example: "onus suspend O03-T04 --order 2024-17 --as P00")

  @Argument(help: "The task.") var task: String
  @Option(help: "The number of the order.") var order: String
  @OptionGroup var write: WriteOptions

  func fill(_ draft: inout Draft) throws {
    draft.add("task.suspended", try .task(named: task), [("order", .string(order))])
  }
}

struct Resume: EventVerb {
  static let configuration = help(
    "resume", "Resume a suspended task by order (governing body).",
    example: "onus resume O03-T04 --order 2024-21 --as P00")

  @Argument(help: "The task.") var task: String
  @Option(help: "The number of the order.") var order: String
  @OptionGroup var write: WriteOptions

  func fill(_ draft: inout Draft) throws {
    draft.add("task.resumed", try .task(named: task), [("order", .string(order))])
  }
}

struct Cancel: EventVerb {
  static let configuration = help(
    "cancel", "Cancel a task by order; it stays visible (governing body).",
    example: "onus cancel O03-T04 --order 2024-22 --as P00")

  @Argument(help: "The task.") var task: String
  @Option(help: "The number of the order.") var order: String
  @OptionGroup var write: WriteOptions

  func fill(_ draft: inout Draft) throws {
    draft.add("task.cancelled", try .task(named: task), [("order", .string(order))])
  }
}
