internal import Accountability
internal import Encoding
internal import Spreadsheets

/// Reads the rows of a plan or a directory as events.
///
/// It never guesses what a cell means. Where a table does not say what an event must, it takes what
/// is plainest and says so in a remark, which the import's dry run prints.
struct PlanImport {
  /// Events, with the row each came from.
  private(set) var events: [(line: Int, event: Event)] = []
  /// Remarks on how something was read.
  private(set) var remarks: [String] = []

  /// What is wrong in the table, up to ``ImportProblems/limit``: reading goes on after a mistake, so that
  /// all of them are said at once.
  private(set) var problems = ImportProblems()
  /// How many rows were left as they are, since what they say is there already.
  private(set) var known: [EventType: Int] = [:]

  /// How each row was read, for machines.
  var json: JSONObject {
    [
      "events": .array(
        events.map { .object(["line": .integer(Int64($0.line)), "event": $0.event.json]) }),
      "remarks": .array(remarks.map { .string($0) }),
    ]
  }

  /// What was found wrong beside, where the table was read as something else too.
  mutating func add(_ others: ImportProblems) { problems.note(others) }

  // MARK: Directory

  /// A directory: one organisation a row (registrar).
  mutating func readDirectory(_ table: Sheet, known: Set<String>) throws {
    try check(table, as: ImportColumns.directory)
    for row in table.rows {
      let id = id(row, "org_id")
      if known.contains(id) {
        self.known["org.registered", default: 0] += 1
        remarks.append("\(row.place.lowercased()): \(id) is registered already, left as it is")
        continue
      }
      var aliases = row.optional("aliases_zh").map { [$0] } ?? []
      if let short = row.optional("short_zh"), !aliases.contains(short) { aliases.append(short) }
      add(
        row, "org.registered", organisation(id),
        [
          ("kind", .string(text(row, "kind"))), ("parent", .text(optionalID(row, "parent_id"))),
          ("nameEn", .string(text(row, "name_en"))), ("nameZh", .string(text(row, "name_zh"))),
          ("aliases", .texts(aliases)),
        ])
    }
  }

  /// The posts that a plan names as answering (registrar): `POST-` and the lead's id.
  mutating func readPosts(_ table: Sheet, known: Set<String>, leads: Set<String>) throws {
    try check(table, as: ImportColumns.posts, sayingUnread: false)
    var seen = known
    for row in table.rows {
      let lead = lead(of: row, among: leads)
      if known.contains(Self.post(of: lead)) {
        let remark = "\(Self.post(of: lead)) is defined already, left as it is"
        if !remarks.contains(remark) {
          remarks.append(remark)
          self.known["post.defined", default: 0] += 1
        }
      }
      guard seen.insert(Self.post(of: lead)).inserted else { continue }
      add(
        row, "post.defined", organisation(lead),
        [
          ("post", .string(Self.post(of: lead))),
          ("titleEn", .string(text(row, "accountable_post_en"))),
          ("titleZh", .string(text(row, "accountable_post_zh"))),
        ])
    }
  }

  /// The organisation that leads the task of a row.
  private mutating func lead(of row: Sheet.Row, among leads: Set<String>) -> String {
    let lead = id(row, "lead_org")
    if !lead.isEmpty, !leads.contains(lead) {
      problems.note(
        row.number,
        Failure(
          "\(row.place): lead_org is \(lead), and no organisation of that id is registered.",
          hint: "Correct it, or register it first: `onus org list` shows those that are."))
    }
    return lead
  }

  /// Holds the header against what such a table has, and remarks on what is not read.
  private mutating func check(
    _ table: Sheet, as kind: ImportColumns.Kind, sayingUnread: Bool = true
  ) throws(Failure) {
    let unread = try ImportColumns.check(table, as: kind)
    if sayingUnread, !unread.isEmpty {
      remarks.append("columns that are not read: \(unread.joined(separator: ", "))")
    }
  }

  static func post(of organisation: String) -> String { "POST-\(organisation)" }

