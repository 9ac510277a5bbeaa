internal import Accountability
internal import ArgumentParser
internal import Encoding

/// What the issuer lays down: the programme, its objectives and indicators, its tasks.
struct Issue: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "issue", abstract: "Issue a programme, objectives, indicators and tasks.",
    subcommands: [
      IssueProgramme.self, IssueObjective.self, IssueIndicator.self, IssueTask.self,
    ])

  struct IssueProgramme: EventVerb {
    static let configuration = help(
      "programme", "Issue the programme (issuer); once.",
      example:
        "onus issue programme BH --title-en Plan --title-zh 方案 --start 2023-01-01 --end 2025-12-31 --as D01"
    )

    @Argument(help: "Its id.") var id: String
    @Option(help: "Its title in English.") var titleEn: String
    @Option(help: "Its title in Chinese.") var titleZh: String
    @Option(help: "Its first day.") var start: String
    @Option(help: "Its last day.") var end: String
    @Option(help: "The offset at which all its dates are read.") var offset = "+08:00"
    @Option(help: "A day off beside weekends; repeat for more.") var holiday: [String] = []
    @Option(help: "A weekend day that is worked; repeat for more.") var workday: [String] = []
    @OptionGroup var write: WriteOptions

    func fill(_ draft: inout Draft) throws {
      draft.add(
        "programme.issued", .none,
        [
          ("id", .string(id)), ("titleEn", .string(titleEn)), ("titleZh", .string(titleZh)),
          ("start", .string(start)), ("end", .string(end)), ("offset", .string(offset)),
          ("holidays", .texts(holiday)), ("workdays", .texts(workday)),
        ])
    }
  }

  struct IssueObjective: EventVerb {
    static let configuration = help(
      "objective", "Define an objective (issuer).",
      example: "onus issue objective O03 --title-en 'Business entities' --title-zh 经营主体 --as D01")

    @Argument(help: "Its id.") var id: String
    @Option(help: "Its title in English.") var titleEn: String
    @Option(help: "Its title in Chinese.") var titleZh: String
    @OptionGroup var write: WriteOptions

    func fill(_ draft: inout Draft) throws {
      draft.add(
        "objective.defined", .none,
        [("id", .string(id)), ("titleEn", .string(titleEn)), ("titleZh", .string(titleZh))])
    }
  }

  struct IssueIndicator: EventVerb {
    static let configuration = help(
      "indicator", "Define an indicator (issuer).",
      example:
        "onus issue indicator I1 --title-en Visits --title-zh 人次 --unit million --direction up --baseline 198 --target 2024=310 --as D01"
    )

    @Argument(help: "Its id.") var id: String
    @Option(help: "Its title in English.") var titleEn: String
    @Option(help: "Its title in Chinese.") var titleZh: String
    @Option(help: "The unit of its values.") var unit: String
    @Option(help: "up, down, at-least, at-most or within.") var direction: String
    @Option(help: "The value it starts from.") var baseline: String
    @Option(help: "What should be reached, PERIOD=VALUE; repeat for more.") var target: [String] =
      []
    @Option(help: "The organisation that publishes its official values.") var publisher: String?
    @OptionGroup var write: WriteOptions

    func fill(_ draft: inout Draft) throws {
      let targets = try target.map { pair -> JSONValue in
        let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2 else {
          throw Failure("\(TextRules.quoted(pair)) is not PERIOD=VALUE.", exit: .usage)
        }
        return .object(["period": .string(parts[0]), "value": .string(parts[1])])
      }
      draft.add(
        "indicator.defined", .none,
        [
          ("id", .string(id)), ("titleEn", .string(titleEn)), ("titleZh", .string(titleZh)),
          ("unit", .string(unit)), ("direction", .string(direction)),
          ("baseline", .string(baseline)), ("targets", targets.isEmpty ? nil : .array(targets)),
          ("publisher", .text(publisher)),
        ])
    }
  }

  struct IssueTask: EventVerb {
    static let configuration = help(
      "task", "Issue a task (issuer).",
      example:
        "onus issue task O03-T04 --objective O03 --title-en Roads --title-zh 公路 --criterion 'opened to traffic' --milestone O03-T04-M1:2023-06-30:100:Plan --as D01"
    )

    @Argument(help: "Its id.") var id: String
    @Option(help: "The objective it serves.") var objective: String
    @Option(help: "Its title in English.") var titleEn: String
    @Option(help: "Its title in Chinese.") var titleZh: String
    @Option(help: "What counts as done.") var criterion: String
    @Option(help: "Its weight.") var weight = 1
    @Option(help: "How many pieces of evidence a claim needs.") var evidenceRequired = 0
    @Option(
      help:
        "A milestone of the plan, ID:DATE:WEIGHT:TITLE, or TITLE|标题 in both languages; repeat for more."
    )
    var milestone: [String] = []
    @Flag(name: .customLong("key"), help: "Leadership follows it closely.") var isKey = false
    @Option(help: "How it is classified.") var classification: String?
    @Option(help: "weekly, monthly, quarterly or yearly.") var cycle = "monthly"
    @Option(help: "The task it is part of.") var parent: String?
    @Option(help: "An indicator it is measured by; repeat for more.") var indicator: [String] = []
    @OptionGroup var write: WriteOptions

    func fill(_ draft: inout Draft) throws {
      let milestones = try milestone.map { try Plan.milestone($0, isMandatory: true) }
      draft.add(
        "task.issued", try .task(named: id),
        [
          ("objective", .string(objective)), ("titleEn", .string(titleEn)),
          ("titleZh", .string(titleZh)), ("criterion", .string(criterion)),
          ("weight", .number(weight)), ("evidenceRequired", .number(evidenceRequired)),
          ("milestones", milestones.isEmpty ? nil : .array(milestones)), ("key", .flag(isKey)),
          ("classification", .text(classification)), ("cycle", .string(cycle)),
          ("parent", .text(parent)), ("indicators", .texts(indicator)),
        ])
    }
  }
}

struct Adopt: EventVerb {
  static let configuration = help(
    "adopt-rules", "Put a newer version of the rules in force (governing body).",
    example: "onus adopt-rules 2 --as P00")

  @Argument(help: "The version.") var version: Int
  @OptionGroup var write: WriteOptions

  func fill(_ draft: inout Draft) throws {
    guard version <= Rules.newest else {
      throw Failure(
        "This software knows the rules up to version \(Rules.newest), and could not judge version \(version).",
        hint: "Adopt it with a newer version of Onus.", exit: .refused)
    }
    draft.add("rules.adopted", .none, [("version", .number(version))])
  }
}
