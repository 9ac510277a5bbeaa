internal import Cryptography

/// All records of one kind that events cite, in the encoding in which they are stored.
///
/// There are nearly as many as events, and most are never looked at again. Encoded, one takes a tenth of
/// the memory, and whoever stores or dumps it is handed what lies here. An author's citations run on, so
/// a list in order leads to them: nothing is hashed but the author's key.
///
/// Otherwise it is a ``Table``: whole or a slice, with enough memory to take the last submission back.
public struct CitedTable<Value: Record>: Sendable {
  /// What one key has authored, in order.
  private struct Author: Sendable {
    let key: KeyName
    /// Number and event in one: 2^53 numbers of 256 events.
    var ranks: [UInt64] = []
    var slots: [UInt32] = []
  }

  private var numbers: [KeyName: Int] = [:]
  private var authors: [Author] = []
  /// Where the records lie.
  private var slots: ContiguousArray<RecordHeap.Place> = []
  private var heap = RecordHeap()
  private var changes: ChangeLog<Citation, RecordHeap.Place>
  /// How long the record was that was added last: the next will be about as long.
  private var byteCount = 64
  private let isSlice: Bool

  init(isSlice: Bool, notesChanges: Bool) {
    self.isSlice = isSlice
    changes = ChangeLog(notesChanges: notesChanges)
  }

  /// The record under `key`, decoded.
  public subscript(key: Citation) -> Value? {
    get { place(of: key).flatMap { heap[slots[$0]] }.map(Self.decoded) }
    set {
      let bytes = newValue.map { RecordCoder.encode($0) }
      put(bytes, at: place(of: key) ?? slot(for: key), key)
    }
  }

  /// Changes the record under `key`, if there is one.
  mutating func update(_ key: Citation, _ body: (inout Value) -> Void) {
    guard let slot = place(of: key), let bytes = heap[slots[slot]] else { return }
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
  public var count: Int { slots.count { !$0.isNothing } }

  /// The records held, decoded, in order of citation.
  public var values: [Value] {
    authors.sorted { $0.key < $1.key }.flatMap { author in
      author.slots.compactMap { heap[slots[Int($0)]].map(Self.decoded) }
    }
  }

  func isLoaded(_ key: Citation) -> Bool { !isSlice || find(key) != nil }

  /// Takes in a record as it is stored, or its absence.
  ///
  /// - Throws: `StateError` if the bytes are not one.
  mutating func load(_ key: Citation, _ bytes: [UInt8]?) throws(StateError) {
    if let bytes { _ = try RecordCoder.decode(Value.self, bytes) }
    slots[slot(for: key)] = bytes.map { heap.add($0) } ?? .nothing
  }

  // MARK: One submission

  /// Whether the submission under way could still be taken back.
  var keepsJournal: Bool {
    get { changes.keepsJournal }
    set { changes.keepsJournal = newValue }
  }

  mutating func commit() { changes.commit() }

  mutating func rollBack() { changes.rollBack { slots[$0] = $1 } }

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
        (
          name: name(Citation(key: author.key, rank: author.ranks[index])),
          slot: Int(author.slots[index])
        )
      }
      rows.sort { $0.name.name < $1.name.name }
      for row in rows {
        if let bytes = heap[slots[row.slot]] { try body(row.name, bytes) }
      }
    }
  }

  /// Calls `body` with every key and record that changed since the last call, in no order.
  mutating func takeChanges(_ body: (Citation, [UInt8]) -> Void) {
    changes.takeChanges { key, slot in
      if let bytes = heap[slots[slot]] { body(key, bytes) }
    }
  }

  // MARK: Places

  private func place(of key: Citation) -> Int? {
    let slot = find(key)
    precondition(slot != nil || !isSlice, "\(Value.self) \(key) was not loaded")
    return slot
  }

  private func find(_ key: Citation) -> Int? {
    guard let number = numbers[key.key] else { return nil }
    let rank = key.rank
    let place = authors[number].ranks.place(of: rank)
    guard place < authors[number].ranks.count, authors[number].ranks[place] == rank else {
      return nil
    }
    return Int(authors[number].slots[place])
  }

  /// The slot of a citation, which is made if there is none.
  private mutating func slot(for key: Citation) -> Int {
    let number = numbers[key.key] ?? addAuthor(key.key)
    let rank = key.rank
    let place = authors[number].ranks.place(of: rank)
    if place < authors[number].ranks.count, authors[number].ranks[place] == rank {
      return Int(authors[number].slots[place])
    }
    authors[number].ranks.insert(rank, at: place)
    authors[number].slots.insert(UInt32(slots.count), at: place)
    slots.append(.nothing)
    changes.addSlot()
    return slots.count - 1
  }

  private mutating func addAuthor(_ key: KeyName) -> Int {
    numbers[key] = authors.count
    authors.append(Author(key: key))
    return authors.count - 1
  }

  private mutating func put(_ bytes: [UInt8]?, at slot: Int, _ key: Citation) {
    changes.touch(slot, key, holding: slots[slot])
    slots[slot] = bytes.map { heap.add($0) } ?? .nothing
  }

  private static func decoded(_ bytes: [UInt8]) -> Value {
    do {
      return try RecordCoder.decode(Value.self, bytes)
    } catch {
      preconditionFailure("what was encoded or looked at here cannot be read: \(error.message)")
    }
  }
}

extension Citation {
  /// Number and event in one, in their order: 2^53 numbers of 256 events.
  var rank: UInt64 { n << 9 | UInt64(event) }

  init(key: KeyName, rank: UInt64) {
    self.init(key: key, n: rank >> 9, event: Int(rank & 0x1FF))
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
