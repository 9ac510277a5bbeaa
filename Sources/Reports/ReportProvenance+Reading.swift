internal import Encoding

extension ReportProvenance {
  /// How many bytes of a file are looked at.
  private static let limit = 8192

  /// Reads the provenance with which a rendering begins, whatever its form.
  ///
  /// - Throws: `ReportError`, of code `noProvenance` if the file does not begin as a report does
  ///   to the byte, `unknownVersion` if it begins as a report of another version does.
  public init(foundIn bytes: [UInt8]) throws(ReportError) {
    for format in ReportFormat.allCases {
      for language in ReportLanguage.allCases {
        let beginning = Array(Self.beginning(of: format, language).utf8)
        guard bytes.starts(with: beginning) else { continue }
        let rest = bytes[beginning.count...].prefix(Self.limit)
        guard let text = Self.line(rest, of: format),
          let object = try Self.object(text, of: format)
        else { continue }
        guard let found = Self(object), found.format == format,
          bytes.starts(with: Array(found.opening.utf8))
        else { continue }
        self = found
        return
      }
    }
    throw ReportError(
      .noProvenance,
      "The file does not begin with what it was made from, as every report of Onus does.",
      hint: "Take the file as it was written; an editor or a spreadsheet may have changed it.")
  }

  /// The line out of its quoting; of JSON, all that follows the brace and the quote.
  private static func line(_ bytes: ArraySlice<UInt8>, of format: ReportFormat) -> String? {
    let end = bytes.firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.endIndex
    guard let text = String(validating: bytes[..<end], as: UTF8.self) else { return nil }
    switch format {
    case .html:
      guard text.utf8.suffix(2).elementsEqual("\">".utf8) else { return nil }
      return ReportText.fromHTML(String(decoding: text.utf8.dropLast(2), as: UTF8.self))
    case .csv:
      guard text.utf8.last == UInt8(ascii: "\"") else { return nil }
      return ReportText.fromCSVCell(String(decoding: text.utf8.dropLast(), as: UTF8.self))
    case .json, .markdown: return text
    }
  }

  /// The object behind the marker.
  private static func object(
    _ text: String, of format: ReportFormat
  ) throws(ReportError) -> JSONObject? {
    let bytes = Array(text.utf8)
    let marker = Array(Self.marker.utf8)
    guard bytes.starts(with: marker) else {
      if bytes.starts(with: marker.dropLast()) { throw otherVersion() }
      return nil
    }
    let gap = Array((format == .json ? "\":" : " ").utf8)
    let rest = bytes[marker.count...]
    guard rest.starts(with: gap) else {
      if rest.first.map({ (0x30...0x39).contains($0) }) ?? false { throw otherVersion() }
      return nil
    }
    var json = rest.dropFirst(gap.count)
    if format == .json { json = json.prefix(endOfObject(json)) }
    guard let object = try? CanonicalJSON.parse(json).object else { return nil }
    if let version = object["version"]?.integer, version != Int64(Self.version) {
      throw otherVersion()
    }
    return object
  }

  /// How many bytes the object takes with which these begin.
  private static func endOfObject(_ bytes: ArraySlice<UInt8>) -> Int {
    var isText = false
    var isEscaped = false
    for (count, byte) in bytes.enumerated() {
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        isText.toggle()
      } else if !isText, byte == UInt8(ascii: "}") {
        return count + 1
      }
    }
    return 0
  }

  private static func otherVersion() -> ReportError {
    ReportError(
      .unknownVersion,
      "The report was made in another version than \(version) of \(marker), which is the one made"
        + " here.",
      hint: "Check it with the onus that made it, or make a new one.")
  }

  private init?(_ object: JSONObject) {
    guard let format = object["format"]?.string.flatMap(ReportFormat.init),
      let language = object["lang"]?.string.flatMap(ReportLanguage.init),
      let kind = object["kind"]?.string, let origin = object["origin"]?.string,
      let root = object["root"]?.string, let rules = object["rules"]?.integer,
      let isSimulated = object["simulated"]?.bool, let size = object["size"]?.integer, size > 0,
      let time = object["time"]?.string.flatMap({ Timestamp($0) })
    else { return nil }
    self.init(
      kind: kind, origin: origin, size: UInt64(size), root: root, rules: Int(rules), time: time,
      isSimulated: isSimulated, format: format, language: language)
    guard json == object else { return nil }
  }
}
