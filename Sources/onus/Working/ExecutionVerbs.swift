internal import Accountability
internal import ArgumentParser
internal import Encoding

/// `INDICATOR=VALUE` pairs as an object.
func indicatorValues(_ pairs: [String]) throws -> JSONValue? {
  if pairs.isEmpty { return nil }
  var object = JSONObject()
  for pair in pairs {
    let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2, IndicatorID(parts[0]) != nil, object[parts[0]] == nil else {
      throw Failure(
        "\(TextRules.quoted(pair)) is not INDICATOR=VALUE, each indicator once.", exit: .usage)
    }
    object[parts[0]] = .string(parts[1])
  }
  return .object(object)
}

struct Progress: EventVerb {
  static let configuration = help(
    "progress", "Report progress for a period (lead; --contribution for a supporting unit).",
    example: "onus progress O03-T04 --period 2024-06 --percent 55 --done 'Pilot finished' --as D02")

  @Argument(help: "The task.") var task: String
  @Option(help: "The period, such as 2024-06, 2024-W26, 2024-Q2 or 2024.") var period: String
  @Option(help: "How much of the whole is done, 0 to 100.") var percent: Int?
  @Option(help: "A value, INDICATOR=VALUE; repeat for more.") var value: [String] = []
  @Option(help: "What was done, sealed.") var done: String?
  @Option(help: "What comes next, sealed.") var next: String?
  @Option(help: "What stands in the way, sealed.") var problems: String?
  @Option(help: "What support is wanted, sealed.") var supportWanted: String?
  @Option(help: "Evidence, as a citation or as ENTRY.EVENT; repeat for more.") var evidence:
    [String] = []
  @Flag(help: "Report a supporting unit's contribution instead.") var contribution = false
  @OptionGroup var write: WriteOptions

  func fill(_ draft: inout Draft) throws {
    if contribution {
      draft.add(
        "contribution.reported", try .task(named: task),
        [
          ("period", .string(period)), ("percent", .number(percent)),
          ("values", try indicatorValues(value)), ("note", try draft.seal(done)),
          ("evidence", try write.citations(evidence)),
        ])
    } else {
      draft.add(
        "progress.reported", try .task(named: task),
        [
          ("period", .string(period)), ("percent", .number(percent)),
          ("values", try indicatorValues(value)), ("done", try draft.seal(done)),
          ("next", try draft.seal(next)), ("problems", try draft.seal(problems)),
          ("supportWanted", try draft.seal(supportWanted)),
          ("evidence", try write.citations(evidence)),
        ])
    }
  }
}

struct Evidence: EventVerb {
  static let configuration = help(
    "evidence", "Attach a file as evidence; its content is sealed.",
    example:
      "onus evidence O03-T04 site.jpg --kind photograph --captured 2024-06-12 --media image/jpeg --as D02"
  )

  @Argument(help: "The task.") var task: String
  @Argument(help: "The file.") var file: String
  @Option(help: "What sort of thing it is.") var kind: String
  @Option(help: "The day it was made.") var captured: String
  @Option(help: "Its media type.") var media = "application/octet-stream"
  @OptionGroup var write: WriteOptions

  func fill(_ draft: inout Draft) throws {
    draft.add(
      "evidence.attached", try .task(named: task),
      [
        ("kind", .string(kind)), ("capturedOn", .string(captured)),
        ("content", try draft.seal(file: file, media: media)),
      ])
  }
}

struct Correct: EventVerb {
  static let configuration = help(
    "correct", "Correct a report of your own; the first words stay visible.",
    example: "onus correct O03-T04 D02+1a2b3c4d/17.1 --percent 50 --reason 'counted twice' --as D02"
  )

  @Argument(help: "The task.") var task: String
  @Argument(help: "The report, as a citation or as `onus log` lists it: ENTRY.EVENT.") var report:
    String
  @Option(help: "The right per cent.") var percent: Int?
  @Option(help: "A right value, INDICATOR=VALUE; repeat for more.") var value: [String] = []
  @Option(help: "Why.") var reason: String
  @Option(help: "Who found it: unit, reviewer, auditor or statistics.") var foundBy = "unit"
  @OptionGroup var write: WriteOptions

  func fill(_ draft: inout Draft) throws {
    draft.add(
      "report.corrected", try .task(named: task),
      [
        ("report", try write.citation(report)), ("percent", .number(percent)),
        ("values", try indicatorValues(value)), ("reason", .string(reason)),
        ("foundBy", .string(foundBy)),
      ])
  }
}

struct Claim: EventVerb {
  static let configuration = help(
    "claim", "Claim that a task is complete (lead).",
    example: "onus claim O03-T04 --value O03-T04-I1=2000 --evidence D02+1a2b3c4d/31.1 --as D02")

  @Argument(help: "The task.") var task: String
  @Option(help: "A value, INDICATOR=VALUE; repeat for more.") var value: [String] = []
  @Option(help: "Evidence, as a citation or as ENTRY.EVENT; repeat for more.") var evidence:
    [String] = []
  @Option(help: "A point of the checklist that holds; repeat for more.") var check: [String] = []
  @OptionGroup var write: WriteOptions

  func fill(_ draft: inout Draft) throws {
    draft.add(
      "completion.claimed", try .task(named: task),
      [
        ("values", try indicatorValues(value)), ("evidence", try write.citations(evidence)),
        ("checklist", .texts(check)),
      ])
  }
}
