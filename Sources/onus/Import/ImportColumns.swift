internal import Encoding
internal import Spreadsheets

/// The columns that a table may have (docs/formats/import.md).
///
/// A table is held against them before a row is read: what is missing is said at once, and what
/// nobody reads is said too, so that no part of a plan is left out in silence.
enum ImportColumns {
  /// What a table is of.
  enum Kind {
    case directory, posts, plan

    var name: String {
      switch self {
      case .directory: "a directory"
      case .posts: "a plan's posts"
      case .plan: "a plan"
      }
    }

    /// What it must have.
    var required: [String] {
      switch self {
      case .directory: ["org_id", "kind", "name_en", "name_zh"]
      case .posts: ["task_code", "lead_org", "accountable_post_en", "accountable_post_zh"]
      case .plan:
        [
          "programme_id", "objective_code", "objective_en", "objective_zh", "task_code", "task_en",
          "task_zh", "lead_org", "start_date", "due_date", "report_cycle", "evidence_en", "weight",
        ]
      }
    }

    /// What it may have.
    var optional: [String] {
      switch self {
      case .directory: ["parent_id", "short_zh", "aliases_zh"]
      case .posts: []
      case .plan:
        [
          "support_orgs", "city_orgs", "indicator_code", "indicator_en", "indicator_zh", "unit",
          "direction", "baseline", "key_task", "classification", "accountable_post_en",
          "accountable_post_zh",
        ]
      }
    }

    /// What it may have more than one of, as a hint names it.
    fileprivate var repeated: [String] {
      self == .plan ? ["target_PERIOD", "m1_code, m1_due, m1_en, m1_zh, m1_weight"] : []
    }
  }

  /// What follows `m1_`, `m2_` and so on.
  static let milestoneParts = ["code", "due", "en", "zh", "weight"]

  /// Where in a table a member of an event's data comes from, if its column has another name.
  static let columnOfMember = [
    "cycle": "report_cycle", "criterion": "evidence_en", "due": "due_date", "start": "start_date",
    "lead": "lead_org", "supports": "support_orgs", "territories": "city_orgs",
    "objective": "objective_code", "nameEn": "name_en", "nameZh": "name_zh", "parent": "parent_id",
    "aliases": "aliases_zh",
  ]

  /// A sentence about an event's data, in the words of the table.
  static func inColumns(_ sentence: String) -> String {
    columnOfMember.reduce(sentence) { sentence, pair in
      sentence.replacing("`data.\(pair.key)`", with: "the column \(pair.value)")
    }
  }

  /// Refuses a table that lacks columns, or whose milestones nobody could read.
  ///
  /// - Returns: The columns that are not read.
  static func check(_ table: Sheet, as kind: Kind) throws(Failure) -> [String] {
    let missing = kind.required.filter { !table.header.contains($0) }
    guard missing.isEmpty else {
      throw Failure(
        "\(table.headerPlace): \(kind.name) needs the columns \(missing.joined(separator: ", ")) too.",
        hint:
          "It may also have \((kind.optional + kind.repeated).joined(separator: ", ")); all are in docs/formats/import.md."
      )
    }
    var unread: [String] = []
    for column in table.header where !(kind.required + kind.optional).contains(column) {
      switch part(of: column) {
      case let part? where kind == .plan:
        guard milestoneParts.contains(part) else {
          throw Failure(
            "\(table.headerPlace): \(TextRules.excerpt(column)) is not a column of a milestone.",
            hint:
              "Those of the first are m1_code, m1_due, m1_en, m1_zh, and m1_weight if it has one.")
        }
      default:
        if kind != .plan || !column.hasPrefix("target_") { unread.append(column) }
      }
    }
    return unread
  }

  /// What follows the number in the name of a milestone's column; `nil` for another column.
  static func part(of column: String) -> String? {
    guard column.hasPrefix("m"), let end = column.firstIndex(of: "_") else { return nil }
    let number = column[column.index(after: column.startIndex)..<end]
    guard !number.isEmpty,
      number.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    return String(column[column.index(after: end)...])
  }
}
