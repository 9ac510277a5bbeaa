internal import Accountability
internal import ArgumentParser
internal import Cryptography
internal import Encoding
internal import Ledger
internal import SQLiteStorage
internal import TransparencyLog
internal import Views

struct TaskCommand: ParsableCommand {
  static let configuration = help(
    "task", "One task: its state, its history, and why its light is what it is.",
    example: "onus task O03-T04 --explain")

  @Argument(help: "The task.") var id: String
  @Flag(help: "Show the numbers behind the light.") var explain = false
  @OptionGroup var read: ReadOptions

  func run() throws {
    guard let id = TaskID(id) else { throw Failure.badID(id, exit: .usage) }
    let reading = try Reading(read)
    guard let task = reading.programme.tasks[id] else {
      throw Failure("There is no task \(id).", hint: "List them with `onus status`.")
    }
    let verdict = reading.verdict(task)
    if read.place.json {
      Answer.json(try json(task, reading, verdict))
      return
    }
    let isChinese = read.lang == .zh
    Answer.table([
      [isChinese ? "任务" : "task", task.id.rawValue],
      [isChinese ? "名称" : "title", isChinese ? task.titleChinese : task.titleEnglish],
      [isChinese ? "状态" : "state", Board.name(task.state, read.lang)],
      [isChinese ? "轮次" : "round", "\(task.round)"],
      [isChinese ? "亮灯" : "light", Board.name(verdict, read.lang)],
      [isChinese ? "牵头单位" : "lead", task.lead?.rawValue ?? "-"],
      [isChinese ? "配合单位" : "supports", task.supports.map(\.rawValue).joined(separator: " ")],
      [isChinese ? "完成时限" : "due", due(task, isChinese)],
    ])
    if explain {
      Terminal.standardOutput("\n")
      for label in verdict.explanation {
        let line = isChinese ? label.chinese : label.english
        Terminal.standardOutput("  \(Terminal.safe(line))\n")
      }
    }
    try printMilestones(task, isChinese)
    try printHistory(task, reading)
    Terminal.standardOutput(reading.clockRemark)
  }

  private func json(
    _ task: Task, _ reading: Reading, _ verdict: LightVerdict
  ) throws -> JSONObject {
    var object = reading.json
    for (key, value) in Board.json(task, reading).members { object[key] = value }
    object["supports"] = .array(task.supports.map { .string($0.rawValue) })
    object["territories"] = .array(task.territories.map { .string($0.rawValue) })
    object["milestones"] = .array(
      task.milestones.map {
        .object([
          "id": .string($0.id.rawValue), "due": .string($0.due.description),
          "state": .string($0.state.rawValue), "titleEn": .string($0.titleEnglish),
          "titleZh": .string($0.titleChinese),
        ])
      })
    if let views = reading.views {
      object["events"] = .array(
        try views.events(of: task.id, before: reading.size).map { LogLine.json($0) })
    }
    if explain { object["explanation"] = verdict.json }
    return object
  }

  private func due(_ task: Task, _ isChinese: Bool) -> String {
    guard let due = task.due else { return "-" }
    guard task.dueDates.count > 1, let first = task.originalDue else { return due.description }
    return isChinese
      ? "\(due)（调整 \(task.dueDates.count - 1) 次，原定 \(first)）"
      : "\(due) (moved \(task.dueDates.count - 1) times, first due \(first))"
  }

  private func printMilestones(_ task: Task, _ isChinese: Bool) throws {
    guard !task.milestones.isEmpty else { return }
    Terminal.standardOutput("\n")
    Answer.table(
      task.milestones.map {
        [
          $0.id.rawValue, $0.due.description, Board.name($0.state, isChinese ? .zh : .en),
          isChinese ? $0.titleChinese : $0.titleEnglish,
        ]
      })
  }

  private func printHistory(_ task: Task, _ reading: Reading) throws {
    guard let views = reading.views else { return }
    Terminal.standardOutput("\n")
    Answer.table(
      try views.events(of: task.id, before: reading.size).map { LogLine.cells($0, read.lang) })
  }
}

struct Log: ParsableCommand {
  static let configuration = help(
    "log", "The newest events, or those of one task.", example: "onus log --count 20")

  @Option(help: "How many.") var count = 30
  @Option(help: "Only of this task.") var task: String?
  @OptionGroup var read: ReadOptions

  func run() throws {
    let reading = try Reading(read)
    guard let views = reading.views else {
      throw Failure(
        "This folder cannot be written, and the log's index cannot be kept in it.",
        hint: "Copy the ledger to a folder of your own.")
    }
    guard count > 0 else { throw Failure("--count takes a number from 1.", exit: .usage) }
    let events: [IndexedEvent]
    if let task {
      guard let id = TaskID(task) else { throw Failure.badID(task, exit: .usage) }
      events = Array(try views.events(of: id, before: reading.size).suffix(count))
    } else {
      events = try views.newestEvents(count, before: reading.size).reversed()
    }
    if read.place.json {
      Answer.json(.array(events.map(LogLine.json)))
    } else {
      Answer.table(events.map { LogLine.cells($0, read.lang) })
      for void in try views.voidEntries(before: reading.size) {
        Terminal.standardOutput(LogLine.text(void, read.lang))
      }
    }
  }
}

