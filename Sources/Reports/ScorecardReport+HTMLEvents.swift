internal import Accountability
internal import Encoding

/// The second part of the page: unit by unit and figure by figure, why each thing counts or does
/// not, and where it stands in the log.
///
/// Nothing folds away: what a script or a click would have to open is missing on paper.
extension ScorecardReport {
  var eventSections: String {
    var text = "<section class=\"events\">\n<h2>\(eventsHeading)</h2>\n<p>"
    text += word(
      "✓ counts towards the share, ✗ does not. Behind a period or a name stands the event: 77.1 is event 1 of entry 77, which <code>onus show 77</code> prints.",
      "✓ 计入，✗ 不计入。周期或名称之后为事件：77.1 即第77条目的第1个事件，可用 <code>onus show 77</code> 查看。")
    text += "</p>\n"
    for (row, events) in trails() { text += section(row, events) }
    return text + "</section>\n"
  }

  private func section(_ row: Scorecard.Row, _ events: [CountedEvent]) -> String {
    let id = row.organisation.rawValue
    var text = "<section id=\"unit-\(id)\">\n<h3>\(id)"
    text += " <bdi>\(ReportText.html(name(row.organisation)))</bdi>"
    text += " <small>\(scoreHeading) \(score(row))</small></h3>\n"
    for kind in ReportFigure.allCases {
      let figure = kind.figure(of: row)
      guard let perMille = figure.perMille else { continue }
      text += "<h4>\(heading(kind)) \(Self.points(perMille))% "
      text += "<small>\(figure.part)/\(figure.whole)</small></h4>\n<dl>\n"
      for group in Self.grouped(events.filter { $0.figure == kind }, by: \.why) {
        text += reason(group)
      }
      text += "</dl>\n"
    }
    return text + "</section>\n"
  }

  private func reason(_ events: [CountedEvent]) -> String {
    guard let first = events.first else { return "" }
    let mark = first.isCounted ? "✓" : "✗"
    var text = "<dt class=\"\(first.isCounted ? "yes" : "no")\">"
    text += "\(mark) \(word(first.why.words))\(colon)\(events.count)</dt>\n"
    if first.figure == .onTime {
      return text + "<dd>\(events.map { item($0, naming: $0.task) }.joined(separator: "\n"))</dd>\n"
    }
    for group in Self.grouped(events.sorted { $0.task < $1.task }, by: \.task) {
      guard let task = group.first?.task else { continue }
      let items = group.map { item($0, naming: nil) }.joined(separator: "\n")
      text += "<dd><b>\(task)</b>\n\(items)</dd>\n"
    }
    return text
  }

  /// One thing counted: what it is of, and where it stands.
  private func item(_ event: CountedEvent, naming task: TaskID?) -> String {
    var parts: [String] = []
    if let task {
      parts.append("<b>\(task)</b>")
    } else {
      if event.kind != .progress { parts.append(kind(event)) }
      if let period = event.period { parts.append(period.description) }
    }
    if let place = event.place { parts.append("<i>\(place)</i>") }
    if let entry = event.dueEntry {
      parts.append(word("(due date set by entry \(entry))", "（时限见第\(entry)条目）"))
    }
    return "<span>\(parts.joined(separator: " "))</span>"
  }

  /// The events with one value of `key` together, in the order in which the values first come.
  private static func grouped<Key: Hashable>(
    _ events: [CountedEvent], by key: (CountedEvent) -> Key
  ) -> [[CountedEvent]] {
    var places: [Key: Int] = [:]
    var groups: [[CountedEvent]] = []
    for event in events {
      if let place = places[key(event)] {
        groups[place].append(event)
      } else {
        places[key(event)] = groups.count
        groups.append([event])
      }
    }
    return groups
  }
}
