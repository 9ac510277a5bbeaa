internal import Accountability
internal import Encoding
internal import Spreadsheets

/// Reads the rows of a table, a directory or a plan, as events.
///
/// It never guesses what a cell means. Where a table does not say what an event must, it takes what
/// is plainest and says so in a remark, which the import's dry run prints.
struct TableImport {
  /// Events, with the row each came from.
  private(set) var events: [(row: Sheet.Row, event: Event)] = []
  /// Reads cells, and keeps what is wrong with them and what is to be remarked on.
  var cells = CellReader()
  /// How many rows were left as they are, since what they say is there already.
  private(set) var known: [EventType: Int] = [:]

  /// How each row was read, for machines; remarks in a language.
  func json(_ language: Language) -> JSONObject {
    [
      "events": .array(
        events.map { .object(["line": .integer(Int64($0.row.number)), "event": $0.event.json]) }),
      "remarks": .array(cells.remarks.map { .string(language.text($0)) }),
    ]
  }

  // MARK: Directory

  /// A directory: one organisation a row (registrar).
  mutating func readDirectory(_ table: Sheet, known: Set<String>) throws {
    try check(table, as: .directory)
    for row in table.rows {
      let id = cells.id(row, "org_id")
      if known.contains(id) {
        self.known["org.registered", default: 0] += 1
        cells.remark(row, "\(id) is registered already, left as it is", "\(id) 已登记，保持不变")
        continue
      }
      var aliases = row.optional("aliases_zh").map { [$0] } ?? []
      if let short = row.optional("short_zh"), !aliases.contains(short) { aliases.append(short) }
      add(
        row, "org.registered", OrganisationID(id).map { .organisation($0) } ?? .none,
        [
          ("kind", .string(cells.text(row, "kind"))),
          ("parent", .text(cells.optionalID(row, "parent_id"))),
          ("nameEn", .string(cells.text(row, "name_en"))),
          ("nameZh", .string(cells.text(row, "name_zh"))),
          ("aliases", .texts(aliases)),
        ])
    }
  }

  /// The posts that a plan names as answering (registrar): `POST-` and the lead's id.
  mutating func readPosts(_ table: Sheet, known: Set<String>, leads: Set<String>) throws {
    try check(table, as: .posts, sayingUnread: false)
    var seen: Set<String> = []
    for row in table.rows {
      let lead = lead(of: row, among: leads)
      let post = Self.post(of: lead)
      guard seen.insert(post).inserted else { continue }
      guard !known.contains(post) else {
        self.known["post.defined", default: 0] += 1
        cells.remark(
          "\(post) is defined already, left as it is", "岗位 \(post) 已设定，保持不变")
        continue
      }
      add(
        row, "post.defined", OrganisationID(lead).map { .organisation($0) } ?? .none,
        [
          ("post", .string(post)),
          ("titleEn", .string(cells.text(row, "accountable_post_en"))),
          ("titleZh", .string(cells.text(row, "accountable_post_zh"))),
        ])
    }
  }

  /// The organisation that leads the task of a row.
  mutating func lead(of row: Sheet.Row, among leads: Set<String>) -> String {
    let lead = cells.id(row, "lead_org")
    if !lead.isEmpty, !leads.contains(lead) {
      cells.note(
        row, "lead_org", "lead_org is \(lead), and no organisation of that id is registered.",
        hint: "Correct it, or register it first: `onus org list` shows those that are.")
    }
    return lead
  }

  /// Holds the header against what such a table has, and remarks on what is not read.
  mutating func check(
    _ table: Sheet, as kind: ImportColumns.Kind, sayingUnread: Bool = true
  ) throws(Failure) {
    let unread = try ImportColumns.check(table, as: kind).map { TextRules.excerpt($0) }
    if sayingUnread, !unread.isEmpty {
      cells.remark(
        "columns that are not read: \(unread.joined(separator: ", "))",
        "未读取的列：\(unread.joined(separator: "、"))")
    }
  }

  static func post(of organisation: String) -> String { "POST-\(organisation)" }

  mutating func add(
    _ row: Sheet.Row, _ type: EventType, _ subject: Event.Subject, _ data: [(String, JSONValue?)]
  ) {
    let members = data.compactMap { member in member.1.map { (member.0, $0) } }
    events.append((row, Event(type: type, subject: subject, data: JSONObject(members))))
  }
}