struct Show: ParsableCommand {
  static let configuration = help(
    "show", "One entry as it stands in the log, and the sealed texts that can be opened.",
    example: "onus show 412")

  @Argument(help: "The entry's index.") var entry: UInt64
  @Flag(help: "The exact bytes of the entry.") var raw = false
  @Option(help: "The language of headings: en or zh.") var lang: Language = .en
  @OptionGroup var place: LedgerOptions

  func run() throws {
    let folder = try LedgerFolder(place.folder, for: .readOnly)
    let size = try folder.released().checkpoint.size
    // What is not released yet may still be gone after a crash: nobody is shown it.
    guard entry < size, let leaf = try folder.store.entry(entry) else {
      throw Failure("The ledger has no entry \(entry): it has \(size), counted from 0.")
    }
    if raw { return Terminal.standardOutput(leaf) }
    let entry = try Entry(leaf)
    if place.json {
      Answer.json([
        "index": .integer(Int64(clamping: entry.index)), "time": .string(entry.time.description),
        "at": .string(entry.submission.at.description),
        "by": .array(entry.submission.by.map { .string("\($0.key)/\($0.n)") }),
        "seen": .integer(Int64(clamping: entry.submission.seen.size)),
        "events": .array(entry.submission.events.map(\.json)),
      ])
      return
    }
    let submission = entry.submission
    let isChinese = lang == .zh
    let seen = submission.seen.size
    Answer.table([
      [isChinese ? "条目" : "entry", "\(entry.index)"],
      [isChinese ? "记录时间" : "recorded", entry.time.description],
      [isChinese ? "签署时间" : "signed", submission.at.description],
      [
        isChinese ? "签署" : "by",
        submission.by.map { "\($0.key)/\($0.n)" }.joined(separator: " "),
      ],
      [isChinese ? "签署时已见" : "having seen", isChinese ? "\(seen) 条目" : seen.entries],
    ])
    for (number, event) in submission.events.enumerated() {
      let text = String(decoding: CanonicalJSON.write(event.json), as: UTF8.self)
      Terminal.standardOutput("\n\(entry.index).\(number + 1)  \(Terminal.safe(text))\n")
      for seal in event.seals { try printSealed(seal, folder) }
    }
  }

  private func printSealed(_ seal: Seal, _ folder: LedgerFolder) throws {
    guard let stored = try folder.store.opening(seal.commitment) else {
      return Terminal.standardOutput(
        lang == .zh ? "  已密封，此处无法启封\n" : "  sealed, not opened here\n")
    }
    if let text = stored.opening.text {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      for line in lines { Terminal.standardOutput("  | \(Terminal.safe(String(line)))\n") }
    } else {
      let size = seal.size ?? 0
      Terminal.standardOutput(
        lang == .zh
          ? "  已密封 \(seal.media)，\(size) 字节\n" : "  sealed \(seal.media), \(size) bytes\n")
    }
  }
}

extension LightVerdict {
  /// The numbers behind the light, and what they come to in both languages, for machines.
  fileprivate var json: JSONValue {
    var object: JSONObject = [
      "lines": .array(
        explanation.map { .object(["en": .string($0.english), "zh": .string($0.chinese)]) }),
      "acceptedPerMille": .integer(Int64(numbers.accepted)),
      "missedCycles": .array(numbers.missedCycles.map { .string($0.description) }),
      "dueCycles": .integer(Int64(numbers.dueCycles)),
    ]
    object["scheduledPerMille"] = numbers.scheduled.map { .integer(Int64($0)) }
    object["workdaysLeft"] = numbers.workdaysLeft.map { .integer(Int64($0)) }
    object["start"] = numbers.start.map { .string($0.description) }
    return .object(object)
  }
}

/// An event as one line of a history.
enum LogLine {
  static func cells(_ event: IndexedEvent, _ language: Language) -> [String] {
    let label = EventCatalogue.kind(of: event.type)?.declaration.label
    let name = language == .zh ? label?.chinese : label?.english
    return [
      "\(event.entry).\(event.event)", event.time.description, event.author.name,
      task(event.subject), name ?? event.type.rawValue,
    ]
  }

  private static func task(_ subject: Event.Subject) -> String {
    switch subject {
    case .none: ""
    case .organisation(let id): id.rawValue
    case .task(let id): id.rawValue
    }
  }

  /// An entry that does not count, and why.
  static func text(_ void: VoidEntry, _ language: Language) -> String {
    let code = void.refusal.code
    return language == .zh
      ? "第 \(void.entry) 条目无效（\(code.rawValue)）：违反规则“\(FindingCode(code).rule.chinese)”\n"
      : "entry \(void.entry) is void (\(code.rawValue)): \(Terminal.safe(void.refusal.message))\n"
  }

  static func json(_ event: IndexedEvent) -> JSONValue {
    var object: JSONObject = [
      "entry": .integer(Int64(clamping: event.entry)), "event": .integer(Int64(event.event)),
      "time": .string(event.time.description), "type": .string(event.type.rawValue),
      "by": .string(event.author.description),
    ]
    if case .task(let id) = event.subject { object["task"] = .string(id.rawValue) }
    if case .organisation(let id) = event.subject { object["org"] = .string(id.rawValue) }
    return .object(object)
  }
}
