public import Cryptography
internal import Encoding

/// The folded state of a ledger: everything that decides what may happen next.
///
/// It is keyed. Whole, it holds every record; as a slice it holds those that one submission reads,
/// so that an append costs the same however long the ledger is. ``apply(_:index:time:timeOfSeen:seenMatches:isSigned:)``
/// is the only way to change it, and takes all of a submission or nothing.
public struct Programme: Sendable {
  var ledgerCell: Cell<LedgerFacts>
  var charterCell: Cell<Charter>
  /// Organisations, by id.
  public internal(set) var organisations: Table<OrganisationID, Organisation>
  /// Posts, by id.
  public internal(set) var posts: Table<PostID, Post>
  /// Keys ever enrolled, by name and id.
  public internal(set) var keys: Table<KeyName, EnrolledKey>
  var keyUses: Table<String, KeyUse>
  /// Objectives, by id.
  public internal(set) var objectives: Table<ObjectiveID, Objective>
  /// Indicators, by id.
  public internal(set) var indicators: Table<IndicatorID, Indicator>
  var milestoneHomes: Table<MilestoneID, MilestoneHome>
  /// Tasks, by id.
  public internal(set) var tasks: Table<TaskID, Task>
  /// Reports, contributions, milestone reports and claims, by citation.
  public internal(set) var reports: CitedTable<Report>
  /// Evidence, by citation.
  public internal(set) var evidence: CitedTable<Evidence>
  /// Contributions that wait for review or were returned, by task and organisation.
  public internal(set) var openContributions: Table<Contributor, OpenContributions>

  /// The state before entry 0, whole.
  ///
  /// - Parameter notingChanges: Whether ``takeChanges()`` will be called; else nothing is kept for it.
  public init(notingChanges: Bool = true) {
    self.init(isSlice: false, notesChanges: notingChanges)
  }

  /// A slice that holds nothing yet; load what ``missing(for:)`` names.
  public static func makeSlice() -> Programme { Programme(isSlice: true, notesChanges: true) }

  private init(isSlice: Bool, notesChanges: Bool) {
    ledgerCell = Cell(isSlice: isSlice)
    charterCell = Cell(isSlice: isSlice)
    organisations = Table(isSlice: isSlice, notesChanges: notesChanges)
    posts = Table(isSlice: isSlice, notesChanges: notesChanges)
    keys = Table(isSlice: isSlice, notesChanges: notesChanges)
    keyUses = Table(isSlice: isSlice, notesChanges: notesChanges)
    objectives = Table(isSlice: isSlice, notesChanges: notesChanges)
    indicators = Table(isSlice: isSlice, notesChanges: notesChanges)
    milestoneHomes = Table(isSlice: isSlice, notesChanges: notesChanges)
    tasks = Table(isSlice: isSlice, notesChanges: notesChanges)
    reports = CitedTable(isSlice: isSlice, notesChanges: notesChanges)
    evidence = CitedTable(isSlice: isSlice, notesChanges: notesChanges)
    openContributions = Table(isSlice: isSlice, notesChanges: notesChanges)
  }

  /// What entry 0 fixed; `nil` before it, or if it was void.
  public internal(set) var ledger: LedgerFacts? {
    _read { yield ledgerCell.value }
    set { ledgerCell.value = newValue }
  }

  /// The version of the rules in force; `nil` before entry 0.
  var rules: Int? { ledgerCell.lend { $0.rules } }

  /// The programme as issued; `nil` until it is.
  public internal(set) var charter: Charter? {
    _read { yield charterCell.value }
    set { charterCell.value = newValue }
  }

  /// Which of the registry and the governing body has a live key, as far as it was worked out;
  /// `nil` once a record that decides it has changed.
  var acting: [Role]?

  /// Whether the submission under way has changed who can act.
  var hasTouchedHolders: Bool {
    ledgerCell.isTouched || organisations.isTouched || keys.isTouched
  }

  /// Makes ready for a submission.
  ///
  /// - Parameter isCertain: Whether nothing can be refused any more once something has changed, so
  ///   that what was there before need not be kept. The directory always keeps it.
  mutating func begin(isCertain: Bool) {
    let keepsJournal = !isCertain
    guard tasks.keepsJournal != keepsJournal else { return }
    posts.keepsJournal = keepsJournal
    keyUses.keepsJournal = keepsJournal
    objectives.keepsJournal = keepsJournal
    indicators.keepsJournal = keepsJournal
    milestoneHomes.keepsJournal = keepsJournal
    tasks.keepsJournal = keepsJournal
    reports.keepsJournal = keepsJournal
    evidence.keepsJournal = keepsJournal
    openContributions.keepsJournal = keepsJournal
  }

  mutating func commit() {
    ledgerCell.commit()
    charterCell.commit()
    organisations.commit()
    posts.commit()
    keys.commit()
    keyUses.commit()
    objectives.commit()
    indicators.commit()
    milestoneHomes.commit()
    tasks.commit()
    reports.commit()
    evidence.commit()
    openContributions.commit()
  }

  mutating func rollBack() {
    ledgerCell.rollBack()
    charterCell.rollBack()
    organisations.rollBack()
    posts.rollBack()
    keys.rollBack()
    keyUses.rollBack()
    objectives.rollBack()
    indicators.rollBack()
    milestoneHomes.rollBack()
    tasks.rollBack()
    reports.rollBack()
    evidence.rollBack()
    openContributions.rollBack()
  }
}

extension Programme {
  /// Every task held, in order of id.
  public var allTasks: [Task] { tasks.values }

  /// The tasks that a post answers for and that are not at their end, in order of id.
  public func unfinishedTasks(of post: PostID) -> [TaskID] {
    tasks.values.filter { $0.post == post && TaskState.unfinished.contains($0.state) }.map(\.id)
  }
}
