internal import Accountability
internal import Encoding

/// Reads the rows of a plan or a directory as events. What it reads and why is said by the import's
/// dry run; it never guesses.
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
  mutating func readDirectory(_ table: CSV, known: Set<String>) throws {
    for row in table.rows {
      let id = try row.id("org_id")
      if known.contains(id) {
        remarks.append("line \(row.line): \(id) is registered already, left as it is")
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
  mutating func readPosts(_ table: CSV, known: Set<String>) throws {
    var seen = known
    for row in table.rows {
      let lead = try row.id("lead_org")
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

  static func post(of organisation: String) -> String { "POST-\(organisation)" }

  // MARK: Plan

  /// A plan: one task a row (issuer).
  mutating func readPlan(
    _ table: CSV, titles: (english: String, chinese: String), start: Day, end: Day, offset: String,
    posts: Set<String>
  ) throws {
    for row in table.rows {
      let post = Self.post(of: try row.id("lead_org"))
      guard posts.contains(post) else {
        throw Failure(
          "Line \(row.line): there is no post \(post) yet, which answers for this task.",
          hint: "Import the same table with --posts first, signed by the registrar.")
      }
    }
    guard let first = table.rows.first else { throw Failure("The plan has no rows.") }
    add(
      first, "programme.issued", .none,
      [
        ("id", .string(try first.id("programme_id"))), ("titleEn", .string(titles.english)),
        ("titleZh", .string(titles.chinese)), ("start", .string(start.description)),
        ("end", .string(end.description)), ("offset", .string(offset)),
      ])
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

  private mutating func readIndicator(_ row: CSV.Row) throws {
    guard let id = try optionalID(row, "indicator_code") else { return }
    var targets: [JSONValue] = []
    for year in ["2023", "2024", "2025"] {
      guard let text = row.optional("target_\(year)") else { continue }
      targets.append(.object(["period": .string(year), "value": .string(try decimal(text, row))]))
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

  private mutating func readTask(_ row: CSV.Row, _ objective: String) throws {
    let id = try row.id("task_code")
    var milestones: [JSONValue] = []
    for prefix in ["m1", "m2", "m3"] {
      guard let code = try optionalID(row, "\(prefix)_code") else { continue }
      milestones.append(
        .object([
          "id": .string(code), "titleEn": .string(try row.required("\(prefix)_en")),
          "titleZh": .string(try row.required("\(prefix)_zh")),
          "due": .string(try row.required("\(prefix)_due")),
          "weight": .integer(prefix == "m3" ? 40 : 30), "mandatory": .bool(true),
        ]))
    }
    let subject = try Event.Subject.task(named: id)
    add(
      row, "task.issued", subject,
      [
        ("objective", .string(objective)), ("titleEn", .string(try row.required("task_en"))),
        ("titleZh", .string(try row.required("task_zh"))),
        ("criterion", .string(try row.required("evidence_en"))),
        ("weight", .integer(try whole(row, "weight"))), ("evidenceRequired", .integer(1)),
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

  // MARK: Cells

  /// A decimal without the zeros that the ledger does not write.
  private mutating func decimal(_ text: String, _ row: CSV.Row) throws -> String {
    var trimmed = text
    if trimmed.contains(".") {
      while trimmed.hasSuffix("0") { trimmed.removeLast() }
      if trimmed.hasSuffix(".") { trimmed.removeLast() }
    }
    guard TextRules.isDecimal(trimmed) else {
      throw Failure("Line \(row.line): \"\(Terminal.safe(text))\" is not a decimal number.")
    }
    if trimmed != text { remarks.append("line \(row.line): \(text) is written \(trimmed)") }
    return trimmed
  }

  private func optionalID(_ row: CSV.Row, _ column: String) throws(Failure) -> String? {
    row.optional(column) == nil ? nil : try row.id(column)
  }

  private func whole(_ row: CSV.Row, _ column: String) throws -> Int64 {
    let text = try row.required(column)
    guard let number = Int64(text), (1...1000).contains(number) else {
      throw Failure(
        "Line \(row.line): \(column) is \"\(Terminal.safe(text))\", not a whole number from 1 to 1000."
      )
    }
    return number
  }

  private func direction(_ row: CSV.Row) throws -> String {
    let word = try row.required("direction").replacing("_", with: "-")
    guard Indicator.Direction(rawValue: word) != nil else {
      throw Failure(
        "Line \(row.line): the direction \"\(Terminal.safe(word))\" is not one of up, down, at-least, at-most, within."
      )
    }
    return word
  }

  private mutating func add(
    _ row: CSV.Row, _ type: EventType, _ subject: Event.Subject, _ data: [(String, JSONValue?)]
  ) {
    let members = data.compactMap { member in member.1.map { (member.0, $0) } }
    events.append((row.line, Event(type: type, subject: subject, data: JSONObject(members))))
  }
}
