internal import Accountability
internal import Encoding

/// The scorecard of every unit, in four forms and two languages (`docs/rules.md`, *Scorecards*;
/// `docs/formats/report.md`).
public struct ScorecardReport: Sendable {
  /// What the provenance of a scorecard says that it is.
  public static let kind = "scorecard"

  let source: ReportSource
  let card: Scorecard

  /// Makes the scorecard of a state at the instant of its provenance.
  public init(_ source: ReportSource) {
    self.source = source
    card = Scorecard.make(programme: source.programme, at: source.provenance.time)
  }

  /// The bytes of the report; the same source gives the same bytes.
  public func render() -> [UInt8] {
    let text =
      switch source.provenance.format {
      case .html: html
      case .csv: csv
      case .json: json
      case .markdown: markdown
      }
    return Array("\(source.provenance.opening)\(text)".utf8)
  }

  /// Everything that the figures of each unit were counted from: by figure, what does not count
  /// before what does, and then in the order of the scorecard.
  func trails() -> [(row: Scorecard.Row, events: [CountedEvent])] {
    let facts = EventFacts(source.programme)
    return card.rows.map { row in
      var events: [CountedEvent] = []
      for figure in ReportFigure.allCases {
        let all = figure.figure(of: row).items.map { facts.event($0, of: figure) }
        events += all.filter { !$0.isCounted } + all.filter(\.isCounted)
      }
      return (row, events)
    }
  }
}
