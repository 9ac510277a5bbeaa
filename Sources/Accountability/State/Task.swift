public import Encoding

/// What one lead unit answers for.
public struct Task: Record {
  // MARK: As issued
  /// Its id.
  public internal(set) var id = TaskID.blank
  /// The objective it serves.
  public internal(set) var objective = ObjectiveID.blank
  /// Its title in English.
  public internal(set) var titleEnglish = ""
  /// Its title in Chinese.
  public internal(set) var titleChinese = ""
  /// What counts as done.
  public internal(set) var criterion = ""
  /// Its weight in its objective.
  public internal(set) var weight = 1
  /// How many pieces of evidence a claim needs in its round.
  public internal(set) var evidenceRequired = 0
  /// Whether leadership follows it closely.
  public internal(set) var isKey = false
  /// How it is classified.
  public internal(set) var classification = ""
  /// How often it reports.
  public internal(set) var cycle = Cycle.monthly
  /// The task it is part of.
  public internal(set) var parent: TaskID?
  /// The mandatory parts of it.
  public internal(set) var children: [TaskID] = []
  /// The number it is measured by.
  public internal(set) var indicators: [IndicatorID] = []
  /// Its dated parts, the plan's first.
  public internal(set) var milestones: [Milestone] = []

  // MARK: As assigned
  /// Who answers.
  public internal(set) var lead: OrganisationID?
  /// Who contributes.
  public internal(set) var supports: [OrganisationID] = []
  /// The cities or counties where it is done.
  public internal(set) var territories: [OrganisationID] = []
  /// Supports and territories that have confirmed.
  public internal(set) var confirmed: [OrganisationID] = []
  /// Everyone who leads or supports it, or ever has: they may not judge it.
  public internal(set) var parties: [OrganisationID] = []
  /// Organisations that the governing body named to review it.
  public internal(set) var namedReviewers: [OrganisationID] = []
  /// The post that answers.
  public internal(set) var post: PostID?
  /// When work should begin.
  public internal(set) var start: Day?
  /// Every due date that was in force, oldest first.
  public internal(set) var dueDates: [DueDate] = []

  // MARK: Where it stands
  /// Where it stands.
  public internal(set) var state = TaskState.issued
  /// Where it stood when it was suspended.
  public internal(set) var stateBeforeSuspension = TaskState.issued
  /// 1, and one more for every reopening.
  public internal(set) var round = 1
  /// When the lead signed for it.
  public internal(set) var acceptedOn: Timestamp?
  /// The latest report of each period, in order of period.
  public internal(set) var periods = PeriodReports()
  /// The per cent of the accepted report of the latest period.
  public internal(set) var acceptedPercent = 0
  /// The per cent last reported, accepted or not.
  public internal(set) var reportedPercent = 0
  /// Evidence attached in this round and not withdrawn.
  public internal(set) var evidenceCount = 0
  /// The claim under review or accepted.
  public internal(set) var claim: Citation?
  /// The last claim, if it was returned and none has followed.
  public internal(set) var returnedClaim: Citation?
  /// When the ledger recorded the claim.
  public internal(set) var claimedOn: Timestamp?
  /// Whether that was after the due date then in force.
  public internal(set) var isClaimLate = false
  /// When its claim was accepted.
  public internal(set) var completedOn: Timestamp?
  /// When it was closed.
  public internal(set) var closedOn: Timestamp?
  /// An extension that was asked for and not yet decided.
  public internal(set) var pendingExtension: PendingExtension?
  /// When no work was owed, oldest first.
  public internal(set) var pauses: [Pause] = []
  /// The rounds that a reopening ended, oldest first.
  public internal(set) var pastRounds: [PastRound] = []

  // MARK: Counts for scorecards
  /// Reports, milestones and claims that were reviewed.
  public internal(set) var reviewedCount = 0
  /// Those sent back.
  public internal(set) var returnedCount = 0
  /// Reports, milestones and claims that were returned as falsified.
  public internal(set) var falsifiedCount = 0
  /// Extensions granted.
  public internal(set) var extensionCount = 0
  /// Urges issued.
  public internal(set) var urgeCount = 0
  /// Corrections of its reports recorded after the due date then in force.
  public internal(set) var lateCorrectionCount = 0
  /// Corrections of its reports.
  public internal(set) var correctionCount = 0

  // MARK: Staleness
  var completionTouch = Touch()
  var extensionTouch = Touch()
  var assignmentTouch = Touch()

  /// Blank.
  public init() {}

  /// The due date in force, the last of assigned, granted and set.
  public var due: Day? { dueDates.last?.day }
  /// The due date it was first given.
  public var originalDue: Day? { dueDates.first?.day }

  /// How much is done as far as a reviewer has said so: all of it once the completion is accepted.
  public var donePercent: Int {
    state == .completed || state == .closed ? 100 : acceptedPercent
  }

  /// Passes every field through the coder.
  public mutating func code(with coder: inout RecordCoder) throws(StateError) {
    try coder.code(&id)
    try coder.code(&objective)
    try coder.code(&titleEnglish)
    try coder.code(&titleChinese)
    try coder.code(&criterion)
    try coder.code(&weight)
    try coder.code(&evidenceRequired)
    try coder.code(&isKey)
    try coder.code(&classification)
    try coder.code(&cycle)
    try coder.code(&parent)
    try coder.code(&children)
    try coder.code(&indicators)
    try coder.code(&milestones)
    try codeAssignment(with: &coder)
    try codeStanding(with: &coder)
  }

  private mutating func codeAssignment(with coder: inout RecordCoder) throws(StateError) {
    try coder.code(&lead)
    try coder.code(&supports)
    try coder.code(&territories)
    try coder.code(&confirmed)
    try coder.code(&parties)
    try coder.code(&namedReviewers)
    try coder.code(&post)
    try coder.code(&start)
    try coder.code(&dueDates)
  }

  private mutating func codeStanding(with coder: inout RecordCoder) throws(StateError) {
    try coder.code(&state)
    try coder.code(&stateBeforeSuspension)
    try coder.code(&round)
    try coder.code(&acceptedOn)
    try coder.code(&periods)
    try coder.code(&acceptedPercent)
    try coder.code(&reportedPercent)
    try coder.code(&evidenceCount)
    try coder.code(&claim)
    try coder.code(&returnedClaim)
    try coder.code(&claimedOn)
    try coder.code(&isClaimLate)
    try coder.code(&completedOn)
    try coder.code(&closedOn)
    try coder.code(&pendingExtension)
    try coder.code(&pauses)
    try coder.code(&pastRounds)
    try coder.code(&reviewedCount)
    try coder.code(&returnedCount)
    try coder.code(&falsifiedCount)
    try coder.code(&extensionCount)
    try coder.code(&urgeCount)
    try coder.code(&lateCorrectionCount)
    try coder.code(&correctionCount)
    try completionTouch.code(with: &coder)
    try extensionTouch.code(with: &coder)
    try assignmentTouch.code(with: &coder)
  }
}
