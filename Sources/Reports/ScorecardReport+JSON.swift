internal import Accountability
internal import Encoding

/// One line of canonical JSON, the provenance its first member.
extension ScorecardReport {
  var json: String {
    let facts = EventFacts(source.programme)
    let rest: JSONObject = [
      "scoring": .object([
        "method": .string(method), "rankedFrom": .integer(Int64(Scorecard.rankedFrom)),
        "weights": .object(
          JSONObject(
            ReportFigure.allCases.map {
              ($0.rawValue, .integer(Int64($0.weight(in: card.weights))))
            })),
      ]),
      "title": .string(title), "units": .array(card.rows.map { json($0, facts) }),
      "voidEntries": .array(source.voidEntries.map { .integer(Int64(clamping: $0)) }),
    ]
    // The opening is `{"onus/report/v1":{…}`; the other keys come after it by their bytes.
    let text = String(decoding: CanonicalJSON.write(.object(rest)), as: UTF8.self)
    return ",\(text.dropFirst())\n"
  }

  private func json(_ row: Scorecard.Row, _ facts: EventFacts) -> JSONValue {
    var object: JSONObject = [
      "falsified": .array(row.falsified.map { .string($0.description) }),
      "name": .string(name(row.organisation)), "unit": .string(row.organisation.rawValue),
    ]
    for figure in ReportFigure.allCases {
      object[figure.rawValue] = json(figure, figure.figure(of: row), facts)
    }
    object["rank"] = row.rank.map { .integer(Int64($0)) }
    object["scorePerMille"] = row.scorePerMille.map { .integer(Int64($0)) }
    return .object(object)
  }

  private func json(_ kind: ReportFigure, _ figure: Figure, _ facts: EventFacts) -> JSONValue {
    .object([
      "items": .array(figure.items.map { json(facts.event($0, of: kind)) }),
      "part": .integer(Int64(figure.part)), "whole": .integer(Int64(figure.whole)),
    ])
  }

  private func json(_ event: CountedEvent) -> JSONValue {
    var object: JSONObject = [
      "counted": .bool(event.isCounted), "kind": .string(event.kind.rawValue),
      "task": .string(event.task.rawValue), "why": .string(event.why.code),
    ]
    object["dueEntry"] = event.dueEntry.map { .integer(Int64(clamping: $0)) }
    object["entry"] = event.entry.map { .integer(Int64(clamping: $0)) }
    object["event"] = event.citation.map { .string($0.description) }
    object["milestone"] = event.milestone.map { .string($0.rawValue) }
    object["period"] = event.period.map { .string($0.description) }
    return .object(object)
  }
}
