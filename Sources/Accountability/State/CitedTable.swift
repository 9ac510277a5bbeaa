internal import Cryptography

/// All records of one kind that events cite, in the encoding in which they are stored.
///
/// There are nearly as many as events, and most are never looked at again. Encoded, one takes a fifth of
/// the memory, and whoever stores or dumps it is handed what lies here. An author's citations run on, so
/// a list in order leads to them: nothing is hashed but the author's key.
///
/// Otherwise it is a ``Table``: whole or a slice, with enough memory to take the last submission back.
public struct CitedTable<Value: Record>: Sendable {
  private struct Slot: Sendable {
    /// The record; `nil` if it was looked for and there is none.
    var bytes: [UInt8]?
    /// Whether the submission under way has changed it.
    var isTouched = false
    /// Whether a submission that took effect has, since the changes were last taken.
    var isChanged = false
  }

  /// What one key has authored, in order.
  private struct Author: Sendable {
    let key: KeyName
    /// Number and event in one: 2^53 numbers of 256 events.
    var ranks: [UInt64] = []
    var slots: [Int] = []
  }

  private var numbers: [KeyName: Int] = [:]
  private var authors: [Author] = []
  private var slots: ContiguousArray<Slot> = []
  private var journal: [(key: Citation, slot: Int, old: [UInt8]?)] = []
  private var changed: [(key: Citation, slot: Int)] = []
  /// How long the record was that was added last: the next will be about as long.
  private var byteCount = 64
  private let isSlice: Bool
  private let notesChanges: Bool
  /// Whether the submission under way could still be taken back.
  var keepsJournal = true

  init(isSlice: Bool, notesChanges: Bool) {
    self.isSlice = isSlice
    self.notesChanges = notesChanges
  }

  /// The record under `key`, decoded.
  public subscript(key: Citation) -> Value? {
    get { place(of: key).flatMap { slots[$0].bytes }.map(Self.decoded) }
    set {
      let bytes = newValue.map { RecordCoder.encode($0) }
      put(bytes, at: place(of: key) ?? slot(for: key), key)
    }
  }

  /// Changes the record under `key`, if there is one.
  mutating func update(_ key: Citation, _ body: (inout Value) -> Void) {
    guard let slot = place(of: key), let bytes = slots[slot].bytes else { return }
    var value = Self.decoded(bytes)
    body(&value)
    put(RecordCoder.encode(value, expecting: bytes.count + 32), at: slot, key)
  }

  /// Adds a record under a citation that is new by its nature; a slice need not have asked for it.
  mutating func create(_ key: Citation, _ value: Value) {
    let bytes = RecordCoder.encode(value, expecting: byteCount)
    byteCount = bytes.count
    put(bytes, at: slot(for: key), key)
  }

  /// How many records are held.
  public var count: Int { slots.count { $0.bytes != nil } }

  /// The records held, decoded, in order of citation.
  public var values: [Value] {
    authors.sorted { $0.key < $1.key }.flatMap { author in
      author.slots.compactMap { slots[$0].bytes.map(Self.decoded) }
    }
  }

  func isLoaded(_ key: Citation) -> Bool { !isSlice || find(key) != nil }

  /// Takes in a record as it is stored, or its absence.
  ///
  /// - Throws: `StateError` if the bytes are not one.
  mutating func load(_ key: Citation, _ bytes: [UInt8]?) throws(StateError) {
    if let bytes { _ = try RecordCoder.decode(Value.self, bytes) }
    slots[slot(for: key)].bytes = bytes
  }

  // MARK: One submission

  mutating func commit() {
    guard !journal.isEmpty else { return }
    for change in journal {
      slots[change.slot].isTouched = false
      noteChange(change.key, change.slot)
    }
    journal.removeAll(keepingCapacity: true)
  }

  mutating func rollBack() {
    guard !journal.isEmpty else { return }
    for change in journal {
      slots[change.slot].bytes = change.old
      slots[change.slot].isTouched = false
    }
    journal.removeAll(keepingCapacity: true)
  }

