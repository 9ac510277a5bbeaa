internal import Accountability
internal import ArgumentParser
internal import Cryptography
internal import Encoding
internal import Ledger
internal import SQLiteStorage
internal import Views

struct Log: ParsableCommand {
  static let configuration = help(
    "log", "The newest events, or those of one task or organisation.",
    example: "onus log O03-T04 --count 20")

  @Argument(help: "A task, or an organisation; else everything.") var id: String?
  @Option(help: "How many.") var count = 30
  @OptionGroup var read: ReadOptions

  func run() throws {
    let reading = try Reading(read)
    guard let views = reading.views else {
      throw Failure(
        "This folder cannot be written, and the log's index cannot be kept in it.",
        hint: "Copy the ledger to a folder of your own.")
    }
    guard count > 0 else { throw Failure("--count takes a number from 1.", exit: .usage) }
    let events = Array(
      try id.map { try history(of: $0, in: reading) }
        ?? views.newestEvents(count, before: reading.size).reversed()
    ).suffix(count)
    if read.place.json {
      Answer.json(.array(try events.map { try LogLine.json($0, reading.folder) }))
    } else {
      try HistoryTable(reading).show(events)
      for void in try views.voidEntries(before: reading.size) {
        Terminal.standardOutput(LogLine.text(void, read.lang))
      }
      Terminal.standardOutput(reading.clockRemark)
    }
  }

  private func history(of id: String, in reading: Reading) throws -> [IndexedEvent] {
    if let task = TaskID(id).flatMap({ reading.programme.tasks[$0] }) {
      return try reading.history(of: task)
    }
    guard let organisation = OrganisationID(id) else { throw Failure.badID(id, exit: .usage) }
    guard reading.programme.organisations[organisation] != nil else {
      throw Failure(
        "There is no task or organisation \(id).",
        hint: "List them with `onus status` and `onus org list`.")
    }
    return try reading.views?.events(of: organisation, before: reading.size) ?? []
  }
}

extension Reading {
  /// What happened to a task, oldest first: the events about it, and the handovers that took it along.
  func history(of task: Task) throws -> [IndexedEvent] {
    guard let views else { return [] }
    let handovers = try task.parties.flatMap { try views.events(of: $0, before: size) }
      .filter { try $0.type == "duty.handed-over" && takes(task.id, along: $0) }
    let events = try views.events(of: task.id, before: size)
    guard !handovers.isEmpty else { return events }
    return (events + handovers).sorted { ($0.entry, $0.event) < ($1.entry, $1.event) }
  }

  private func takes(_ task: TaskID, along handover: IndexedEvent) throws -> Bool {
    let items = try event(handover)?.data["openItems"]?.array ?? []
    return items.contains { $0.string == task.rawValue }
  }

  /// An event as it stands in the log; `nil` if the views name one that is not there.
  func event(_ indexed: IndexedEvent) throws -> Event? {
    guard let leaf = try folder.store.entry(indexed.entry) else { return nil }
    let events = try Entry(leaf).submission.events
    return events.indices.contains(indexed.event - 1) ? events[indexed.event - 1] : nil
  }
}

/// An event, or what is no event, as one line of a history.
enum LogLine {
  /// An entry that does not count, and why.
  static func text(_ void: VoidEntry, _ language: Language) -> String {
    let code = void.refusal.code
    return language == .zh
      ? "第 \(void.entry) 条目无效（\(code.rawValue)）：违反规则“\(FindingCode(code).rule.chinese)”\n"
      : "entry \(void.entry) is void (\(code.rawValue)): \(Terminal.safe(void.refusal.message))\n"
  }

  static func json(_ event: IndexedEvent, _ folder: LedgerFolder) throws -> JSONValue {
    let citation = try folder.citation(of: event.event, in: event.entry)
    var object: JSONObject = [
      "citation": .string(citation.description),
      "entry": .integer(Int64(clamping: event.entry)), "event": .integer(Int64(event.event)),
      "time": .string(event.time.description), "type": .string(event.type.rawValue),
      "by": .string(event.author.description),
    ]
    if case .task(let id) = event.subject { object["task"] = .string(id.rawValue) }
    if case .organisation(let id) = event.subject { object["org"] = .string(id.rawValue) }
    if let leaf = try folder.store.entry(event.entry) {
      object["data"] = .object(try Entry(leaf).submission.events[event.event - 1].data)
    }
    return .object(object)
  }
}
