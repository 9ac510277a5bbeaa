public import Encoding

/// The forms a report comes in.
public enum ReportFormat: String, CaseIterable, Sendable {
  case html, csv, json
  case markdown = "md"
}

/// The languages a report comes in.
public enum ReportLanguage: String, CaseIterable, Sendable {
  case english = "en"
  case chinese = "zh"
}

/// What a report was made from: enough to make it again, byte for byte.
///
/// A report is a pure function of the first `size` entries of a log, an instant, a format and a
/// language. Every rendering begins with these as one line of canonical JSON (`docs/formats/report.md`)
/// and says them again in words for people:
///
/// ```
/// onus/report/v1 {"command":"onus report scorecard …","format":"md","kind":"scorecard",…}
/// ```
///
/// Nothing that a title or a name may hold comes before the line, so a report has one provenance.
public struct ReportProvenance: Hashable, Sendable {
  /// What stands before the object.
  public static let marker = "onus/report/v1"
  /// The version of what reports of each kind say and look like.
  ///
  /// Any change of a released report's bytes is a new version, and a report of another is not
  /// compared.
  public static let version = 1

  /// Which report.
  public let kind: String
  /// The log's name.
  public let origin: String
  /// How many entries it was folded from.
  public let size: UInt64
  /// The root over them, base64.
  public let root: String
  /// The rules version in force.
  public let rules: Int
  /// The instant at which dates are judged.
  public let time: Timestamp
  /// Whether the log's clock is simulated.
  public let isSimulated: Bool
  /// The form.
  public let format: ReportFormat
  /// The language.
  public let language: ReportLanguage

  /// A provenance of these parts.
  public init(
    kind: String, origin: String, size: UInt64, root: String, rules: Int, time: Timestamp,
    isSimulated: Bool, format: ReportFormat, language: ReportLanguage
  ) {
    self.kind = kind
    self.origin = TextRules.visible(origin)
    self.size = size
    self.root = root
    self.rules = rules
    self.time = time
    self.isSimulated = isSimulated
    self.format = format
    self.language = language
  }

  /// The command that makes the report again.
  public var command: String {
    "onus report \(kind) --format \(format.rawValue) --lang \(language.rawValue)"
      + " --as-of \(size) --at \(time)"
  }

  /// The members, as the line and JSON reports carry them.
  public var json: JSONObject {
    [
      "command": .string(command), "format": .string(format.rawValue), "kind": .string(kind),
      "lang": .string(language.rawValue), "origin": .string(origin), "root": .string(root),
      "rules": .integer(Int64(rules)), "simulated": .bool(isSimulated),
      "size": .integer(Int64(clamping: size)), "time": .string(time.description),
      "version": .integer(Int64(Self.version)),
    ]
  }

  /// The line.
  public var line: String { "\(Self.marker) \(Self.text(json))" }

  /// The text with which a rendering begins, in whose quoting the line is.
  var opening: String {
    switch format {
    case .html: "\(Self.beginning(of: .html, language))\(ReportText.html(line))\">\n"
    case .csv: "\u{FEFF}\(ReportText.csvCell(line))\r\n"
    case .json: "{\"\(Self.marker)\":\(Self.text(json))"
    case .markdown: "    \(line)\n"
    }
  }

  /// What stands before the marker.
  static func beginning(of format: ReportFormat, _ language: ReportLanguage) -> String {
    switch format {
    case .html:
      """
      <!doctype html>
      <html lang="\(language == .chinese ? "zh-Hans" : "en")">
      <head>
      <meta charset="utf-8">
      <meta name="onus-report" content="
      """
    case .csv: "\u{FEFF}\""
    case .json: "{\""
    case .markdown: "    "
    }
  }

  private static func text(_ object: JSONObject) -> String {
    String(decoding: CanonicalJSON.write(.object(object)), as: UTF8.self)
  }
}
