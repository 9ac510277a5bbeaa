internal import Ledger
internal import Spreadsheets

/// What is wrong with a table: every mistake once, in order of its rows, so that whoever corrects it need
/// not run the import once for each.
struct ImportProblems {
  /// So many are listed; who has more of them has made one mistake many times.
  static let limit = 50

  private var noted: [(row: Sheet.Row, failure: Failure)] = []
  /// Whether there were more than are listed.
  private(set) var hasMore = false

  var isEmpty: Bool { noted.isEmpty }

  /// Whether no more are listed.
  var isFull: Bool { noted.count == Self.limit }

  /// Takes note of a mistake; a cell that is read twice is wrong once.
  mutating func note(_ row: Sheet.Row, _ failure: Failure) {
    guard !noted.contains(where: { $0.failure.message == failure.message }) else { return }
    guard !isFull else {
      hasMore = true
      return
    }
    noted.append((row, failure))
  }

  mutating func note(_ others: ImportProblems) {
    for (row, failure) in others.noted { note(row, failure) }
    hasMore = hasMore || others.hasMore
  }

  /// What `read` gives; `nil` if it throws, which is noted.
  mutating func noting<Value>(_ row: Sheet.Row, _ read: () throws(Failure) -> Value) -> Value? {
    do {
      return try read()
    } catch {
      note(row, error)
      return nil
    }
  }

  /// Throws what there is in the table of that name: a single mistake as it is, and of several each in a
  /// line of its own before.
  func require(in file: String) throws(Failure) {
    let inOrder = noted.enumerated().sorted {
      ($0.element.row.number, $0.offset) < ($1.element.row.number, $1.offset)
    }
    let all = inOrder.map { $0.element.failure.at(file) }
    guard let first = all.first else { return }
    guard all.count > 1 || hasMore else { throw first }
    let count = hasMore ? "more than \(all.count)" : "\(all.count)"
    if Failure.isForMachines {
      let list = all.map(\.message).joined(separator: " ")
      throw Failure("\(file) has \(count) mistakes. \(list)", hint: first.hint, exit: first.exit)
    }
    for failure in all {
      Terminal.standardError("onus: \(Terminal.safe(failure.message))\n")
    }
    throw Failure(
      "\(file) has \(count) mistakes, and nothing was written.",
      hint: all.allSatisfy { $0.hint == first.hint } && first.hint != nil
        ? first.hint : "Correct them all, and import it again.", exit: first.exit)
  }
}
