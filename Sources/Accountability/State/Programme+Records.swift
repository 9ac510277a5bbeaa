internal import Cryptography

extension Programme {
  /// Takes in one record from storage, or its absence.
  ///
  /// - Throws: `StateError` if the bytes are not a record of that kind.
  public mutating func load(_ key: StateKey, _ bytes: [UInt8]?) throws(StateError) {
    acting = nil
    switch key.kind {
    case .ledger: ledgerCell.load(try Self.decoded(bytes))
    case .charter: charterCell.load(try Self.decoded(bytes))
    case .organisation: organisations.load(ID(unchecked: key.name), try Self.decoded(bytes))
    case .post: posts.load(ID(unchecked: key.name), try Self.decoded(bytes))
    case .key: keys.load(try Self.named(KeyName(key.name)), try Self.decoded(bytes))
    case .keyUse: keyUses.load(key.name, try Self.decoded(bytes))
    case .objective: objectives.load(ID(unchecked: key.name), try Self.decoded(bytes))
    case .indicator: indicators.load(ID(unchecked: key.name), try Self.decoded(bytes))
    case .milestone: milestoneHomes.load(ID(unchecked: key.name), try Self.decoded(bytes))
    case .task: tasks.load(ID(unchecked: key.name), try Self.decoded(bytes))
    case .report: try reports.load(try Self.named(Citation(key.name)), bytes)
    case .evidence: try evidence.load(try Self.named(Citation(key.name)), bytes)
    case .contributions:
      openContributions.load(try Self.named(Contributor(key.name)), try Self.decoded(bytes))
    }
  }

  /// The records changed since the last call, encoded, in order of key.
  ///
  /// Only of a state that notes them.
  public mutating func takeChanges() -> [(key: StateKey, value: [UInt8])] {
    var rows = EncodedRows()
    if let value = ledgerCell.takeChange() { rows.add(.ledger, value) }
    if let value = charterCell.takeChange() { rows.add(.charter, value) }
    organisations.takeChanges { rows.add(.organisation($0), $1) }
    posts.takeChanges { rows.add(.post($0), $1) }
    keys.takeChanges { rows.add(.key($0), $1) }
    keyUses.takeChanges { rows.add(StateKey(.keyUse, $0), $1) }
    objectives.takeChanges { rows.add(.objective($0), $1) }
    indicators.takeChanges { rows.add(.indicator($0), $1) }
    milestoneHomes.takeChanges { rows.add(.milestone($0), $1) }
    tasks.takeChanges { rows.add(.task($0), $1) }
    reports.takeChanges { rows.add(.report($0), encoded: $1) }
    evidence.takeChanges { rows.add(.evidence($0), encoded: $1) }
    openContributions.takeChanges { rows.add(.contributions($0), $1) }
    return rows.sorted
  }

  /// Every record held, encoded, in the order of a dump.
  public func records() throws -> [(key: StateKey, value: [UInt8])] {
    var all: [(key: StateKey, value: [UInt8])] = []
    try forEachRecord { all.append(($0, $1)) }
    return all
  }

  /// Hands over every record held, encoded, in the order of a dump: by kind, then by name.
  public func forEachRecord(_ body: (StateKey, [UInt8]) throws -> Void) throws {
    if let ledger { try body(.ledger, RecordCoder.encode(ledger)) }
    if let charter { try body(.charter, RecordCoder.encode(charter)) }
    try organisations.forEach(named: StateKey.organisation, body)
    try posts.forEach(named: StateKey.post, body)
    try keys.forEach(named: StateKey.key, body)
    try keyUses.forEach(named: { StateKey(.keyUse, $0) }, body)
    try objectives.forEach(named: StateKey.objective, body)
    try indicators.forEach(named: StateKey.indicator, body)
    try milestoneHomes.forEach(named: StateKey.milestone, body)
    try tasks.forEach(named: StateKey.task, body)
    try reports.forEach(named: StateKey.report, body)
    try evidence.forEach(named: StateKey.evidence, body)
    try openContributions.forEach(named: StateKey.contributions, body)
  }

  func isLoaded(_ key: StateKey) -> Bool {
    switch key.kind {
    case .ledger: ledgerCell.isLoaded
    case .charter: charterCell.isLoaded
    case .organisation: organisations.isLoaded(ID(unchecked: key.name))
    case .post: posts.isLoaded(ID(unchecked: key.name))
    case .key: KeyName(key.name).map { keys.isLoaded($0) } ?? true
    case .keyUse: keyUses.isLoaded(key.name)
    case .objective: objectives.isLoaded(ID(unchecked: key.name))
    case .indicator: indicators.isLoaded(ID(unchecked: key.name))
    case .milestone: milestoneHomes.isLoaded(ID(unchecked: key.name))
    case .task: tasks.isLoaded(ID(unchecked: key.name))
    case .report: Citation(key.name).map { reports.isLoaded($0) } ?? true
    case .evidence: Citation(key.name).map { evidence.isLoaded($0) } ?? true
    case .contributions: Contributor(key.name).map { openContributions.isLoaded($0) } ?? true
    }
  }

  private static func decoded<R: Record>(_ bytes: [UInt8]?) throws(StateError) -> R? {
    guard let bytes else { return nil }
    return try RecordCoder.decode(R.self, bytes)
  }

  private static func named<Key>(_ key: Key?) throws(StateError) -> Key {
    guard let key else { throw StateError(message: "A stored record has an impossible key.") }
    return key
  }
}

/// Records on their way to storage.
private struct EncodedRows {
  private var rows: [(key: StateKey, value: [UInt8])] = []

  mutating func add(_ key: StateKey, _ record: some Record) {
    add(key, encoded: RecordCoder.encode(record))
  }

  mutating func add(_ key: StateKey, encoded value: [UInt8]) { rows.append((key, value)) }

  var sorted: [(key: StateKey, value: [UInt8])] { rows.sorted { $0.key < $1.key } }
}
