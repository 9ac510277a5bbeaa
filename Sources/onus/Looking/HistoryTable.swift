internal import Accountability
internal import Cryptography
internal import Encoding
internal import Ledger
internal import SQLiteStorage
internal import Views

/// A history for people: of each event where it stands, when, by whom, about what, and what it said.
struct HistoryTable {
  private let reading: Reading

  init(_ reading: Reading) { self.reading = reading }

  /// Prints one line an event; on a terminal, as much of it as a line takes.
  func show(_ events: some Collection<IndexedEvent>) throws {
    guard !events.isEmpty else { return }
    let head =
      reading.language == .zh
      ? ["事件", "时间", "单位", "对象", "内容"] : ["EVENT", "TIME", "BY", "ABOUT", "WHAT"]
    let rows = try [head] + events.map { try cells($0) }
    for line in Terminal.lines(rows.map { $0.map { Terminal.safe($0) } }) {
      Terminal.standardOutput(Terminal.fitted(line, to: Terminal.columns) + "\n")
    }
  }

  private func cells(_ indexed: IndexedEvent) throws -> [String] {
    let language = reading.language
    let label = EventCatalogue.kind(of: indexed.type)?.declaration.label
    var text = label.map { language.text($0) } ?? indexed.type.rawValue
    let gist = try reading.event(indexed).map { try self.gist(of: $0) } ?? ""
    if !gist.isEmpty { text += (language == .zh ? "：" : ": ") + gist }
    return [
      "\(indexed.entry).\(indexed.event)", "\(indexed.time.description.prefix(16))Z",
      indexed.author.name, Self.name(indexed.subject), text,
    ]
  }

  /// What an event said, and of what: a review says nothing without what it reviews.
  private func gist(of event: Event) throws -> String {
    let said = reading.language.text(event.gist)
    let parts = [try event.cited.map { try self.cited($0) }, said].compactMap { $0 }
    return parts.filter { !$0.isEmpty }.joined(separator: reading.language == .zh ? "，" : ", ")
  }

  /// What is cited, as `onus log` lists it, and which period or milestone that was of. Its figures may
  /// have been corrected since, and are not repeated.
  private func cited(_ citation: Citation) throws -> String {
    guard let entry = try reading.views?.entry(ofSubmission: citation.n, by: citation.key),
      let leaf = try reading.folder.store.entry(entry),
      case let events = try Entry(leaf).submission.events,
      events.indices.contains(citation.event - 1)
    else { return citation.description }
    let place = "\(entry).\(citation.event)"
    let data = events[citation.event - 1].data
    guard let of = data["period"]?.string ?? data["milestone"]?.string else { return place }
    return reading.language == .zh ? "\(place)（\(of)）" : "\(place) (\(of))"
  }

  private static func name(_ subject: Event.Subject) -> String {
    switch subject {
    case .none: ""
    case .organisation(let id): id.rawValue
    case .task(let id): id.rawValue
    }
  }
}
