internal import Accountability
internal import ArgumentParser
internal import Cryptography
internal import Encoding
internal import TransparencyLog
internal import Views

struct Inbox: ParsableCommand {
  static let configuration = help(
    "inbox", "What a unit, or a key of it, is expected to do next.", example: "onus inbox --as D02")

  @Option(
    name: .customLong("as"),
    help: "The organisation, or a key in full: then only what its limits let it do.")
  var organisation: String
  @OptionGroup var read: ReadOptions

  func run() throws {
    let named = (try? VerifierKey(organisation))?.keyName ?? KeyName(organisation)
    let name = named?.name ?? organisation
    guard let id = OrganisationID(name) else { throw Failure.badID(organisation, exit: .usage) }
    let reading = try Reading(
      read, of: Reading.board.union([.contributions]),
      and: named.map { [StateKey(.key, $0.description)] } ?? [])
    guard reading.programme.organisations[id] != nil else {
      throw Failure("There is no organisation \(id).", hint: "List them with `onus org list`.")
    }
    let key = try named.map { try self.key($0, in: reading) }
    let items = try items(for: id, key, in: reading)
    if read.place.json {
      var answer = reading.json
      answer["items"] = .array(items.map { Self.json($0) })
      return Answer.json(answer)
    }
    if items.isEmpty {
      Terminal.standardOutput(read.lang == .zh ? "没有待办事项。\n" : "Nothing is waiting for you.\n")
    } else {
      Answer.table(
        [
          TableColumn("TASK", "任务"), TableColumn("TO DO", "待办", wrapped: .text),
          TableColumn("TASK DUE", "任务时限"), TableColumn("CITED AS", "引用"),
        ], read.lang,
        items.map {
          [
            $0.task.rawValue, read.lang.text($0.sentence), $0.taskDue?.description ?? "-",
            $0.citation?.description ?? "-",
          ]
        })
    }
    Terminal.standardOutput(reading.clockRemark)
  }

  /// The key that looks, if it can still act.
  private func key(_ name: KeyName, in reading: Reading) throws -> EnrolledKey {
    guard let key = reading.programme.keys[name] else {
      throw Failure(
        "The key \(name) was never enrolled in this ledger.",
        hint: "What waits for all of \(name.name) is shown by `onus inbox --as \(name.name)`.")
    }
    guard key.endedAt == nil else {
      throw Failure(
        "The key \(name) stopped counting at entry \(key.endedAt ?? 0), and nothing waits for it.",
        hint: "What waits for all of \(name.name) is shown by `onus inbox --as \(name.name)`.")
    }
    return key
  }

  /// What waits, and of what is to be reviewed whether it was corrected: only those reports are read.
  private func items(
    for id: OrganisationID, _ key: EnrolledKey?, in reading: Reading
  ) throws -> [InboxItem] {
    let items = reading.programme.inbox(of: id, signingWith: key, at: reading.time)
    let reports = Programme.reports(behind: items)
    guard !reports.isEmpty, read.asOf == nil, let views = reading.views else { return items }
    var programme = reading.programme
    for (report, record) in zip(reports, try views.load(reports)) {
      try programme.load(report, record)
    }
    return programme.inbox(of: id, signingWith: key, at: reading.time)
  }

  /// The item for machines, in both languages.
  private static func json(_ item: InboxItem) -> JSONValue {
    var object: JSONObject = [
      "task": .string(item.task.rawValue), "en": .string(item.sentence.english),
      "zh": .string(item.sentence.chinese),
    ]
    object["author"] = item.author.map { .string($0.rawValue) }
    object["citation"] = item.citation.map { .string($0.description) }
    object["due"] = item.taskDue.map { .string($0.description) }
    object["period"] = item.period.map { .string($0.description) }
    object["reportDue"] = item.reportDue.map { .string($0.description) }
    if item.isCorrected { object["corrected"] = .bool(true) }
    return .object(object)
  }
}
