internal import Accountability
internal import ArgumentParser
internal import Cryptography
internal import Encoding
internal import Views

struct Status: ParsableCommand {
  static let configuration = help(
    "status", "The board: every task, its light, and how far it is.",
    example: "onus status --as-of 2024-06-30 --lang zh")

  @OptionGroup var read: ReadOptions

  func run() throws {
    let reading = try Reading(read)
    let tasks = reading.programme.allTasks
    if read.place.json {
      var answer = reading.json
      answer["tasks"] = .array(tasks.map { .object(Board.json($0, reading)) })
      return Answer.json(answer)
    }
    guard !tasks.isEmpty else {
      Terminal.standardOutput(read.lang == .zh ? "尚无任务。\n" : "There are no tasks yet.\n")
      Terminal.standardOutput(reading.clockRemark)
      return
    }
    let board = tasks.map { Board.Row($0, reading, read.lang) }
    Terminal.standardOutput(Board.table(board, read.lang))
    Terminal.standardOutput(Board.summary(board, reading, read.lang))
  }
}

struct Overdue: ParsableCommand {
  static let configuration = help(
    "overdue", "What is past its date, and what is due soon.",
    example: "onus overdue --as-of 2024-06-30")

  @Option(help: "Also what is due within so many days.") var within = 30
  @OptionGroup var read: ReadOptions

  func run() throws {
    let reading = try Reading(read)
    let today = reading.time.day(at: reading.programme.charter?.offset ?? .utc)
    let owed = reading.programme.allTasks.filter { task in
      guard let due = task.due, TaskState.open.contains(task.state) else { return false }
      return today.days(until: due) <= within
    }.sorted { ($0.due ?? today, $0.id) < ($1.due ?? today, $1.id) }
    if read.place.json {
      var answer = reading.json
      answer["tasks"] = .array(owed.map { .object(Board.json($0, reading)) })
      return Answer.json(answer)
    }
    guard !owed.isEmpty else {
      Terminal.standardOutput(
        read.lang == .zh
          ? "无逾期任务，\(within) 天内也无任务到期。\n"
          : "Nothing is overdue, or due within \(within) days.\n")
      Terminal.standardOutput(reading.clockRemark)
      return
    }
    var rows = [
      read.lang == .zh
        ? ["任务", "牵头单位", "完成时限", "原定时限", "天数", "名称"]
        : ["TASK", "LEAD", "DUE", "FIRST DUE", "DAYS", "TITLE"]
    ]
    for task in owed {
      let days = task.due.map { today.days(until: $0) } ?? 0
      let first = task.originalDue == task.due ? "" : task.originalDue?.description ?? ""
      rows.append([
        task.id.rawValue, task.lead?.rawValue ?? "-", task.due?.description ?? "-", first,
        days < 0 ? "\(-days) \(read.lang == .zh ? "天逾期" : "late")" : "\(days)",
        read.lang == .zh ? task.titleChinese : task.titleEnglish,
      ])
    }
    Answer.table(rows)
    Terminal.standardOutput(reading.clockRemark)
  }
}

struct Inbox: ParsableCommand {
  static let configuration = help(
    "inbox", "What a unit is expected to do next.", example: "onus inbox --as D02")

  @Option(name: .customLong("as"), help: "The organisation, or a key of it.") var organisation:
    String
  @OptionGroup var read: ReadOptions

  func run() throws {
    // Whoever signs with a key in full looks with it too.
    let name = (try? VerifierKey(organisation).name) ?? KeyName(organisation)?.name ?? organisation
    guard let id = OrganisationID(name) else { throw Failure.badID(organisation, exit: .usage) }
    let reading = try Reading(read)
    guard let unit = reading.programme.organisations[id] else {
      throw Failure("There is no organisation \(id).", hint: "List them with `onus org list`.")
    }
    let items = InboxItem.all(for: unit, in: reading)
    if read.place.json {
      var answer = reading.json
      answer["items"] = .array(items.map(\.json))
      return Answer.json(answer)
    }
    if items.isEmpty {
      Terminal.standardOutput(read.lang == .zh ? "没有待办事项。\n" : "Nothing is waiting for you.\n")
      Terminal.standardOutput(reading.clockRemark)
      return
    }
    Answer.table(
      items.map {
        [
          $0.task.rawValue, read.lang == .zh ? $0.chinese : $0.english,
          $0.citation?.description ?? "", $0.due?.description ?? "",
        ]
      })
    Terminal.standardOutput(reading.clockRemark)
  }
}

/// One thing that waits for somebody.
struct InboxItem {
  let task: TaskID
  let english: String
  let chinese: String
  /// What is to be reviewed or decided, as the verbs take it.
  let citation: Citation?
  let due: Day?

  /// The item for machines, in both languages.
  var json: JSONValue {
    var object: JSONObject = [
      "task": .string(task.rawValue), "en": .string(english), "zh": .string(chinese),
    ]
    object["citation"] = citation.map { .string($0.description) }
    object["due"] = due.map { .string($0.description) }
    return .object(object)
  }

  /// Everything that waits for a unit, in order of task.
  static func all(for unit: Organisation, in reading: Reading) -> [InboxItem] {
    var items: [InboxItem] = []
    for task in reading.programme.allTasks {
      func add(_ english: String, _ chinese: String, _ citation: Citation? = nil) {
        items.append(
          InboxItem(
            task: task.id, english: english, chinese: chinese, citation: citation, due: task.due))
      }
      func addReturned() {
        for period in task.periods where period.status == .returned {
          add(
            "report \(period.period) again: it was returned", "\(period.period) 填报已退回，须重新填报",
            period.citation)
        }
        for milestone in task.milestones where milestone.state == .rejected {
          add(
            "report milestone \(milestone.id) again: it was rejected",
            "节点 \(milestone.id) 已退回，须重新填报", milestone.report)
        }
      }
      if task.lead == unit.id {
        switch task.state {
        case .assigned: add("sign for it or decline it", "签收或提出异议")
        case .accepted: add("plan it", "制定计划")
        case .inProgress: add("report progress", "填报进展")
        default: break
        }
        if TaskState.underWay.contains(task.state) { addReturned() }
      }
      let isSupport = task.supports.contains(unit.id) || task.territories.contains(unit.id)
      if isSupport, !task.confirmed.contains(unit.id), TaskState.underWay.contains(task.state) {
        add("confirm that you support it", "确认配合")
      }
      let mayJudge = !task.parties.contains(unit.id)
      let supervises =
        unit.roles.contains(.supervisor) || task.namedReviewers.contains(unit.id)
      if supervises, mayJudge {
        for period in task.periods where period.status == .filed {
          add(
            "review the report for \(period.period)", "审核 \(period.period) 填报", period.citation)
        }
        for milestone in task.milestones where milestone.state == .reached {
          add("review milestone \(milestone.id)", "审核节点 \(milestone.id)")
        }
        if task.state == .claimed { add("review the claim of completion", "审核完成申报", task.claim) }
        if task.state == .completed { add("close it", "销号") }
      }
      if unit.roles.contains(.issuer) || unit.roles.contains(.governing), mayJudge {
        if let pending = task.pendingExtension {
          add("decide the extension to \(pending.to)", "批复延期至 \(pending.to)", pending.citation)
        }
        if task.state == .disputed { add("rule on the declined assignment", "裁定交办异议") }
      }
    }
    return items
  }
}
