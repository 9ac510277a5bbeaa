internal import Accountability
internal import Cryptography
internal import Encoding
internal import GRDB
internal import Ledger

/// Writes rows, the same ones in a catch-up, after an append and in a rebuild.
struct ViewsWriter {
  private let addEvent: BoundStatement
  private let addVoid: BoundStatement
  private let putRecord: BoundStatement
  private let putSubmission: BoundStatement
  private let putPosition: BoundStatement

  init(_ database: Database) throws {
    addEvent = try BoundStatement(.addEvent, in: database)
    addVoid = try BoundStatement(.addVoid, in: database)
    putRecord = try BoundStatement(.putRecord, in: database)
    putSubmission = try BoundStatement(.putSubmission, in: database)
    putPosition = try BoundStatement(.putPosition, in: database)
  }

  /// The events of an entry, or the refusal that makes it void.
  ///
  /// Events under rules that this version does not know are listed: they are shown, not judged.
  func addEntry(_ index: UInt64, _ entry: Entry?, _ outcome: Outcome) throws {
    if case .void(let refusal) = outcome { return try add(refusal, at: index) }
    guard let entry else { return }
    let author = entry.submission.author.key.description
    for (offset, event) in entry.submission.events.enumerated() {
      addEvent.bind(1, Int64(index * ViewsSchema.eventsPerEntry) + Int64(offset))
      addEvent.bind(2, event.type.rawValue)
      switch event.subject {
      case .none:
        addEvent.bind(3, String?.none)
        addEvent.bind(4, String?.none)
      case .task(let id):
        addEvent.bind(3, id.rawValue)
        addEvent.bind(4, String?.none)
      case .organisation(let id):
        addEvent.bind(3, String?.none)
        addEvent.bind(4, id.rawValue)
      }
      addEvent.bind(5, author)
      addEvent.bind(6, entry.time.milliseconds)
      try addEvent.run()
    }
  }

  /// Where a submission stands that was applied.
  func putSubmission(_ key: String, _ n: UInt64, entry: UInt64) throws {
    putSubmission.bind(1, key)
    putSubmission.bind(2, Int64(n))
    putSubmission.bind(3, Int64(entry))
    try putSubmission.run()
  }

  /// Records in their new state.
  func put(_ records: [(key: StateKey, value: [UInt8])]) throws {
    for record in records { try put(record.key, record.value) }
  }

  /// A record in its new state.
  func put(_ key: StateKey, _ value: [UInt8]) throws {
    putRecord.bind(1, Int64(key.kind.rawValue))
    putRecord.bind(2, key.name)
    putRecord.bind(3, value)
    try putRecord.run()
  }

  /// How far the rows go. Written in the transaction that writes them.
  func put(_ position: StatePosition) throws {
    putPosition.bind(1, Int64(ViewsSchema.version))
    putPosition.bind(2, Int64(Rules.newest))
    putPosition.bind(3, Int64(position.size))
    putPosition.bind(4, position.root.bytes)
    try putPosition.run()
  }

  private func add(_ refusal: Refusal, at index: UInt64) throws {
    addVoid.bind(1, Int64(index))
    addVoid.bind(2, refusal.code.rawValue)
    addVoid.bind(3, refusal.message)
    addVoid.bind(4, refusal.hint)
    addVoid.bind(5, refusal.entry.map { Int64($0) })
    addVoid.bind(6, refusal.event.map { Int64($0) })
    try addVoid.run()
  }
}
