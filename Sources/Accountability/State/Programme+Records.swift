internal import Cryptography

extension Programme {
  /// Takes in one record from storage, or its absence.
  ///
  /// - Throws: `StateError` if the bytes are not a record of that kind.
  public mutating func load(_ key: StateKey, _ bytes: [UInt8]?) throws(StateError) {
    switch key.kind {
    case .ledger: ledgerTable.load(Single(), try Self.decoded(bytes))
    case .charter: charterTable.load(Single(), try Self.decoded(bytes))
    case .organisation: organisations.load(ID(unchecked: key.name), try Self.decoded(bytes))
    case .post: posts.load(ID(unchecked: key.name), try Self.decoded(bytes))
    case .key: keys.load(try Self.named(KeyName(key.name)), try Self.decoded(bytes))
    case .keyUse: keyUses.load(key.name, try Self.decoded(bytes))
    case .objective: objectives.load(ID(unchecked: key.name), try Self.decoded(bytes))
    case .indicator: indicators.load(ID(unchecked: key.name), try Self.decoded(bytes))
    case .milestone: milestoneHomes.load(ID(unchecked: key.name), try Self.decoded(bytes))
    case .task: tasks.load(ID(unchecked: key.name), try Self.decoded(bytes))
    case .report: reports.load(try Self.named(Citation(key.name)), try Self.decoded(bytes))
    case .evidence: evidence.load(try Self.named(Citation(key.name)), try Self.decoded(bytes))
    }
  }

  /// The records changed since the last call, encoded, in order of key.
  public mutating func takeChanges() throws(StateError) -> [(key: StateKey, value: [UInt8])] {
    var changes: [(key: StateKey, value: [UInt8])] = []
    for change in ledgerTable.takeChanges() {
      changes.append((.ledger, try RecordCoder.encode(change.value)))
    }
    for change in charterTable.takeChanges() {
      changes.append((.charter, try RecordCoder.encode(change.value)))
    }
    try Self.collect(organisations.takeChanges(), into: &changes) { .organisation($0) }
    try Self.collect(posts.takeChanges(), into: &changes) { .post($0) }
    try Self.collect(keys.takeChanges(), into: &changes) { .key($0) }
    try Self.collect(keyUses.takeChanges(), into: &changes) { StateKey(.keyUse, $0) }
    try Self.collect(objectives.takeChanges(), into: &changes) { .objective($0) }
    try Self.collect(indicators.takeChanges(), into: &changes) { .indicator($0) }
    try Self.collect(milestoneHomes.takeChanges(), into: &changes) { .milestone($0) }
    try Self.collect(tasks.takeChanges(), into: &changes) { .task($0) }
    try Self.collect(reports.takeChanges(), into: &changes) { .report($0) }
    try Self.collect(evidence.takeChanges(), into: &changes) { .evidence($0) }
    return changes
  }

  /// Every record held, encoded, in the order of a dump.
  public func records() throws(StateError) -> [(key: StateKey, value: [UInt8])] {
    var all: [(key: StateKey, value: [UInt8])] = []
    for row in ledgerTable.sorted { all.append((.ledger, try RecordCoder.encode(row.value))) }
    for row in charterTable.sorted { all.append((.charter, try RecordCoder.encode(row.value))) }
    try Self.collect(organisations.sorted, into: &all) { .organisation($0) }
    try Self.collect(posts.sorted, into: &all) { .post($0) }
    try Self.collect(keys.sorted, into: &all) { .key($0) }
    try Self.collect(keyUses.sorted, into: &all) { StateKey(.keyUse, $0) }
    try Self.collect(objectives.sorted, into: &all) { .objective($0) }
    try Self.collect(indicators.sorted, into: &all) { .indicator($0) }
    try Self.collect(milestoneHomes.sorted, into: &all) { .milestone($0) }
    try Self.collect(tasks.sorted, into: &all) { .task($0) }
    try Self.collect(reports.sorted, into: &all) { .report($0) }
    try Self.collect(evidence.sorted, into: &all) { .evidence($0) }
    return all.sorted { $0.key < $1.key }
  }

  func isLoaded(_ key: StateKey) -> Bool {
    switch key.kind {
    case .ledger: ledgerTable.isLoaded(Single())
    case .charter: charterTable.isLoaded(Single())
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
    }
  }

  private static func collect<Key, R: Record>(
    _ rows: [(key: Key, value: R)], into all: inout [(key: StateKey, value: [UInt8])],
    _ name: (Key) -> StateKey
  ) throws(StateError) {
    for row in rows { all.append((name(row.key), try RecordCoder.encode(row.value))) }
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
