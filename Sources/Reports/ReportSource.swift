public import Accountability
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
/// language. Every rendering carries these as one line of canonical JSON after ``marker``, beside
/// the words for people.
public struct ReportProvenance: Hashable, Sendable {
  /// What stands before the line.
  public static let marker = "onus/report/v1 "

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
    self.origin = origin
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

  /// The line that a rendering carries.
  public var line: String {
    let object: JSONObject = [
      "command": .string(command), "format": .string(format.rawValue), "kind": .string(kind),
      "lang": .string(language.rawValue), "origin": .string(origin), "root": .string(root),
      "rules": .integer(Int64(rules)), "simulated": .bool(isSimulated),
      "size": .integer(Int64(clamping: size)), "time": .string(time.description),
    ]
    return Self.marker + String(decoding: CanonicalJSON.write(.object(object)), as: UTF8.self)
  }

  /// Finds the provenance in a rendering, whatever its form.
  ///
  /// - Throws: `ReportError` if there is none, or more than one could be meant.
  public init(foundIn bytes: [UInt8]) throws(ReportError) {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let marker = text.range(of: Self.marker) else { throw ReportError.noProvenance }
    // Each form quotes the line in its own way; undo all of them, innermost last.
    let rest = text[marker.upperBound...].prefix(4096).prefix { $0 != "\n" && $0 != "\r\n" }
    let plain = rest.replacing("&quot;", with: "\"").replacing("&lt;", with: "<")
      .replacing("&gt;", with: ">").replacing("&#39;", with: "'").replacing("&amp;", with: "&")
    for candidate in [
      plain, plain.replacing("\"\"", with: "\""), plain.replacing("\\\"", with: "\""),
    ] {
      guard let end = candidate.lastIndex(of: "}") else { continue }
      let json = Array(candidate[...end].utf8)
      for length in Self.ends(of: json) {
        if let found = Self(json[..<length]) {
          self = found
          return
        }
      }
    }
    throw ReportError.noProvenance
  }

  private static func ends(of json: [UInt8]) -> [Int] {
    json.indices.filter { json[$0] == UInt8(ascii: "}") }.map { $0 + 1 }
  }

  private init?(_ json: ArraySlice<UInt8>) {
    guard let object = try? CanonicalJSON.parse(json).object,
      let format = object["format"]?.string.flatMap(ReportFormat.init),
      let language = object["lang"]?.string.flatMap(ReportLanguage.init),
      let kind = object["kind"]?.string, let origin = object["origin"]?.string,
      let root = object["root"]?.string, let rules = object["rules"]?.integer,
      let isSimulated = object["simulated"]?.bool, let size = object["size"]?.integer, size > 0,
      let time = object["time"]?.string.flatMap({ Timestamp($0) })
    else { return nil }
    self.init(
      kind: kind, origin: origin, size: UInt64(size), root: root, rules: Int(rules), time: time,
      isSimulated: isSimulated, format: format, language: language)
    guard object["command"]?.string == command else { return nil }
  }
}

/// Why a file cannot be made again.
public struct ReportError: Error, Hashable, Sendable {
  /// One sentence for a person.
  public let message: String

  static let noProvenance = ReportError(
    message: "The file does not say what it was made from; it is no report of Onus, or was changed."
  )
}

/// A folded state and where it stands.
public struct ReportSource: Sendable {
  /// What it was made from.
  public let provenance: ReportProvenance
  /// The state, whole.
  public let programme: Programme

  /// A source.
  public init(provenance: ReportProvenance, programme: Programme) {
    self.provenance = provenance
    self.programme = programme
  }
}

extension String {
  /// The first place where `other` stands, without Foundation.
  func range(of other: String) -> Range<String.Index>? { firstRange(of: other) }
}
