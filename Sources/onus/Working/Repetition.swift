internal import Accountability
internal import Cryptography
internal import Encoding
internal import Ledger
internal import SQLiteStorage
internal import TransparencyLog
internal import Views

/// Whether somebody says of a task what they said last, word for word: the rules let them, and mostly it
/// is a command that was repeated.
struct Repetition {
  /// How many events of a task are looked back on: a command is repeated soon or not at all, and what an
  /// append costs must not grow with the ledger.
  private static let reach = 32

  private let folder: LedgerFolder
  private let views: ViewStore

  init(in folder: LedgerFolder, _ views: ViewStore) {
    (self.folder, self.views) = (folder, views)
  }

  /// Notes to a person, one for each event that is said over again.
  ///
  /// - Parameter openings: Of what the events seal: the same text has another seal every time.
  func notes(
    on events: [Event], by author: KeyName, _ openings: [Opening]
  ) throws -> [String] {
    let brought = Dictionary(
      openings.map { ($0.commitment(by: author), $0) }, uniquingKeysWith: { first, _ in first })
    return try events.compactMap { event in
      guard case .task(let task) = event.subject,
        let earlier = try earlier(event, of: task, by: author),
        let said = try Self.words(event, { brought[$0] }),
        let saidBefore = try Self.words(
          earlier.event, { try folder.store.opening($0)?.opening }), said == saidBefore
      else { return nil }
      return
        "This repeats word for word what \(author.name) recorded last about \(task), in \(earlier.place.entry).\(earlier.place.event) at \(earlier.place.time)."
    }
  }

  /// The last event of that type that the same organisation recorded about the same task, unless it was
  /// answered since.
  private func earlier(
    _ event: Event, of task: TaskID, by author: KeyName
  ) throws -> (place: IndexedEvent, event: Event)? {
    let history = Array(try views.newestEvents(Self.reach, of: task).reversed())
    guard
      let last = history.lastIndex(where: {
        $0.type == event.type && $0.author.name == author.name
      }), let said = try self.event(history[last])
    else { return nil }
    let place = history[last]
    let citation = try folder.citation(of: place.event, in: place.entry)
    let isAnswered = try history[(last + 1)...].contains { later in
      guard let answer = try self.event(later) else { return false }
      // What is decided of a milestone names it, and cites no event.
      let isOfMilestone =
        said.data["milestone"] != nil && answer.data["milestone"] == said.data["milestone"]
        && later.author.name != author.name
      return answer.cited == citation || isOfMilestone
    }
    return isAnswered ? nil : (place, said)
  }

  private func event(_ indexed: IndexedEvent) throws -> Event? {
    guard let leaf = try folder.store.entry(indexed.entry) else { return nil }
    let events = try Entry(leaf).submission.events
    return events.indices.contains(indexed.event - 1) ? events[indexed.event - 1] : nil
  }

  /// What an event says, with what is sealed in the place of its seals; `nil` where that is not here.
  private static func words(
    _ event: Event, _ opening: (Digest) throws -> Opening?
  ) throws -> JSONValue? {
    try event.data { seal in
      try opening(seal.commitment).map {
        .string(Base64.encode(SHA256.hash($0.content).bytes))
      }
    }
  }
}
