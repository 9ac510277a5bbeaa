internal import Encoding

/// Reads an event line as the text it is, without a JSON value for the line itself.
///
/// Canonical JSON leaves the line one frame, around data, subject and type. Whatever does not fit it is
/// left to the JSON reader, which says what is wrong.
///
/// ```
/// {"data":{…},"task":"O03-T04","type":"progress.reported"}
/// ```
enum EventText {
  private static let beforeData = Array(#"{"data":"#.utf8)
  private static let beforeOrganisation = Array(#","org":""#.utf8)
  private static let beforeTask = Array(#","task":""#.utf8)
  private static let beforeType = Array(#","type":""#.utf8)
  private static let end = Array(#""}"#.utf8)

  /// The event, or `nil` if the line is none, or of a type that the rules do not know.
  static func parse(_ line: Span<UInt8>) -> Event? {
    guard let start = skip(beforeData, in: line, from: 0),
      let (data, dataEnd) = try? CanonicalJSON.parseObject(line, from: start, depth: 1)
    else { return nil }
    var position = dataEnd
    var subject = Event.Subject.none
    if let start = skip(beforeOrganisation, in: line, from: position) {
      let text = word(in: line, from: start)
      guard let id = OrganisationID(text) else { return nil }
      subject = .organisation(id)
      position = start + text.utf8.count + 1
    } else if let start = skip(beforeTask, in: line, from: position) {
      let text = word(in: line, from: start)
      guard let id = TaskID(text) else { return nil }
      subject = .task(id)
      position = start + text.utf8.count + 1
    }
    guard let start = skip(beforeType, in: line, from: position), line.count >= start + end.count,
      let type = EventCatalogue.type(line.extracting(start..<(line.count - end.count))),
      skip(end, in: line, from: line.count - end.count) != nil
    else { return nil }
    return Event(type: type, subject: subject, data: data)
  }

  /// Where `text` ends, if it stands at `start`.
  private static func skip(_ text: [UInt8], in line: Span<UInt8>, from start: Int) -> Int? {
    guard line.count - start >= text.count else { return nil }
    for offset in text.indices where line[start + offset] != text[offset] { return nil }
    return start + text.count
  }

  /// What stands up to the next quote, if that can be an id; none has a use for an escape.
  private static func word(in line: Span<UInt8>, from start: Int) -> String {
    var end = start
    while end < line.count, line[end] != UInt8(ascii: "\"") { end += 1 }
    do {
      return String(copying: try UTF8Span(validating: line.extracting(start..<end)))
    } catch {
      return ""
    }
  }
}
