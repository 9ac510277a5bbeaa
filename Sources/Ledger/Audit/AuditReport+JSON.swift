internal import Accountability
internal import Cryptography
public import Encoding

extension AuditReport {
  /// The report for machines; the same ledger and options give the same bytes.
  ///
  /// ```json
  /// {"anchored":false,"axes":{"anchoring":"not-checked",…},"exit":4,"findings":[…],"format":"onus/audit/v1",…}
  /// ```
  ///
  /// What is not known is left out. Entries count from 0.
  public var json: String {
    String(decoding: CanonicalJSON.write(.object(jsonObject)), as: UTF8.self)
  }

  /// The report as a value.
  public var jsonObject: JSONObject {
    var object: JSONObject = [
      "format": .string("onus/audit/v1"),
      "anchored": .bool(isAnchored),
      "axes": .object(JSONObject(Axis.allCases.map { ($0.rawValue, .string(self[$0].rawValue)) })),
      "exit": .integer(Int64(exitCode)),
      "findings": .array(findings.map(\.json)),
      "furtherFindings": .integer(Int64(furtherFindingCount)),
      "size": .integer(Int64(clamping: size)),
      "root": .string(root.base64),
      "signatures": .integer(Int64(clamping: signatureCount)),
      "voids": .integer(Int64(clamping: voidCount)),
      "knownVoids": .integer(Int64(clamping: knownVoidCount)),
      "openings": .object([
        "edition": .string(edition.rawValue),
        "here": .integer(Int64(clamping: openedCount)),
        "missing": .integer(Int64(clamping: missingOpeningCount)),
      ]),
      "recoveredKeys": .array(recoveredKeys.map(\.json)),
      "compromisedKeys": .array(compromisedKeys.map(\.json)),
    ]
    if earlierVerifiedCount > 0 {
      object["signaturesFrom"] = .integer(Int64(clamping: earlierVerifiedCount))
    }
    if !anchors.isEmpty {
      object["anchors"] = .array(
        anchors.map { anchor in
          .object([
            "kind": .string(anchor.kind.rawValue), "size": .integer(Int64(clamping: anchor.size)),
          ])
        })
    }
    if let witnessed {
      object["witnessed"] = .object([
        "size": .integer(Int64(clamping: witnessed.size)),
        "by": .array(
          witnessed.witnesses.map { witness in
            .object([
              "name": .string(Finding.printable(witness.name)),
              "time": .string(witness.time.description),
            ])
          }),
      ])
    }
    if !timestamps.isEmpty { object["timestamps"] = .array(timestamps.map { .object($0.json) }) }
    if let bundleFiles {
      object["bundleFiles"] = .array(
        bundleFiles.filter { $0.standing != .same }.map { .object($0.json) })
    }
    if let origin { object["origin"] = .string(Finding.printable(origin)) }
    if let logKey { object["logKey"] = .string(Finding.printable(logKey.description)) }
    if let time { object["time"] = .string(time.description) }
    if let clock { object["clock"] = .string(clock.rawValue) }
    if let rules { object["rules"] = .integer(Int64(rules)) }
    return object
  }
}

extension AuditReport.KeyNote {
  fileprivate var json: JSONValue {
    var object: JSONObject = [
      "key": .string(key.description), "enrolledAt": .integer(Int64(clamping: enrolledAt)),
    ]
    if let compromisedSince { object["compromisedSince"] = .string(compromisedSince.description) }
    return .object(object)
  }
}

extension Finding {
  /// The finding for machines.
  public var json: JSONValue {
    var object: JSONObject = [
      "code": .string(code.rawValue),
      "axis": .string(axis.rawValue),
      "violation": .bool(isViolation),
      "known": .bool(isKnown),
      "affected": .integer(Int64(clamping: affected)),
      "rule": .object([
        "en": .string(code.rule.english), "zh": .string(code.rule.chinese),
      ]),
      "sentence": .object([
        "en": .string(sentence.english),
        "zh": .string(sentence.chinese),
      ]),
    ]
    if let entry { object["entry"] = .integer(Int64(clamping: entry)) }
    if let leaf { object["leaf"] = .string(leaf.base64) }
    return .object(object)
  }

  /// A sentence can quote what a ledger says: whatever could upset a terminal is replaced.
  static func printable(_ text: String) -> String {
    guard TextRules.firstForbiddenScalar(in: text, allowingLineFeeds: false) != nil else {
      return text
    }
    var clean = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let isForbidden =
        TextRules.firstForbiddenScalar(in: String(scalar), allowingLineFeeds: false) != nil
      clean.append(isForbidden ? "\u{FFFD}" : scalar)
    }
    return String(clean)
  }
}