  // MARK: Plan

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
    try check(table, as: ImportColumns.plan)
    for row in table.rows {
      let lead = lead(of: row, among: leads)
      if leads.contains(lead), !posts.contains(Self.post(of: lead)) {
        problems.note(
          row.number,
          Failure(
            "\(row.place): there is no post \(Self.post(of: lead)) yet, which answers for this task.",
            hint: "Import the same table with --posts first, signed by the registrar."))
      }
    }
    try readProgramme(table, frame)
    var objectives: Set<String> = []
    for row in table.rows {
      let objective = id(row, "objective_code")
      if objectives.insert(objective).inserted {
        add(
          row, "objective.defined", .none,
          [
            ("id", .string(objective)), ("titleEn", .string(text(row, "objective_en"))),
            ("titleZh", .string(text(row, "objective_zh"))),
          ])
      }
      readIndicator(row)
      readTask(row, objective)
    }
  }

  private mutating func readProgramme(_ table: Sheet, _ frame: Frame) throws {
    guard let first = table.rows.first else { throw Failure("The plan has no rows.") }
    let id = id(first, "programme_id")
    for row in table.rows where self.id(row, "programme_id") != id {
      problems.note(
        row.number,
        Failure(
          "\(row.place): programme_id is not \(id), as in the rows above; a table holds one plan.",
          hint: "Split the table by programme_id; a ledger holds one programme."))
    }
    var (starts, ends): ([Day], [Day]) = ([], [])
    for row in table.rows {
      if let start = day(row, "start_date") { starts.append(start) }
      if let end = day(row, "due_date") { ends.append(end) }
    }
    guard let start = frame.start ?? starts.min(), let end = frame.end ?? ends.max() else { return }
    if frame.titles.english == nil || frame.titles.chinese == nil {
      remarks.append(
        "the plan is called \(id) where --title-en or --title-zh does not say otherwise")
    }
    if frame.start == nil || frame.end == nil {
      remarks.append("the plan runs from \(start) to \(end), as its tasks, --start and --end say")
    }
    remarks.append("its dates are read at \(frame.offset) (--offset)")
    remarks.append(
      "a task's milestones weigh the same unless columns such as m1_weight say otherwise, and all must be reached"
    )
    remarks.append(
      "what completes a task is its evidence_en, and it asks for one piece of evidence")
    add(
      first, "programme.issued", .none,
      [
        ("id", .string(id)), ("titleEn", .string(frame.titles.english ?? id)),
        ("titleZh", .string(frame.titles.chinese ?? id)), ("start", .string(start.description)),
        ("end", .string(end.description)), ("offset", .string(frame.offset)),
      ])
  }

  private mutating func readIndicator(_ row: Sheet.Row) {
    guard let id = optionalID(row, "indicator_code") else { return }
    var targets: [JSONValue] = []
    for column in row.columns(from: "target_") {
      guard let text = row.optional(column.name) else { continue }
      targets.append(
        .object(["period": .string(String(column.rest)), "value": .string(decimal(text, row))]))
    }
    add(
      row, "indicator.defined", .none,
      [
        ("id", .string(id)), ("titleEn", .string(text(row, "indicator_en"))),
        ("titleZh", .string(text(row, "indicator_zh"))), ("unit", .string(text(row, "unit"))),
        ("direction", .string(direction(row))),
        ("baseline", .string(decimal(text(row, "baseline"), row))),
        ("targets", targets.isEmpty ? nil : .array(targets)),
      ])
  }

  private mutating func readTask(_ row: Sheet.Row, _ objective: String) {
    let milestones = milestones(row)
    let subject = TaskID(id(row, "task_code")).map { Event.Subject.task($0) } ?? .none
    add(
      row, "task.issued", subject,
      [
        ("objective", .string(objective)), ("titleEn", .string(text(row, "task_en"))),
        ("titleZh", .string(text(row, "task_zh"))),
        ("criterion", .string(text(row, "evidence_en"))),
        ("weight", .integer(whole(row, "weight", in: 1...1000))),
        ("evidenceRequired", .integer(1)),
        ("milestones", milestones.isEmpty ? nil : .array(milestones)),
        ("key", .flag(row.optional("key_task") == "true")),
        ("classification", .text(row.optional("classification"))),
        ("cycle", .string(text(row, "report_cycle"))),
        ("indicators", .texts(row.optional("indicator_code").map { [$0] } ?? [])),
      ])
    let lead = id(row, "lead_org")
    add(
      row, "task.assigned", subject,
      [
        ("lead", .string(lead)), ("supports", .texts(ids(row, "support_orgs"))),
        ("territories", .texts(ids(row, "city_orgs"))), ("post", .string(Self.post(of: lead))),
        ("start", .string(text(row, "start_date"))), ("due", .string(text(row, "due_date"))),
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
        problems.note(
          row.number,
          Failure(
            "\(row.place): \(column.name) is filled in, and \(prefix)_code is not, which names the milestone."
          ))
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
      let weight = weighs ? whole(row, "\(prefix)_weight", in: 0...100) : Int64(even)
      requireReachable(row, "\(prefix)_due")
      milestones.append(
        .object([
          "id": .string(id(row, "\(prefix)_code")), "titleEn": .string(text(row, "\(prefix)_en")),
          "titleZh": .string(text(row, "\(prefix)_zh")),
          "due": .string(text(row, "\(prefix)_due")), "weight": .integer(weight),
          "mandatory": .bool(true),
        ]))
    }
    return milestones
  }

  /// Notes a milestone that is due when its task is over: nobody could reach it in time.
  private mutating func requireReachable(_ row: Sheet.Row, _ column: String) {
    guard let due = day(row, column), let end = day(row, "due_date"), due > end else { return }
    problems.note(
      row.number,
      Failure(
        "\(row.place): \(column) is \(due), after the task's due_date, \(end).",
        hint: "A milestone is due no later than its task: move one of the two."))
  }

  // MARK: Cells: of what is wrong a note is taken, and something stands in its place

  private mutating func text(_ row: Sheet.Row, _ column: String) -> String {
    problems.noting(row.number) { () throws(Failure) in try row.required(column) } ?? ""
  }

  private mutating func id(_ row: Sheet.Row, _ column: String) -> String {
    problems.noting(row.number) { () throws(Failure) in try row.id(column) } ?? ""
  }

  private mutating func ids(_ row: Sheet.Row, _ column: String) -> [String] {
    problems.noting(row.number) { () throws(Failure) in try row.ids(column) } ?? []
  }

  private mutating func optionalID(_ row: Sheet.Row, _ column: String) -> String? {
    row.optional(column) == nil ? nil : id(row, column)
  }

  private func organisation(_ id: String) -> Event.Subject {
    OrganisationID(id).map { .organisation($0) } ?? .none
  }

  private mutating func day(_ row: Sheet.Row, _ column: String) -> Day? {
    let text = text(row, column)
    guard !text.isEmpty else { return nil }
    let day = Day(text)
    if day == nil {
      problems.note(
        row.number,
        Failure(
          "\(row.place): \(column) is \"\(Terminal.safe(text))\", not a date such as 2023-01-31."
        ))
    }
    return day
  }

  /// A decimal without the zeros that the ledger does not write.
  private mutating func decimal(_ text: String, _ row: Sheet.Row) -> String {
    var trimmed = text
    if trimmed.contains(".") {
      while trimmed.hasSuffix("0") { trimmed.removeLast() }
      if trimmed.hasSuffix(".") { trimmed.removeLast() }
    }
    if !text.isEmpty, !TextRules.isDecimal(trimmed) {
      problems.note(
        row.number,
        Failure("\(row.place): \"\(Terminal.safe(text))\" is not a decimal number."))
    } else if trimmed != text {
      remarks.append("\(row.place.lowercased()): \(text) is written \(trimmed)")
    }
    return trimmed
  }

  private mutating func whole(
    _ row: Sheet.Row, _ column: String, in range: ClosedRange<Int64>
  ) -> Int64 {
    let text = text(row, column)
    if let number = Int64(text), range.contains(number) { return number }
    if !text.isEmpty {
      problems.note(
        row.number,
        Failure(
          "\(row.place): \(column) is \"\(Terminal.safe(text))\", not a whole number from \(range.lowerBound) to \(range.upperBound)."
        ))
    }
    return range.lowerBound
  }

  private mutating func direction(_ row: Sheet.Row) -> String {
    let word = text(row, "direction").replacing("_", with: "-")
    if !word.isEmpty, Indicator.Direction(rawValue: word) == nil {
      problems.note(
        row.number,
        Failure(
          "\(row.place): the direction \"\(Terminal.safe(word))\" is not one of up, down, at-least, at-most, within."
        ))
    }
    return word
  }

  private mutating func add(
    _ row: Sheet.Row, _ type: EventType, _ subject: Event.Subject, _ data: [(String, JSONValue?)]
  ) {
    let members = data.compactMap { member in member.1.map { (member.0, $0) } }
    events.append((row.number, Event(type: type, subject: subject, data: JSONObject(members))))
  }
}
