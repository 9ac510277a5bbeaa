internal import Accountability
internal import ArgumentParser
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
    let columns = [
      TableColumn("TASK", "任务"), TableColumn("LEAD", "牵头单位"), TableColumn("DUE", "完成时限"),
      TableColumn("FIRST DUE", "原定时限"), TableColumn("DAYS", "天数"),
      TableColumn("TITLE", "名称", wrapped: .text),
    ]
    var rows: [[String]] = []
    for task in owed {
      let days = task.due.map { today.days(until: $0) } ?? 0
      let first = task.originalDue == task.due ? "" : task.originalDue?.description ?? ""
      rows.append([
        task.id.rawValue, task.lead?.rawValue ?? "-", task.due?.description ?? "-", first,
        days < 0 ? "\(-days) \(read.lang == .zh ? "天逾期" : "late")" : "\(days)",
        read.lang == .zh ? task.titleChinese : task.titleEnglish,
      ])
    }
    Answer.table(columns, read.lang, rows)
    Terminal.standardOutput(reading.clockRemark)
  }
}