  // MARK: On the way to storage

  /// Hands over every record held, encoded, under the names that `name` gives, in their order.
  ///
  /// Names begin with the key, and ASCII makes the order of `String` the order of bytes.
  func forEach(
    named name: (Citation) -> StateKey, _ body: (StateKey, [UInt8]) throws -> Void
  ) throws {
    let sorted = authors.map { (name: $0.key.description, author: $0) }.sorted { $0.name < $1.name }
    for (_, author) in sorted {
      var rows = author.ranks.indices.map { index in
        (name: name(Self.citation(author.key, author.ranks[index])), slot: author.slots[index])
      }
      rows.sort { $0.name.name < $1.name.name }
      for row in rows {
        if let bytes = slots[row.slot].bytes { try body(row.name, bytes) }
      }
    }
  }

  /// Calls `body` with every key and record that changed since the last call, in no order.
  mutating func takeChanges(_ body: (Citation, [UInt8]) -> Void) {
    for (key, slot) in changed {
      slots[slot].isChanged = false
      if let bytes = slots[slot].bytes { body(key, bytes) }
    }
    changed.removeAll(keepingCapacity: true)
  }

  // MARK: Places

  private func place(of key: Citation) -> Int? {
    let slot = find(key)
    precondition(slot != nil || !isSlice, "\(Value.self) \(key) was not loaded")
    return slot
  }

  private func find(_ key: Citation) -> Int? {
    guard let number = numbers[key.key] else { return nil }
    let rank = Self.rank(key)
    let place = authors[number].ranks.place(of: rank)
    guard place < authors[number].ranks.count, authors[number].ranks[place] == rank else {
      return nil
    }
    return authors[number].slots[place]
  }

  /// The slot of a citation, which is made if there is none.
  private mutating func slot(for key: Citation) -> Int {
    let number = numbers[key.key] ?? addAuthor(key.key)
    let rank = Self.rank(key)
    let place = authors[number].ranks.place(of: rank)
    if place < authors[number].ranks.count, authors[number].ranks[place] == rank {
      return authors[number].slots[place]
    }
    authors[number].ranks.insert(rank, at: place)
    authors[number].slots.insert(slots.count, at: place)
    slots.append(Slot())
    return slots.count - 1
  }

  private mutating func addAuthor(_ key: KeyName) -> Int {
    numbers[key] = authors.count
    authors.append(Author(key: key))
    return authors.count - 1
  }

  private mutating func put(_ bytes: [UInt8]?, at slot: Int, _ key: Citation) {
    if !keepsJournal {
      noteChange(key, slot)
    } else if !slots[slot].isTouched {
      slots[slot].isTouched = true
      journal.append((key, slot, slots[slot].bytes))
    }
    slots[slot].bytes = bytes
  }

  private mutating func noteChange(_ key: Citation, _ slot: Int) {
    guard notesChanges, !slots[slot].isChanged else { return }
    slots[slot].isChanged = true
    changed.append((key, slot))
  }

  private static func rank(_ key: Citation) -> UInt64 { key.n << 9 | UInt64(key.event) }

  private static func citation(_ key: KeyName, _ rank: UInt64) -> Citation {
    Citation(key: key, n: rank >> 9, event: Int(rank & 0x1FF))
  }

  private static func decoded(_ bytes: [UInt8]) -> Value {
    do {
      return try RecordCoder.decode(Value.self, bytes)
    } catch {
      preconditionFailure("what was encoded or looked at here cannot be read: \(error.message)")
    }
  }
}

extension [UInt64] {
  /// Where `value` stands in this ascending list, or would; most often at its end.
  fileprivate func place(of value: UInt64) -> Int {
    guard let last, value <= last else { return count }
    var range = indices
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      if self[middle] < value {
        range = (middle + 1)..<range.upperBound
      } else {
        range = range.lowerBound..<middle
      }
    }
    return range.lowerBound
  }
}
