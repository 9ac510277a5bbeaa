internal import Accountability
internal import ArgumentParser
internal import Encoding
internal import Views

struct TaskCommand: ParsableCommand {
  static let configuration = help(
    "task", "One task: its state, its history, and why its light is what it is.",
    example: "onus task O03-T04 --explain")

  @Argument(help: "The task.") var id: String
  @Flag(help: "Show the numbers behind the light.") var explain = false
  @OptionGroup var read: ReadOptions

  func run() throws {
    guard let id = TaskID(id) else { throw Failure.badID(id, exit: .usage) }
    let reading = try Reading(
      read, of: [.ledger, .charter], and: [StateKey(.task, id.rawValue)])
    guard let task = reading.programme.tasks[id] else {
      throw Failure("There is no task \(id).", hint: "List them with `onus status`.")
    }
    let verdict = reading.verdict(task)
    if read.place.json {
      Answer.json(try json(task, reading, verdict))
      return
    }
    let isChinese = read.lang == .zh
    let why = verdict.reasons.map { isChinese ? $0.sentence.chinese : $0.sentence.english }
    let none = "-"
    Answer.table([
      [isChinese ? "任务" : "task", task.id.rawValue],
      [isChinese ? "名称" : "title", isChinese ? task.titleChinese : task.titleEnglish],
      [isChinese ? "状态" : "state", read.lang.text(task.state.label)],
      [isChinese ? "轮次" : "round", "\(task.round)"],
      [isChinese ? "亮灯" : "light", read.lang.text(verdict.label)],
      [isChinese ? "原因" : "because", why.joined(separator: isChinese ? "；" : "; ")],
      [
        isChinese ? "进度" : "progress",
        isChinese
          ? "审核通过 \(task.donePercent)%，填报 \(task.reportedPercent)%"
          : "accepted \(task.donePercent)%, reported \(task.reportedPercent)%",
      ],
      [isChinese ? "牵头单位" : "lead", task.lead?.rawValue ?? none],
      [isChinese ? "责任岗位" : "post", task.post?.rawValue ?? none],
      [isChinese ? "配合单位" : "supports", Self.list(task.supports)],
      [isChinese ? "实施地区" : "territories", Self.list(task.territories)],
      [isChinese ? "完成时限" : "due", due(task, isChinese)],
    ])
    if explain {
      Terminal.standardOutput("\n")
      for label in verdict.explanation {
        let line = isChinese ? label.chinese : label.english
        Terminal.standardOutput("  \(Terminal.safe(line))\n")
      }
    }
    try printMilestones(task, isChinese)
    try printHistory(task, reading)
    Terminal.standardOutput(reading.clockRemark)
  }

  private static func list(_ organisations: [OrganisationID]) -> String {
    organisations.isEmpty ? "-" : organisations.map(\.rawValue).joined(separator: " ")
  }

  private func json(
    _ task: Task, _ reading: Reading, _ verdict: LightVerdict
  ) throws -> JSONObject {
    var object = reading.json
    for (key, value) in Board.json(task, reading).members { object[key] = value }
    object["supports"] = .array(task.supports.map { .string($0.rawValue) })
    object["territories"] = .array(task.territories.map { .string($0.rawValue) })
    object["milestones"] = .array(
      task.milestones.map {
        .object([
          "id": .string($0.id.rawValue), "due": .string($0.due.description),
          "state": .string($0.state.rawValue), "titleEn": .string($0.titleEnglish),
          "titleZh": .string($0.titleChinese),
        ])
      })
    object["post"] = task.post.map { .string($0.rawValue) }
    if reading.views != nil {
      object["events"] = .array(
        try reading.history(of: task).map { try LogLine.json($0, reading.folder) })
    }
    if explain { object["explanation"] = verdict.json }
    return object
  }

  private func due(_ task: Task, _ isChinese: Bool) -> String {
    guard let due = task.due else { return "-" }
    guard task.dueDates.count > 1, let first = task.originalDue else { return due.description }
    return isChinese
      ? "\(due)（调整 \(task.dueDates.count - 1) 次，原定 \(first)）"
      : "\(due) (moved \((task.dueDates.count - 1).counted("time")), first due \(first))"
  }

  private func printMilestones(_ task: Task, _ isChinese: Bool) throws {
    guard !task.milestones.isEmpty else { return }
    Terminal.standardOutput("\n")
    Answer.table(
      task.milestones.map {
        [
          $0.id.rawValue, $0.due.description, read.lang.text($0.state.label),
          isChinese ? $0.titleChinese : $0.titleEnglish,
        ]
      })
  }

  private func printHistory(_ task: Task, _ reading: Reading) throws {
    guard reading.views != nil else { return }
    Terminal.standardOutput("\n")
    try HistoryTable(reading).show(try reading.history(of: task))
  }
}

extension LightVerdict {
  /// The numbers behind the light, and what they come to in both languages, for machines.
  fileprivate var json: JSONValue {
    var object: JSONObject = [
      "lines": .array(
        explanation.map { .object(["en": .string($0.english), "zh": .string($0.chinese)]) }),
      "acceptedPerMille": .integer(Int64(numbers.accepted)),
      "missedCycles": .array(numbers.missedCycles.map { .string($0.description) }),
      "dueCycles": .integer(Int64(numbers.dueCycles)),
    ]
    object["scheduledPerMille"] = numbers.scheduled.map { .integer(Int64($0)) }
    object["workdaysLeft"] = numbers.workdaysLeft.map { .integer(Int64($0)) }
    object["start"] = numbers.start.map { .string($0.description) }
    return .object(object)
  }
}
