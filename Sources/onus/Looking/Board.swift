internal import Accountability
internal import Encoding

/// The board: tasks with their lights.
enum Board {
  /// What is shown of one task.
  struct Row {
    let light: Light
    let cells: [String]

    init(_ task: Task, _ reading: Reading, _ language: Language) {
      let verdict = reading.verdict(task)
      light = verdict.light
      cells = [
        language.text(verdict.label), task.id.rawValue, language.text(task.state.label),
        task.lead?.rawValue ?? "-", "\(task.donePercent)%", task.due?.description ?? "-",
        Terminal.safe(language == .zh ? task.titleChinese : task.titleEnglish),
      ]
    }
  }

  private static let columns = [
    TableColumn("LIGHT", "灯"), TableColumn("TASK", "任务"), TableColumn("STATE", "状态"),
    TableColumn("LEAD", "牵头"), TableColumn("ACCEPTED", "审定进度"), TableColumn("DUE", "完成时限"),
    TableColumn("TITLE", "名称", wrapped: .text),
  ]

  /// One row a task.
  static func table(_ board: [Row], _ language: Language) -> String {
    let head = TableColumn.head(Self.columns, language)
    let columns = Columns(
      [head] + board.map(\.cells), wrapping: TableColumn.wrapping(Self.columns))
    var lines = columns.lines(head)
    for row in board {
      // Colour after padding, so that escapes take no columns.
      lines += columns.lines(row.cells).map { Terminal.coloured($0, colour(row.light)) }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// How many of each light, and what it was read from.
  static func summary(_ board: [Row], _ reading: Reading, _ language: Language) -> String {
    var counts: [Light: Int] = [:]
    for row in board { counts[row.light, default: 0] += 1 }
    let parts = Light.allCases.compactMap { light in
      counts[light].map { "\(language.text(light.label)) \($0)" }
    }
    let separator = language == .zh ? "，" : ", "
    let source =
      language == .zh
      ? "（依据 \(reading.size) 条目，截至 \(reading.localTime)）"
      : "(from \(reading.size.entries), at \(reading.localTime))"
    let counted = parts.joined(separator: separator)
    let isShort = Terminal.width(of: counted + source) + 2 <= Columns.answerWidth
    return
      "\n\(counted)\(isShort ? (language == .zh ? "" : "  ") : "\n")\(source)\n\(reading.clockRemark)"
  }

  /// A task for machines.
  static func json(_ task: Task, _ reading: Reading) -> JSONObject {
    let verdict = reading.verdict(task)
    var object: JSONObject = [
      "id": .string(task.id.rawValue), "state": .string(task.state.rawValue),
      "light": .string(verdict.light.rawValue), "late": .bool(verdict.isLate),
      "titleEn": .string(task.titleEnglish), "titleZh": .string(task.titleChinese),
      "accepted": .integer(Int64(task.acceptedPercent)),
      "done": .integer(Int64(task.donePercent)),
      "reported": .integer(Int64(task.reportedPercent)), "round": .integer(Int64(task.round)),
    ]
    object["lead"] = task.lead.map { .string($0.rawValue) }
    object["due"] = task.due.map { .string($0.description) }
    object["firstDue"] = task.originalDue.map { .string($0.description) }
    return object
  }

  private static func colour(_ light: Light) -> Terminal.Colour {
    switch light {
    case .red: .red
    case .yellow: .yellow
    case .green: .green
    case .blue: .blue
    case .grey, .black: .grey
    }
  }
}
