public import Accountability
internal import Cryptography
internal import Encoding
internal import FoundationEssentials
internal import GRDB
public import Ledger

extension ViewStore {
  /// The folded state, as far as these kinds of record go; the tables of the others are empty.
  ///
  /// One read of the file, so one state of it. Costs what the records of these kinds cost to decode:
  /// leave out reports and evidence where they are not shown.
  ///
  /// - Parameter keys: Records of other kinds that are wanted too.
  public func programme(
    of kinds: Set<StateKey.Kind> = Set(StateKey.Kind.allCases), and keys: [StateKey] = []
  ) throws(StorageError) -> Programme {
    try asking { db in
      try db.inSnapshot {
        let statement = try db.cachedStatement(sql: ViewsStatement.records.rawValue)
        var programme = Programme()
        for kind in kinds.sorted(by: { $0.rawValue < $1.rawValue }) {
          let rows = try Row.fetchCursor(statement, arguments: [Int64(kind.rawValue)])
          while let row = try rows.next() {
            try programme.load(
              StateKey(kind, try row.decode(atIndex: 0)),
              [UInt8](try row.decode(Data.self, atIndex: 1)))
          }
        }
        for (key, bytes) in zip(keys, try db.records(keys)) { try programme.load(key, bytes) }
        return programme
      }
    }
  }

  /// The events of a task among the first `size` entries, oldest first.
  public func events(
    of task: TaskID, before size: UInt64? = nil
  ) throws(StorageError) -> [IndexedEvent] {
    try asking { db in
      try db.events(.eventsOfTask, [task.rawValue, Self.place(size)])
    }
  }

  /// The newest events of a task, newest first.
  public func newestEvents(_ count: Int, of task: TaskID) throws(StorageError) -> [IndexedEvent] {
    try asking { db in try db.events(.newestEventsOfTask, [task.rawValue, count]) }
  }

  /// The events about an organisation among the first `size` entries, oldest first.
  public func events(
    of organisation: OrganisationID, before size: UInt64? = nil
  ) throws(StorageError) -> [IndexedEvent] {
    try asking { db in
      try db.events(.eventsOfOrganisation, [organisation.rawValue, Self.place(size)])
    }
  }

  /// The newest events among the first `size` entries, newest first.
  public func newestEvents(
    _ count: Int, before size: UInt64? = nil
  ) throws(StorageError) -> [IndexedEvent] {
    try asking { db in try db.events(.newestEvents, [Self.place(size), count]) }
  }

  /// The void ones among the first `size` entries, in order, and why.
  public func voidEntries(before size: UInt64? = nil) throws(StorageError) -> [VoidEntry] {
    try asking { db in
      let statement = try db.cachedStatement(sql: ViewsStatement.voids.rawValue)
      let bound = size.map { Int64(clamping: $0) } ?? .max
      return try Row.fetchAll(statement, arguments: [bound]).map { row in
        guard let code = Refusal.Code(rawValue: try row.decode(atIndex: 1)) else {
          throw Self.damaged("a refusal")
        }
        let cause = try row.decode(Int64?.self, atIndex: 4)
        return VoidEntry(
          entry: UInt64(bitPattern: try row.decode(Int64.self, atIndex: 0)),
          refusal: Refusal(
            code, try row.decode(atIndex: 2), hint: try row.decode(atIndex: 3),
            entry: cause.map { UInt64(bitPattern: $0) }, event: try row.decode(atIndex: 5)))
      }
    }
  }

  static func damaged(_ what: String) -> StorageError {
    StorageError(
      .damaged, "The views hold \(what) that cannot be read.",
      hint: "Run `onus views rebuild`; nothing is lost.")
  }

  /// The place of the first event of an entry.
  private static func place(_ entry: UInt64?) -> Int64 {
    guard let entry, entry < UInt64(Int64.max) / ViewsSchema.eventsPerEntry else { return .max }
    return Int64(entry * ViewsSchema.eventsPerEntry)
  }
}

extension Database {
  /// Runs `body` on one state of the file.
  func inSnapshot<R>(_ body: () throws -> R) throws -> R {
    guard !isInsideTransaction else { return try body() }
    try beginTransaction(.deferred)
    defer { try? commit() }
    return try body()
  }

  fileprivate func events(
    _ statement: ViewsStatement, _ arguments: StatementArguments
  ) throws -> [IndexedEvent] {
    try Row.fetchAll(cachedStatement(sql: statement.rawValue), arguments: arguments).map { row in
      let place = UInt64(bitPattern: try row.decode(Int64.self, atIndex: 0))
      let task = try row.decode(String?.self, atIndex: 2).map {
        TaskID($0).map { Event.Subject.task($0) }
      }
      let org = try row.decode(String?.self, atIndex: 3).map {
        OrganisationID($0).map { Event.Subject.organisation($0) }
      }
      guard let subject = task ?? org ?? Event.Subject.none,
        let author = KeyName(try row.decode(atIndex: 4))
      else { throw ViewStore.damaged("an event") }
      return IndexedEvent(
        entry: place / ViewsSchema.eventsPerEntry,
        event: Int(place % ViewsSchema.eventsPerEntry) + 1,
        type: EventType(try row.decode(atIndex: 1)), subject: subject, author: author,
        time: Timestamp(milliseconds: try row.decode(atIndex: 5)))
    }
  }
}
