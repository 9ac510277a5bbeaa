internal import Accountability
internal import Encoding
internal import Spreadsheets

/// What an import would do, for people: of each row what it says, and how much of everything there is.
struct ImportSummary {
  private let content: TableImport
  private let language: Language
  private let new: [Event]
  /// What the table says and the ledger has: the rules take it once.
  private let known: [Event]

  /// - Parameter state: What the ledger holds now.
  init(_ content: TableImport, in state: Programme, _ language: Language) {
    (self.content, self.language) = (content, language)
    let events = content.events.map(\.event)
    new = events.filter { !Self.isThere($0, in: state) }
    known = events.filter { Self.isThere($0, in: state) }
  }

  var text: String {
    var lines = content.events.map { row, event in
      Terminal.safe(language.text(row.label) + word(": ", "：") + sentence(event))
    }
    lines += content.cells.remarks.map { Terminal.safe(language.text($0)) }
    let new = Self.kinds.compactMap { kind in
      count(self.new.filter { $0.type == kind.type }, 0, kind)
    }
    let known = Self.kinds.compactMap { kind in
      count(self.known.filter { $0.type == kind.type }, content.known[kind.type] ?? 0, kind)
    }
    let none = word("nothing", "无")
    let separator = word(", ", "、")
    lines += [
      word("new: ", "新增：") + (new.isEmpty ? none : new.joined(separator: separator)),
      word("already there: ", "已有：") + (known.isEmpty ? none : known.joined(separator: separator)),
      word("nothing was written; --json shows the events", "未写入任何内容；--json 列出各事件"),
    ]
    return lines.map { $0 + "\n" }.joined()
  }

  /// What an event would say, as a history tells it.
  private func sentence(_ event: Event) -> String {
    let label = EventCatalogue.kind(of: event.type)?.declaration.label
    let type = label.map { language.text($0) } ?? event.type.rawValue
    let subject: String? =
      switch event.subject {
      case .none: event.data["id"]?.string
      case .organisation(let id): id.rawValue
      case .task(let id): id.rawValue
      }
    let about = subject.map { " \($0)" } ?? ""
    let gist = language.text(event.gist)
    return type + about + (gist.isEmpty ? "" : word(": ", "：") + gist)
  }

  private static func isThere(_ event: Event, in state: Programme) -> Bool {
    let id = event.data["id"]?.string ?? ""
    switch (event.type, event.subject) {
    case ("programme.issued", _): return state.charter?.id.rawValue == id
    case ("objective.defined", _):
      return ObjectiveID(id).map { state.objectives[$0] != nil } ?? false
    case ("indicator.defined", _):
      return IndicatorID(id).map { state.indicators[$0] != nil } ?? false
    case ("task.issued", .task(let id)): return state.tasks[id] != nil
    case ("task.assigned", .task(let id)): return state.tasks[id]?.lead != nil
    default: return false
    }
  }

  private func word(_ english: String, _ chinese: String) -> String {
    language == .zh ? chinese : english
  }

  // MARK: Counting

  private struct Kind {
    let type: EventType
    let one: String
    let many: String
    let chinese: String
  }

  private static let kinds = [
    Kind(type: "org.registered", one: "organisation", many: "organisations", chinese: "个单位"),
    Kind(type: "post.defined", one: "post", many: "posts", chinese: "个岗位"),
    Kind(type: "programme.issued", one: "programme", many: "programmes", chinese: "个方案"),
    Kind(type: "objective.defined", one: "objective", many: "objectives", chinese: "个目标领域"),
    Kind(type: "indicator.defined", one: "indicator", many: "indicators", chinese: "个指标"),
    Kind(type: "task.issued", one: "task", many: "tasks", chinese: "项任务"),
    Kind(type: "task.assigned", one: "assignment", many: "assignments", chinese: "项交办"),
  ]

  private func count(_ events: [Event], _ others: Int, _ kind: Kind) -> String? {
    let number = events.count + others
    guard number > 0 else { return nil }
    let text = word("\(number) \(number == 1 ? kind.one : kind.many)", "\(number) \(kind.chinese)")
    let milestones = events.reduce(0) { $0 + ($1.data["milestones"]?.array?.count ?? 0) }
    guard milestones > 0 else { return text }
    return text + word(" (\(milestones.counted("milestone")))", "（\(milestones) 个节点）")
  }
}
