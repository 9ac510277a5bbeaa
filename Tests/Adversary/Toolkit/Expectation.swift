import Accountability
import Ledger
import Testing

/// What an audit must say of an attack: which finding, where, and what may follow from it.
struct Expectation {
  /// One finding.
  struct Found {
    /// It has one of these codes.
    var codes: Set<FindingCode>
    /// The entry that it is laid at; none if it is on the ledger as a whole.
    var entry: UInt64?
    /// How many entries it affects, if that can be said beforehand.
    var affected: UInt64?
  }

  /// Each of these, once.
  var found: [Found]
  /// What else may be found because of it.
  var following: Set<FindingCode> = []
  /// The first entry that anything may be laid at.
  var first: UInt64 = 0
  /// Whether something must be laid at that very entry.
  var isAccused = false

  /// One finding of this code, laid at an entry, and no other.
  static func at(
    _ entry: UInt64?, _ codes: FindingCode..., affecting affected: UInt64? = nil
  ) -> Expectation {
    Expectation(found: [Found(codes: Set(codes), entry: entry, affected: affected)])
  }

  /// The same on the ledger as a whole.
  static func ledger(_ codes: FindingCode...) -> Expectation {
    Expectation(found: [Found(codes: Set(codes), entry: nil)])
  }

  /// And another.
  func and(_ entry: UInt64?, _ codes: FindingCode..., affecting affected: UInt64? = nil) -> Self {
    var more = self
    more.found.append(Found(codes: Set(codes), entry: entry, affected: affected))
    return more
  }

  /// And perhaps others.
  func then(_ codes: FindingCode...) -> Self { then(Set(codes)) }
  func then(_ codes: Set<FindingCode>) -> Self {
    var more = self
    more.following.formUnion(codes)
    return more
  }

  /// And nothing is laid at an entry before this one.
  func from(_ entry: UInt64) -> Self {
    var more = self
    more.first = entry
    return more
  }

  /// What says that an entry is not the one that was recorded.
  private static let damage: Set<FindingCode> = [.entryMissing, .entryAltered, .entryOrTileAltered]

  /// Whether the report says so, with the right axes failed and no others; else what is wrong with it.
  func complaint(about report: AuditReport) -> String? {
    if report.findings.allSatisfy({ $0.code == .unanchored }) { return "nothing was found" }
    var rest = report.findings
    for wanted in found {
      let place = rest.firstIndex {
        wanted.codes.contains($0.code) && $0.entry == wanted.entry
          && (wanted.affected ?? $0.affected) == $0.affected
      }
      guard let place else {
        let codes = wanted.codes.map(\.rawValue).sorted().joined(separator: " or ")
        return "no \(codes) at \(wanted.entry.map { "entry \($0)" } ?? "the whole")"
          + (wanted.affected.map { " affecting \($0)" } ?? "")
      }
      rest.remove(at: place)
    }
    if let other = rest.first(where: { !following.contains($0.code) }) {
      return "\(other.code.rawValue) is one too many"
    }
    let places = report.findings.compactMap(\.entry)
    if let place = places.min(), place < first {
      return "entry \(place) is accused, and the first that was changed is \(first)"
    }
    if isAccused, places.min() != first { return "entry \(first) is not accused" }
    let failed = Set(report.findings.filter(\.isViolation).map(\.axis))
    for axis in Axis.allCases where failed.contains(axis) != (report[axis] == .failed) {
      return "the axis \(axis.rawValue) is \(report[axis].rawValue)"
    }
    for finding in report.findings where report[finding.axis] == .ok && !finding.isKnown {
      return "the axis \(finding.axis.rawValue) is ok in spite of \(finding.code.rawValue)"
    }
    let isDamaged = report.findings.contains { Self.damage.contains($0.code) }
    for axis in [Axis.signatures, .history, .authority, .content] where isDamaged {
      if report[axis] == .ok { return "the axis \(axis.rawValue) is ok, and an entry is not there" }
    }
    return report.exitCode == (failed.isEmpty ? 4 : 3) ? nil : "exit \(report.exitCode)"
  }
}

extension Set<FindingCode> {
  /// What may become of later entries: they are void.
  static let voids = Set(Refusal.Code.allCases.map { FindingCode($0) })
}

extension AuditReport {
  /// What was found, a line each.
  var summary: String {
    findings.map {
      "\($0.code.rawValue) entry \($0.entry.map(String.init) ?? "-") affecting \($0.affected): "
        + $0.sentence.english
    }.joined(separator: "\n")
  }
}
