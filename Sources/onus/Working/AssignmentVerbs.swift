internal import Accountability
internal import ArgumentParser
internal import Cryptography
internal import Encoding
internal import SQLiteStorage

struct Assign: EventVerb {
  static let configuration = help(
    "assign", "Assign a task to one lead and its supporting units (issuer).",
    example:
      "onus assign O03-T04 --lead D02 --support D05 --start 2024-03-01 --due 2025-12-31 --as D01")

  @Argument(help: "The task.") var task: String
  @Option(help: "The unit that answers for it.") var lead: String
  @Option(help: "A unit that contributes; repeat for more.") var support: [String] = []
  @Option(help: "A city or county where it is done; repeat for more.") var territory: [String] = []
  @Option(help: "The post that answers.") var post: String?
  @Option(help: "When work begins.") var start: String
  @Option(help: "When it is due.") var due: String
  @OptionGroup var write: WriteOptions

  func fill(_ draft: inout Draft) throws {
    draft.add(
      "task.assigned", try .task(named: task),
      [
        ("lead", .string(lead)), ("supports", .texts(support)), ("territories", .texts(territory)),
        ("post", .text(post)), ("start", .string(start)), ("due", .string(due)),
      ])
  }
}

struct Accept: EventVerb {
  static let configuration = help(
    "accept", "Sign for a task that was assigned to you (lead).",
    example: "onus accept O03-T04 --as D02")

  @Argument(help: "The task.") var task: String
  @OptionGroup var write: WriteOptions

  func fill(_ draft: inout Draft) throws {
    draft.add("task.accepted", try .task(named: task), [])
  }
}

struct Decline: EventVerb {
  static let configuration = help(
    "decline", "Decline a task, with a reason; the issuer then rules (lead).",
    example: "onus decline O03-T04 --reason not-competent --as D02")

  @Argument(help: "The task.") var task: String
  @Option(help: "The reason code.") var reason: String
  @Option(help: "More about it, sealed.") var note: String?
  @OptionGroup var write: WriteOptions

  func fill(_ draft: inout Draft) throws {
    draft.add(
      "task.declined", try .task(named: task),
      [("reason", .string(reason)), ("note", try draft.seal(note))])
  }
}

struct Rule: EventVerb {
  static let configuration = help(
    "rule", "Rule on a declined assignment (issuer or governing body).",
    example: "onus rule O03-T04 --outcome upheld --as D01")

  @Argument(help: "The task.") var task: String
  @Option(help: "upheld: the lead stays; reassigned: --lead answers from now on.")
  var outcome: String
  @Option(help: "The new lead.") var lead: String?
  @Option(help: "A new due date.") var due: String?
  @Option(help: "Why.") var reason: String?
  @OptionGroup var write: WriteOptions

  func fill(_ draft: inout Draft) throws {
    draft.add(
      "assignment.ruled", try .task(named: task),
      [
        ("outcome", .string(outcome)), ("lead", .text(lead)), ("due", .text(due)),
        ("reason", .text(reason)),
      ])
  }
}

struct Confirm: EventVerb {
  static let configuration = help(
    "confirm", "Confirm that you support a task (supporting unit or territory).",
    example: "onus confirm O03-T04 --as D05")

  @Argument(help: "The task.") var task: String
  @OptionGroup var write: WriteOptions

  func fill(_ draft: inout Draft) throws {
    draft.add("support.confirmed", try .task(named: task), [])
  }
}

struct Plan: EventVerb {
  static let configuration = help(
    "plan", "Plan a task, with further milestones (lead).",
    example: "onus plan O03-T04 --milestone O03-T04-M9:2024-06-30:20:Pilot --as D02")

  @Argument(help: "The task.") var task: String
  @Option(
    help:
      "A further milestone, ID:DATE:WEIGHT:TITLE, or TITLE|标题 in both languages; repeat for more.")
  var milestone: [String] = []
  @Option(help: "Whom to ask, sealed.") var contact: String?
  @OptionGroup var write: WriteOptions

  func fill(_ draft: inout Draft) throws {
    draft.add(
      "task.planned", try .task(named: task),
      [
        (
          "milestones",
          milestone.isEmpty ? nil : .array(try milestone.map { try Self.milestone($0) })
        ),
        ("contact", try draft.seal(contact)),
      ])
  }

  static func milestone(_ text: String, isMandatory: Bool = false) throws -> JSONValue {
    let parts = text.split(separator: ":", maxSplits: 3).map(String.init)
    guard parts.count == 4, let weight = Int64(parts[2]) else {
      throw Failure(
        "\(TextRules.quoted(text)) is not a milestone of the form ID:DATE:WEIGHT:TITLE.",
        exit: .usage)
    }
    let titles = parts[3].split(separator: "|", maxSplits: 1).map(String.init)
    return .object([
      "id": .string(parts[0]), "due": .string(parts[1]), "weight": .integer(weight),
      "titleEn": .string(titles.first ?? ""), "titleZh": .string(titles.last ?? ""),
      "mandatory": .bool(isMandatory),
    ])
  }
}

struct Handover: EventVerb {
  static let configuration = help(
    "handover", "Hand a post's duties to another post or its next incumbent (both sign).",
    example: "onus handover P-D02-1 --to P-D02-2 --as D02 --with D02+1a2b3c4d")

  @Argument(help: "The post that gives.") var post: String
  @Option(help: "The post that receives; the same one for a change of incumbent.") var to: String
  @Option(
    help:
      "A task that goes along; repeat for more. All that are not closed or cancelled, if none is named."
  )
  var item: [String] = []
  @OptionGroup var write: WriteOptions

  func fill(_ draft: inout Draft) throws {
    let items = item.isEmpty ? try openTasks().map(\.rawValue) : item
    if item.isEmpty {
      draft.remark =
        items.isEmpty
        ? "\(post) answers for no task that is not at its end, so only who signs for it changes"
        : "with \(items.joined(separator: " "))"
    }
    draft.add(
      "duty.handed-over", try .organisation(named: draft.author.name),
      [("post", .string(post)), ("to", .string(to)), ("openItems", .texts(items))])
  }

  /// The tasks that the post answers for and that are not at their end, as the ledger has them.
  private func openTasks() throws -> [TaskID] {
    try write.ledgerToLookUp(
      "which tasks \(post) answers for", else: "Name each with --item TASK", for: .readWrite
    ).unfinishedTasks(of: post)
  }
}

struct Reassign: EventVerb {
  static let configuration = help(
    "reassign", "Move a task to another lead (issuer or governing body).",
    example: "onus reassign O03-T04 --lead D03 --from 2024-05-01 --reason merged --as D01")

  @Argument(help: "The task.") var task: String
  @Option(help: "The new lead.") var lead: String
  @Option(help: "A supporting unit from now on; repeat for more. As before, if none is named.")
  var support: [String] = []
  @Option(help: "From which day.") var from: String
  @Option(help: "Why.") var reason: String
  @OptionGroup var write: WriteOptions

  func fill(_ draft: inout Draft) throws {
    draft.add(
      "task.reassigned", try .task(named: task),
      [
        ("lead", .string(lead)), ("supports", .texts(support)), ("from", .string(from)),
        ("reason", .string(reason)),
      ])
  }
}
