public import Encoding

/// What is still to be done about one organisation's contributions to one task.
///
/// It holds what is open, never the history. Contributions stand beside each other: two of one period
/// both wait, for a reviewer may still decide on either. Kept apart from the task, whose record is stored
/// again with every event on it, and apart for each organisation: an append pays for what is open of its
/// author alone.
public struct OpenContributions: Record {
  /// The task.
  public internal(set) var task = TaskID.blank
  /// Whose contributions they are.
  public internal(set) var organisation = OrganisationID.blank
  /// Those that wait for review, in the order in which they came to.
  public internal(set) var waiting: [OpenContribution] = []
  /// Those returned and since then neither corrected nor followed by another of the same period, in the
  /// order in which they were.
  public internal(set) var returned: [OpenContribution] = []

  /// Blank.
  public init() {}

  /// Another was filed: it waits, and answers those of its period that were returned.
  mutating func file(_ contribution: OpenContribution) {
    returned.removeAll { $0.period == contribution.period }
    waiting.append(contribution)
  }

  /// One that had been reviewed was corrected, and waits again.
  mutating func reopen(_ contribution: OpenContribution) {
    returned.removeAll { $0.citation == contribution.citation }
    waiting.append(contribution)
  }

  /// One was reviewed.
  mutating func settle(_ contribution: OpenContribution, isReturned: Bool) {
    if let place = waiting.firstIndex(where: { $0.citation == contribution.citation }) {
      waiting.remove(at: place)
    }
    if isReturned { returned.append(contribution) }
  }

  /// Passes every field through the coder.
  public mutating func code(with coder: inout RecordCoder) throws(StateError) {
    try coder.code(&task)
    try coder.code(&organisation)
    try coder.code(&waiting)
    try coder.code(&returned)
  }
}

/// One contribution that is not at its end.
public struct OpenContribution: Record {
  /// The period it covers.
  public internal(set) var period = Period.blank
  /// How events name it.
  public internal(set) var citation = Citation.blank

  /// Blank.
  public init() {}

  /// What the report is as a contribution; `nil` if it is none.
  init?(_ report: Report) {
    guard report.kind == .contribution, let period = report.period else { return nil }
    self.period = period
    self.citation = report.citation
  }

  /// Passes every field through the coder.
  public mutating func code(with coder: inout RecordCoder) throws(StateError) {
    try coder.code(&period)
    try coder.code(&citation)
  }
}

/// Who contributes to what: the key of ``OpenContributions``.
public struct Contributor: Hashable, Comparable, Sendable {
  /// The task.
  public let task: TaskID
  /// The organisation that supports it, or whose territory it is done in.
  public let organisation: OrganisationID

  /// A contributor to a task.
  public init(to task: TaskID, _ organisation: OrganisationID) {
    self.task = task
    self.organisation = organisation
  }

  /// Reads `task/organisation`, which no id can be mistaken for.
  init?(_ name: String) {
    guard let slash = name.utf8.firstIndex(of: UInt8(ascii: "/")) else { return nil }
    task = ID(unchecked: String(name[..<slash]))
    organisation = ID(unchecked: String(name[name.utf8.index(after: slash)...]))
  }

  /// The text of it, for a ``StateKey``.
  var name: String { "\(task)/\(organisation)" }

  /// Orders by task, then by organisation.
  public static func < (left: Self, right: Self) -> Bool {
    left.task == right.task ? left.organisation < right.organisation : left.task < right.task
  }
}

extension Programme {
  /// Changes what is open of the author of a contribution.
  mutating func updateOpenContributions(
    of report: Report, _ body: (inout OpenContributions) -> Void
  ) {
    let key = Contributor(to: report.task, report.organisation)
    if !openContributions.has(key) {
      var open = OpenContributions()
      open.task = report.task
      open.organisation = report.organisation
      openContributions[key] = open
    }
    openContributions.update(key, body)
  }

  /// The key of what is open of the author of a contribution, once its report is loaded.
  func keys(ofContribution citation: Citation) -> [StateKey] {
    guard reports.isLoaded(citation), let report = reports[citation],
      report.kind == .contribution
    else { return [] }
    return [.contributions(Contributor(to: report.task, report.organisation))]
  }
}
