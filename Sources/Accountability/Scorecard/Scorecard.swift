public import Encoding

/// How units did, each figure with the events behind it (`docs/rules.md`, *Scorecards*).
///
/// Integers only, and ordered by organisation, so that the same log gives the same bytes.
public struct Scorecard: Hashable, Sendable {
  /// What each figure counts for, in hundredths.
  public struct Weights: Hashable, Sendable {
    /// Of tasks closed in time.
    public let onTime: Int
    /// Of reviews that did not return.
    public let quality: Int
    /// Of reports filed in time.
    public let reporting: Int
    /// Of reports without a correction after the deadline.
    public let corrections: Int
    /// Of reports that cite evidence.
    public let evidence: Int

    /// The published weights.
    public static let published = Weights(
      onTime: 50, quality: 20, reporting: 20, corrections: 5, evidence: 5)
  }

  /// One unit's line.
  public struct Row: Hashable, Sendable {
    /// The unit.
    public let organisation: OrganisationID
    /// Of the tasks it leads and that were due: closed, and claimed by the date in force.
    public let onTime: Figure
    /// Of the reviews of its reports: those that did not return.
    public let quality: Figure
    /// Of the reports it owed: those first filed in time.
    public let reporting: Figure
    /// Of its reports: those without a correction after the due date.
    public let corrections: Figure
    /// Of its reports: those that cite evidence.
    public let evidence: Figure
    /// Reviews that returned something as falsified.
    public let falsified: [Citation]
    /// The weighted score in per mille; `nil` if there is nothing to weigh.
    public let scorePerMille: Int?
    /// Its place among those with enough due tasks; equal scores share one.
    public internal(set) var rank: Int?

    /// How many of the tasks it leads were due.
    public var dueTasks: Int { onTime.whole }
  }

  /// No unit is ranked under so many due tasks.
  public static let rankedFrom = 5

  /// The instant it is of.
  public let time: Timestamp
  /// The weights used.
  public let weights: Weights
  /// A line for each unit that leads a task or has reported, in order of id.
  public let rows: [Row]

  /// The scorecard of a programme held whole, at an instant not before its last entry.
  public static func make(
    programme: Programme, at time: Timestamp, weights: Weights = .published
  ) -> Scorecard {
    let charter = programme.charter ?? Charter()
    var ledgers: [OrganisationID: Tally] = [:]
    for task in programme.tasks.values {
      guard let lead = task.lead else { continue }
      ledgers[lead, default: Tally()].add(task, charter, time)
    }
    // In order of the log, which is the order people read the events behind a figure in.
    for report in programme.reports.values.sorted(by: {
      ($0.entry, $0.citation) < ($1.entry, $1.citation)
    }) {
      ledgers[report.organisation, default: Tally()].add(report)
    }
    let rows = ledgers.sorted { $0.key < $1.key }.map { $0.value.row($0.key, weights) }
    return Scorecard(time: time, weights: weights, rows: ranked(rows))
  }

  private static func ranked(_ rows: [Row]) -> [Row] {
    let scores = rows.compactMap { $0.dueTasks >= rankedFrom ? $0.scorePerMille : nil }
    return rows.map { row in
      var row = row
      if row.dueTasks >= rankedFrom, let score = row.scorePerMille {
        row.rank = 1 + scores.count { $0 > score }
      }
      return row
    }
  }
}
