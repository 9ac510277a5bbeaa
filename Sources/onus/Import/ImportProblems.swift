internal import Accountability
internal import Encoding
internal import Spreadsheets

/// What is wrong with a table: every mistake once, in order of its rows, so that whoever corrects it need
/// not run the import once for each.
struct ImportProblems {
  /// So many are listed; who has more of them has made one mistake many times.
  static let limit = 50

  private struct Mistake {
    let row: Sheet.Row
    /// Where in the row, if it is in one cell.
    let column: String?
    let failure: Failure

    /// The mistake for machines.
    var json: JSONObject {
      var object: JSONObject = [
        "row": .integer(Int64(row.number)), "message": .string(Terminal.safe(failure.message)),
      ]
      object["column"] = column.map { .string(TextRules.excerpt($0)) }
      object["rule"] = failure.rule.map { .string($0.rawValue) }
      return object
    }
  }

  private var noted: [Mistake] = []
  /// Whether there were more than are listed.
  private(set) var hasMore = false

  /// Whether no more are listed.
  var isFull: Bool { noted.count == Self.limit }

  /// Takes note of a mistake; a cell that is read twice is wrong once.
  mutating func note(_ row: Sheet.Row, _ failure: Failure, in column: String? = nil) {
    note(Mistake(row: row, column: column, failure: failure))
  }

  mutating func note(_ others: ImportProblems) {
    for mistake in others.noted { note(mistake) }
    hasMore = hasMore || others.hasMore
  }

  /// What `read` gives of a cell; `nil` if it throws, which is noted.
  mutating func noting<Value>(
    _ row: Sheet.Row, _ column: String, _ read: () throws(Failure) -> Value
  ) -> Value? {
    do {
      return try read()
    } catch {
      note(row, error, in: column)
      return nil
    }
  }

  private mutating func note(_ mistake: Mistake) {
    guard !noted.contains(where: { $0.failure.message == mistake.failure.message }) else { return }
    guard !isFull else {
      hasMore = true
      return
    }
    noted.append(mistake)
  }

  /// Throws what there is in the table of that name: a single mistake as it is, and of several each in a
  /// line of its own before. Machines are told all of them at once.
  ///
  /// - Parameter language: As for ``Failure/say(in:)``.
  func require(in file: String, _ language: Language) throws(Failure) {
    let inOrder = noted.enumerated().sorted {
      ($0.element.row.number, $0.offset) < ($1.element.row.number, $1.offset)
    }.map(\.element)
    guard let first = inOrder.first?.failure else { return }
    let details: JSONObject = ["mistakes": .array(inOrder.map { .object($0.json) })]
    guard inOrder.count > 1 || hasMore else {
      throw Failure(
        first.message, hint: first.hint, exit: first.exit, rule: first.rule,
        isLocated: first.isLocated, details: details
      ).at(file)
    }
    if !Failure.isForMachines {
      for mistake in inOrder { mistake.failure.at(file).hinting(nil).say(in: language) }
    }
    let count = hasMore ? "more than \(inOrder.count)" : "\(inOrder.count)"
    throw Failure(
      "\(file) has \(count) mistakes, and nothing was written.",
      hint: first.hint != nil && inOrder.allSatisfy { $0.failure.hint == first.hint }
        ? first.hint : "Correct them all, and import it again.",
      exit: first.exit, isLocated: true, details: details)
  }
}
