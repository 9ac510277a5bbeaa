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

  /// How each row was read, for machines.
  var json: JSONObject {
    [
      "events": .array(
        events.map { .object(["line": .integer(Int64($0.line)), "event": $0.event.json]) }),
      "remarks": .array(remarks.map { .string($0) }),
    ]
  }

  // MARK: Directory

  /// A directory: one organisation a row (registrar).
  mutating func readDirectory(_ table: Sheet, known: Set<String>) throws {
    try check(table, as: ImportColumns.directory)
    for row in table.rows {
      let id = try row.id("org_id")
      if known.contains(id) {
        remarks.append("\(row.place.lowercased()): \(id) is registered already, left as it is")
        continue
      }
      var aliases = row.optional("aliases_zh").map { [$0] } ?? []
      if let short = row.optional("short_zh"), !aliases.contains(short) { aliases.append(short) }
      add(
        row, "org.registered", try .organisation(named: id),
        [
          ("kind", .string(try row.required("kind"))),
          ("parent", .text(try optionalID(row, "parent_id"))),
          ("nameEn", .string(try row.required("name_en"))),
          ("nameZh", .string(try row.required("name_zh"))), ("aliases", .texts(aliases)),
        ])
    }
  }

  /// The posts that a plan names as answering (registrar): `POST-` and the lead's id.
  mutating func readPosts(_ table: Sheet, known: Set<String>, leads: Set<String>) throws {
    try check(table, as: ImportColumns.posts, sayingUnread: false)
    var seen = known
    for row in table.rows {
      let lead = try Self.lead(of: row, among: leads)
      if known.contains(Self.post(of: lead)) {
        let remark = "\(Self.post(of: lead)) is defined already, left as it is"
        if !remarks.contains(remark) { remarks.append(remark) }
      }
      guard seen.insert(Self.post(of: lead)).inserted else { continue }
      add(
        row, "post.defined", try .organisation(named: lead),
        [
          ("post", .string(Self.post(of: lead))),
          ("titleEn", .string(try row.required("accountable_post_en"))),
          ("titleZh", .string(try row.required("accountable_post_zh"))),
        ])
    }
  }

  /// The organisation that leads the task of a row.
  private static func lead(of row: Sheet.Row, among leads: Set<String>) throws(Failure) -> String {
    let lead = try row.id("lead_org")
    guard leads.contains(lead) else {
      throw Failure(
        "\(row.place): lead_org is \(lead), and no organisation of that id is registered.",
        hint: "Correct it, or register it first: `onus org list` shows those that are.")
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
      let post = Self.post(of: try Self.lead(of: row, among: leads))
      guard posts.contains(post) else {
        throw Failure(
          "\(row.place): there is no post \(post) yet, which answers for this task.",
          hint: "Import the same table with --posts first, signed by the registrar.")
      }
    }
    try readProgramme(table, frame)
    var objectives: Set<String> = []
    for row in table.rows {
      let objective = try row.id("objective_code")
      if objectives.insert(objective).inserted {
        add(
          row, "objective.defined", .none,
          [
            ("id", .string(objective)), ("titleEn", .string(try row.required("objective_en"))),
            ("titleZh", .string(try row.required("objective_zh"))),
          ])
      }
      try readIndicator(row)
      try readTask(row, objective)
    }
  }

  private mutating func readProgramme(_ table: Sheet, _ frame: Frame) throws {
    guard let first = table.rows.first else { throw Failure("The plan has no rows.") }
    let id = try first.id("programme_id")
    if let other = try table.rows.first(where: { try $0.id("programme_id") != id }) {
      throw Failure(
        "\(other.place): programme_id is not \(id), as in the rows above; a table holds one plan.",
        hint: "Split the table by programme_id; a ledger holds one programme.")
    }
    let starts = try table.rows.map { try day($0, "start_date") }
    let ends = try table.rows.map { try day($0, "due_date") }
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

  private mutating func readIndicator(_ row: Sheet.Row) throws {
    guard let id = try optionalID(row, "indicator_code") else { return }
    var targets: [JSONValue] = []
    for column in row.columns(from: "target_") {
      guard let text = row.optional(column.name) else { continue }
      targets.append(
        .object(["period": .string(String(column.rest)), "value": .string(try decimal(text, row))]))
    }
    add(
      row, "indicator.defined", .none,
      [
        ("id", .string(id)), ("titleEn", .string(try row.required("indicator_en"))),
        ("titleZh", .string(try row.required("indicator_zh"))),
        ("unit", .string(try row.required("unit"))),
        ("direction", .string(try direction(row))),
        ("baseline", .string(try decimal(try row.required("baseline"), row))),
        ("targets", targets.isEmpty ? nil : .array(targets)),
      ])
  }

  private mutating func readTask(_ row: Sheet.Row, _ objective: String) throws {
    let id = try row.id("task_code")
    let milestones = try milestones(row)
    let subject = try Event.Subject.task(named: id)
    add(
      row, "task.issued", subject,
      [
        ("objective", .string(objective)), ("titleEn", .string(try row.required("task_en"))),
        ("titleZh", .string(try row.required("task_zh"))),
        ("criterion", .string(try row.required("evidence_en"))),
        ("weight", .integer(try whole(row, "weight", in: 1...1000))),
        ("evidenceRequired", .integer(1)),
        ("milestones", milestones.isEmpty ? nil : .array(milestones)),
        ("key", .flag(row.optional("key_task") == "true")),
        ("classification", .text(row.optional("classification"))),
        ("cycle", .string(try row.required("report_cycle"))),
        ("indicators", .texts(row.optional("indicator_code").map { [$0] } ?? [])),
      ])
    let lead = try row.id("lead_org")
    add(
      row, "task.assigned", subject,
      [
        ("lead", .string(lead)), ("supports", .texts(try row.ids("support_orgs"))),
        ("territories", .texts(try row.ids("city_orgs"))), ("post", .string(Self.post(of: lead))),
        ("start", .string(try row.required("start_date"))),
        ("due", .string(try row.required("due_date"))),
      ])
  }

  /// The milestones of a row, from columns `m1_code`, `m1_en` and so on, which weigh the same
  /// unless `m1_weight` says otherwise.
  private func milestones(_ row: Sheet.Row) throws -> [JSONValue] {
    var prefixes: [String] = []
    for column in row.columns(from: "m") {
      guard let part = ImportColumns.part(of: column.name), row.optional(column.name) != nil else {
        continue
      }
      let prefix = String(column.name.dropLast(part.count + 1))
      guard row.optional("\(prefix)_code") != nil else {
        throw Failure(
          "\(row.place): \(column.name) is filled in, and \(prefix)_code is not, which names the milestone."
        )
      }
      if !prefixes.contains(prefix) { prefixes.append(prefix) }
    }
    let weighs = prefixes.contains { row.optional("\($0)_weight") != nil }
    return try prefixes.enumerated().map { place, prefix in
      // The last takes what does not divide, so that they add up to 100.
      let share = 100 / prefixes.count
      let even = place == prefixes.count - 1 ? 100 - share * place : share
      let weight = weighs ? try whole(row, "\(prefix)_weight", in: 0...100) : Int64(even)
      return .object([
        "id": .string(try row.id("\(prefix)_code")),
        "titleEn": .string(try row.required("\(prefix)_en")),
        "titleZh": .string(try row.required("\(prefix)_zh")),
        "due": .string(try row.required("\(prefix)_due")), "weight": .integer(weight),
        "mandatory": .bool(true),
      ])
    }
  }

  // MARK: Cells

  private func day(_ row: Sheet.Row, _ column: String) throws -> Day {
    let text = try row.required(column)
    guard let day = Day(text) else {
      throw Failure(
        "\(row.place): \(column) is \"\(Terminal.safe(text))\", not a date such as 2023-01-31.")
    }
    return day
  }

  /// A decimal without the zeros that the ledger does not write.
  private mutating func decimal(_ text: String, _ row: Sheet.Row) throws -> String {
    var trimmed = text
    if trimmed.contains(".") {
      while trimmed.hasSuffix("0") { trimmed.removeLast() }
      if trimmed.hasSuffix(".") { trimmed.removeLast() }
    }
    guard TextRules.isDecimal(trimmed) else {
      throw Failure("\(row.place): \"\(Terminal.safe(text))\" is not a decimal number.")
    }
    if trimmed != text {
      remarks.append("\(row.place.lowercased()): \(text) is written \(trimmed)")
    }
    return trimmed
  }

  private func optionalID(_ row: Sheet.Row, _ column: String) throws(Failure) -> String? {
    row.optional(column) == nil ? nil : try row.id(column)
  }

  private func whole(
    _ row: Sheet.Row, _ column: String, in range: ClosedRange<Int64>
  ) throws -> Int64 {
    let text = try row.required(column)
    guard let number = Int64(text), range.contains(number) else {
      throw Failure(
        "\(row.place): \(column) is \"\(Terminal.safe(text))\", not a whole number from \(range.lowerBound) to \(range.upperBound)."
      )
    }
    return number
  }

  private func direction(_ row: Sheet.Row) throws -> String {
    let word = try row.required("direction").replacing("_", with: "-")
    guard Indicator.Direction(rawValue: word) != nil else {
      throw Failure(
        "\(row.place): the direction \"\(Terminal.safe(word))\" is not one of up, down, at-least, at-most, within."
      )
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
