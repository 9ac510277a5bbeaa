internal import Cryptography
internal import Encoding

/// What the events about work have in common.
extension Programme {
  /// The offset at which the programme's dates are read.
  var offset: UTCOffset { charter?.offset ?? .utc }

  /// The task, if a slice has got as far as loading it.
  func loadedTask(_ id: TaskID) -> Task? { isLoaded(.task(id)) ? tasks[id] : nil }

  /// Whether the task's due date in force has ended.
  func isPastDue(_ task: Task, at time: Timestamp) -> Bool {
    isPast(task.due, at: time)
  }

  /// Whether a day has ended; no day never ends.
  func isPast(_ day: Day?, at time: Timestamp) -> Bool {
    day.map { time >= $0.end(at: offset) } ?? false
  }

  /// The report under `citation`, if it is about the task and of one of these kinds.
  func report(
    _ citation: Citation, of task: TaskID, kinds: [Report.Kind]
  ) throws(Refusal) -> Report {
    guard let report = reports[citation], report.task == task else {
      throw Refusal(
        .unknownCitation, "\(citation) is not a report of task \(task).",
        hint: "Cite one that `onus task \(task)` lists.")
    }
    guard kinds.contains(report.kind) else {
      let wanted = kinds.map(\.rawValue).joined(separator: " or ")
      throw Refusal(
        .unknownCitation,
        "\(citation) is a \(report.kind.rawValue) report, and \(wanted) is wanted.",
        hint: report.kind == .claim
          ? "A claim is accepted by completion.accepted: `onus review accept --completion`."
          : "Each kind of report has its own review.")
    }
    return report
  }

  /// Refuses evidence that is not there, or is another task's or, where asked, another's.
  func requireEvidence(
    _ citations: [Citation], of task: Task, from organisation: OrganisationID? = nil,
    inRound round: Int? = nil
  ) throws(Refusal) {
    for citation in citations {
      guard let piece = evidence[citation], piece.task == task.id else {
        throw Refusal(
          .unknownCitation, "\(citation) is not evidence of task \(task.id).",
          hint: "Attach it first, in the same submission if you like, and cite that event.")
      }
      if let organisation, piece.organisation != organisation {
        throw Refusal(
          .notParty, "The evidence \(citation) is \(piece.organisation)'s, not \(organisation)'s.",
          hint: "A report rests on its author's own evidence; a claim may cite every party's.")
      }
      if let round, piece.round != round {
        throw Refusal(
          .unknownCitation,
          "The evidence \(citation) belongs to round \(piece.round), and this is round \(round).",
          hint: "After a reopening attach evidence of the new round.")
      }
    }
    guard Set(citations).count == citations.count else {
      throw Refusal(.malformed, "`evidence` cites the same piece twice.", hint: "Cite each once.")
    }
  }

  /// Refuses values of numbers by which the task is not measured.
  func requireIndicators(_ values: [ReportedValue], of task: Task) throws(Refusal) {
    for value in values where !task.indicators.contains(value.indicator) {
      throw Refusal(
        .unknownSubject, "Task \(task.id) is not measured by \(value.indicator).",
        hint: task.indicators.isEmpty
          ? "It has no indicators; leave `values` out."
          : "It is measured by \(task.indicators.map(\.rawValue).joined(separator: ", ")).")
    }
  }

  /// Refuses a period that is of another cycle or has not begun.
  func requirePeriod(_ period: Period, of task: Task, _ context: Context) throws(Refusal) {
    let kind = task.cycle.periodKind
    let today = context.time.day(at: offset)
    guard period.kind == kind else {
      throw Refusal(
        .wrongDate,
        "Task \(task.id) reports \(task.cycle.rawValue), and \(period) is a \(period.kind.rawValue).",
        hint: "The current period is \(Period(containing: today, kind: kind)).")
    }
    guard period.firstDay <= today else {
      throw Refusal(
        .wrongDate, "The period \(period) has not begun on \(today).",
        hint: "The current period is \(Period(containing: today, kind: kind)).")
    }
  }
}

extension Report {
  /// A report as it is filed.
  init(_ kind: Kind, of task: Task, _ context: Context) {
    self.init()
    self.citation = context.citation
    self.kind = kind
    self.task = task.id
    self.organisation = context.organisation
    self.round = task.round
    self.entry = context.entry
    self.recordedOn = context.time
  }
}

extension Task {
  /// The first report of work is the beginning of it.
  mutating func begin() {
    if state == .accepted { state = .inProgress }
  }

  /// The latest report of a period.
  func report(of period: Period) -> PeriodReport? {
    let place = place(of: period)
    return holds(period, at: place) ? periods[place] : nil
  }

  /// Enters the latest report of a period, in order of period: one that nobody has reviewed, in the
  /// place of one that was not accepted, so that what was accepted stays.
  mutating func file(_ row: PeriodReport) {
    let place = place(of: row.period)
    if holds(row.period, at: place) {
      periods[place] = row
    } else {
      periods.insert(row, at: place)
    }
    reportedPercent = lastPercent
  }

  /// Recomputes what follows from the latest reports: the latest accepted period's per cent.
  mutating func settlePercent() {
    let place = periods.indices.last { periods.status(at: $0) == .accepted }
    acceptedPercent = place.map { periods.percent(at: $0) } ?? 0
    reportedPercent = lastPercent
  }

  /// What the report of the latest period says.
  private var lastPercent: Int {
    periods.isEmpty ? 0 : periods.percent(at: periods.endIndex - 1)
  }

  /// Where the report of a period stands, or would; most often it is the latest.
  private func place(of period: Period) -> Int {
    var place = periods.count
    while place > 0, !(periods.period(at: place - 1) < period) { place -= 1 }
    return place
  }

  private func holds(_ period: Period, at place: Int) -> Bool {
    place < periods.count && periods.period(at: place) == period
  }
}

extension EventReader {
  /// Indicators and their values, in order of id.
  func reportedValues() throws(Refusal) -> [ReportedValue] {
    try values("values").map { ReportedValue($0.id, $0.value) }
  }

  /// A whole number within `Int` that may be absent.
  func optionalInteger(_ name: String) throws(Refusal) -> Int? {
    has(name) ? Int(try integer(name)) : nil
  }
}

extension ReportedValue {
  init(_ indicator: IndicatorID, _ value: String) {
    self.init()
    self.indicator = indicator
    self.value = value
  }
}
