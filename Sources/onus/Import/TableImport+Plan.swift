internal import Accountability
internal import Encoding
internal import Spreadsheets

/// A plan: its programme, objectives, indicators and tasks, with their leads.
extension TableImport {
  /// What is said of a plan beside its table; what is not said follows from the rows.
  struct Frame {
    var titles: (english: String?, chinese: String?)
    var start: Day?
    var end: Day?
    var offset: String
  }

  /// A plan: one task a row (issuer).
  mutating func readPlan(
    _ table: Sheet, _ frame: Frame, posts: Set<String>, leads: Set<String>
  ) throws {
    try check(table, as: .plan)
    for row in table.rows {
      let lead = lead(of: row, among: leads)
      if leads.contains(lead), !posts.contains(Self.post(of: lead)) {
        cells.note(
          row, "lead_org",
          "there is no post \(Self.post(of: lead)) yet, which answers for this task.",
          hint: "Import the same table with --posts first, signed by the registrar.")
      }
    }
    try readProgramme(table, frame)
    var objectives: Set<String> = []
    for row in table.rows {
      let objective = cells.id(row, "objective_code")
      if objectives.insert(objective).inserted {
        add(
          row, "objective.defined", .none,
          [
            ("id", .string(objective)), ("titleEn", .string(cells.text(row, "objective_en"))),
            ("titleZh", .string(cells.text(row, "objective_zh"))),
          ])
      }
      readIndicator(row)
      readTask(row, objective)
    }
  }

  private mutating func readProgramme(_ table: Sheet, _ frame: Frame) throws {
    guard let first = table.rows.first else { throw Failure("The plan has no rows.") }
    let id = cells.id(first, "programme_id")
    for row in table.rows where cells.id(row, "programme_id") != id {
      cells.note(
        row, "programme_id",
        "programme_id is not \(id), as in the rows above; a table holds one plan.",
        hint: "Split the table by programme_id; a ledger holds one programme.")
    }
    var (starts, ends): ([Day], [Day]) = ([], [])
    for row in table.rows {
      if let start = cells.day(row, "start_date") { starts.append(start) }
      if let end = cells.day(row, "due_date") { ends.append(end) }
    }
    guard let start = frame.start ?? starts.min(), let end = frame.end ?? ends.max() else { return }
    if frame.titles.english == nil || frame.titles.chinese == nil {
      cells.remark(
        "the plan is called \(id) where --title-en or --title-zh does not say otherwise",
        "未以 --title-en、--title-zh 另行命名之处，方案以其编号 \(id) 为名")
    }
    if frame.start == nil || frame.end == nil {
      cells.remark(
        "the plan runs from \(start) to \(end), as its tasks, --start and --end say",
        "方案自 \(start) 起至 \(end) 止，依据为各项任务及 --start、--end")
    }
    cells.remark(
      "its dates are read at \(frame.offset) (--offset)", "日期按 \(frame.offset) 计（--offset）")
    cells.remark(
      "a task's milestones weigh the same unless columns such as m1_weight say otherwise, and all must be reached",
      "任务的各节点权重相同（m1_weight 等列另有规定的除外），且均须达成")
    cells.remark(
      "what completes a task is its evidence_en, and it asks for one piece of evidence",
      "任务的完成标准取自 evidence_en，并要求一份佐证材料")
    add(
      first, "programme.issued", .none,
      [
        ("id", .string(id)), ("titleEn", .string(frame.titles.english ?? id)),
        ("titleZh", .string(frame.titles.chinese ?? id)), ("start", .string(start.description)),
        ("end", .string(end.description)), ("offset", .string(frame.offset)),
      ])
  }

