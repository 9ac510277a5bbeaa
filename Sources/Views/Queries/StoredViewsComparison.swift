public import Accountability
internal import Cryptography
internal import Encoding
internal import GRDB
public import Ledger

/// Holds the views in a file against what an audit folds (`docs/design.md`, *Auditing*).
///
/// The rows that a writer would have made of each entry are hashed as the audit goes by, and those
/// that lie in the file before it starts: nothing is folded twice, and nothing is caught up or
/// changed. Views that are behind the log are compared as far as they go.
public struct StoredViewsComparison: ViewsComparison {
  private let stored: Stored
  private var void = TableHash("void")
  private var event = TableHash("event")
  private var submissions: [KeyName: [(n: UInt64, entry: UInt64)]] = [:]
  private var result: ViewsVerdict?

  private enum Stored: Sendable {
    /// They cannot be compared, and why.
    case unusable(String)
    /// They are at a place where the log never was.
    case ofAnotherLog
    case at(size: UInt64, hashes: [String: Digest])
  }

  /// What lies in a file of views, read before the ledger is.
  ///
  /// Views never reach beyond the ledger, which only grows: those that were read first reach no
  /// further than any state of it that is opened then.
  public struct Rows: Sendable {
    fileprivate enum Contents {
      case rows(StatePosition, [(name: String, hash: Digest)])
      case unusable(String)
    }

    fileprivate let contents: Contents

    /// Reads the views at `path`; `nil` if there are none.
    ///
    /// - Throws: `StorageError` of code `busy` if another process keeps them to itself.
    public init?(at path: String) throws {
      let file = ViewsFile(path)
      guard !file.isObstructed else {
        contents = .unusable("what lies in their place is no file")
        return
      }
      guard file.identity != nil else { return nil }
      var last = Contents.unusable("")
      let rows: Contents? = try file.settled {
        last = try StoredViewsComparison.contents(of: file)
        if case .rows = last { return last }
        return nil
      }
      contents = rows ?? last
    }
  }

  /// Reads the views at `path`; `nil` if there are none.
  ///
  /// - Throws: `StorageError` of code `busy` if another process keeps them to itself.
  public init?(at path: String, of store: any TruthStore) throws {
    guard let rows = try Rows(at: path) else { return nil }
    try self.init(rows, of: store)
  }

  /// Holds rows against the ledger in `store`, which was opened after they were read.
  public init(_ rows: Rows, of store: any TruthStore) throws {
    stored = try Self.stored(rows, store)
    if case .at(size: 0, _) = stored { try compare(Programme()) }
  }

  private static func stored(_ rows: Rows, _ store: any TruthStore) throws -> Stored {
    let (position, hashes): (StatePosition, [(name: String, hash: Digest)])
    switch rows.contents {
    case .rows(let place, let tables): (position, hashes) = (place, tables)
    case .unusable(let reason): return .unusable(reason)
    }
    do {
      let end = try store.end()
      guard position.size <= end.size, try store.root(at: position.size, end: end) == position.root
      else { return .ofAnotherLog }
    } catch let error as StorageError where error.code == .damaged {
      // What is wrong with it is for the audit to say, which reads it next.
      return .unusable("the ledger that they are of contradicts itself")
    }
    return .at(
      size: position.size,
      hashes: Dictionary(uniqueKeysWithValues: hashes.map { ($0.name, $0.hash) }))
  }

  /// What the file holds, or why that cannot be compared.
  ///
  /// The next command makes views anew that have no position of ours. It looks no further than
  /// that.
  private static func contents(of file: ViewsFile) throws -> Rows.Contents {
    guard !file.hasJournal else {
      return .unusable("a journal lies beside them; the next command rebuilds them")
    }
    var isOurs = false
    do {
      return try file.read { db in
        guard let position = try db.storedPosition() else {
          return .unusable("they are of another version; the next command rebuilds them")
        }
        isOurs = true
        return .rows(position, try db.tableHashes())
      }
    } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
      throw StorageError(views: error)
    } catch let error as StorageError {
      throw error
    } catch {
      if (error as? DatabaseError)?.resultCode == .SQLITE_CANTOPEN {
        return .unusable("whoever audits may not read them; check the permissions of their file")
      }
      // The bytes may have made up what SQLite says of them.
      let reason = (error as? DatabaseError)?.message ?? "what stands in them is no value of views"
      return .unusable(
        isOurs
          ? "they are damaged (\(TextRules.visible(reason))); run `onus views rebuild`"
          : "they cannot be read as views (\(TextRules.visible(reason))); the next command rebuilds them"
      )
    }
  }

  /// Hashes the rows that a writer would have made of the entry.
  public mutating func follow(
    _ index: UInt64, _ entry: Entry?, _ outcome: Outcome, state: borrowing Programme
  ) throws {
    guard case .at(let size, _) = stored, index < size else { return }
    switch outcome {
    case .void(let refusal): add(refusal, at: index)
    case .applied:
      guard let entry else { break }
      add(entry, at: index)
      let author = entry.submission.author
      submissions[author.key, default: []].append((author.n, index))
    case .unknown: entry.map { add($0, at: index) }
    }
    if index + 1 == size { try compare(state) }
  }

  /// Which table differs, if one does.
  public func verdict() -> ViewsVerdict {
    switch stored {
    case .unusable(let reason): .notComparable(reason)
    case .ofAnotherLog: .different("they are of another log than this one")
    case .at(let size, _):
      result ?? .notComparable("the log does not reach the \(size) entries that they are of")
    }
  }

  // MARK: The rows that a writer makes

  private mutating func add(_ entry: Entry, at index: UInt64) {
    let author = entry.submission.author.key.description
    for (offset, body) in entry.submission.events.enumerated() {
      event.add { row in
        row.value(Int64(index * ViewsSchema.eventsPerEntry) + Int64(offset))
        row.value(body.type.rawValue)
        switch body.subject {
        case .none:
          row.null()
          row.null()
        case .task(let id):
          row.value(id.rawValue)
          row.null()
        case .organisation(let id):
          row.null()
          row.value(id.rawValue)
        }
        row.value(author)
        row.value(entry.time.milliseconds)
      }
    }
  }

  private mutating func add(_ refusal: Refusal, at index: UInt64) {
    void.add { row in
      row.value(Int64(index))
      row.value(refusal.code.rawValue)
      row.value(refusal.message)
      row.value(refusal.hint)
      if let cause = refusal.entry { row.value(Int64(cause)) } else { row.null() }
      if let event = refusal.event { row.value(Int64(event)) } else { row.null() }
    }
  }

  private func submissionHash() -> TableHash {
    var hash = TableHash("submission")
    let authors = submissions.map { (name: $0.key.description, places: $0.value) }
    for author in authors.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
      for place in author.places.sorted(by: { $0.n < $1.n }) {
        hash.add { row in
          row.value(author.name)
          row.value(Int64(place.n))
          row.value(Int64(place.entry))
        }
      }
    }
    return hash
  }

  private mutating func compare(_ state: borrowing Programme) throws {
    guard case .at(let size, let hashes) = stored else { return }
    var records = TableHash("state")
    try state.forEachRecord { key, value in
      records.add { row in
        row.value(Int64(key.kind.rawValue))
        row.value(key.name)
        row.value(value)
      }
    }
    let fresh = [
      ("state", records), ("submission", submissionHash()), ("event", event), ("void", void),
    ]
    let different = fresh.first { name, hash in hashes[name] != hash.digest }?.0
    result =
      different.map { .different("the table \($0) is not what \(size) entries fold to") } ?? .same
  }
}