  private mutating func readIndicator(_ row: Sheet.Row) {
    guard let id = cells.optionalID(row, "indicator_code") else { return }
    var targets: [JSONValue] = []
    for column in row.columns(from: "target_") {
      guard row.optional(column.name) != nil else { continue }
      targets.append(
        .object([
          "period": .string(String(column.rest)), "value": .string(cells.decimal(row, column.name)),
        ]))
    }
    add(
      row, "indicator.defined", .none,
      [
        ("id", .string(id)), ("titleEn", .string(cells.text(row, "indicator_en"))),
        ("titleZh", .string(cells.text(row, "indicator_zh"))),
        ("unit", .string(cells.text(row, "unit"))),
        ("direction", .string(cells.direction(row))),
        ("baseline", .string(cells.decimal(row, "baseline"))),
        ("targets", targets.isEmpty ? nil : .array(targets)),
      ])
  }

  private mutating func readTask(_ row: Sheet.Row, _ objective: String) {
    let milestones = milestones(row)
    let subject = TaskID(cells.id(row, "task_code")).map { Event.Subject.task($0) } ?? .none
    add(
      row, "task.issued", subject,
      [
        ("objective", .string(objective)), ("titleEn", .string(cells.text(row, "task_en"))),
        ("titleZh", .string(cells.text(row, "task_zh"))),
        ("criterion", .string(cells.text(row, "evidence_en"))),
        ("weight", .integer(cells.whole(row, "weight", in: 1...1000))),
        ("evidenceRequired", .integer(1)),
        ("milestones", milestones.isEmpty ? nil : .array(milestones)),
        ("key", .flag(row.optional("key_task") == "true")),
        ("classification", .text(row.optional("classification"))),
        ("cycle", .string(cells.text(row, "report_cycle"))),
        ("indicators", .texts(row.optional("indicator_code").map { [$0] } ?? [])),
      ])
    let lead = cells.id(row, "lead_org")
    add(
      row, "task.assigned", subject,
      [
        ("lead", .string(lead)), ("supports", .texts(cells.ids(row, "support_orgs"))),
        ("territories", .texts(cells.ids(row, "city_orgs"))),
        ("post", .string(Self.post(of: lead))),
        ("start", .string(cells.text(row, "start_date"))),
        ("due", .string(cells.text(row, "due_date"))),
      ])
  }

  /// The milestones of a row, from columns `m1_code`, `m1_en` and so on, which weigh the same
  /// unless `m1_weight` says otherwise.
  private mutating func milestones(_ row: Sheet.Row) -> [JSONValue] {
    var prefixes: [String] = []
    for column in row.columns(from: "m") {
      guard let part = ImportColumns.part(of: column.name), row.optional(column.name) != nil else {
        continue
      }
      let prefix = String(column.name.dropLast(part.count + 1))
      guard row.optional("\(prefix)_code") != nil else {
        cells.note(
          row, "\(prefix)_code",
          "\(column.name) is filled in, and \(prefix)_code is not, which names the milestone.")
        continue
      }
      if !prefixes.contains(prefix) { prefixes.append(prefix) }
    }
    let weighs = prefixes.contains { row.optional("\($0)_weight") != nil }
    var milestones: [JSONValue] = []
    for (place, prefix) in prefixes.enumerated() {
      // The last takes what does not divide, so that they add up to 100.
      let share = 100 / prefixes.count
      let even = place == prefixes.count - 1 ? 100 - share * place : share
      let weight = weighs ? cells.whole(row, "\(prefix)_weight", in: 0...100) : Int64(even)
      requireReachable(row, "\(prefix)_due")
      milestones.append(
        .object([
          "id": .string(cells.id(row, "\(prefix)_code")),
          "titleEn": .string(cells.text(row, "\(prefix)_en")),
          "titleZh": .string(cells.text(row, "\(prefix)_zh")),
          "due": .string(cells.text(row, "\(prefix)_due")), "weight": .integer(weight),
          "mandatory": .bool(true),
        ]))
    }
    return milestones
  }

  /// Notes a milestone that is due when its task is over: nobody could reach it in time.
  private mutating func requireReachable(_ row: Sheet.Row, _ column: String) {
    guard let due = cells.day(row, column), let end = cells.day(row, "due_date"), due > end else {
      return
    }
    cells.note(
      row, column, "\(column) is \(due), after the task's due_date, \(end).",
      hint: "A milestone is due no later than its task: move one of the two.")
  }
}
