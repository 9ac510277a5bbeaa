public import Accountability
internal import Cryptography
public import Encoding
internal import Ledger
public import Views

/// A folded state and where it stands.
public struct ReportSource: Sendable {
  /// How long after the last entry dates may be judged, in milliseconds: ten years.
  ///
  /// Silence is counted period by period, so an instant without bounds would be work without end.
  public static let reachMilliseconds: Int64 = 3653 * 86_400_000

  /// What it was made from.
  public let provenance: ReportProvenance
  /// The state, whole.
  public let programme: Programme
  /// The entries that do not count.
  public let voidEntries: [UInt64]

  /// A state at hand, to be judged at an instant.
  ///
  /// - Parameter lastEntry: The time of the last entry it was folded from.
  /// - Throws: `ReportError`, of code `badInstant` if `time` is before `lastEntry` or beyond
  ///   ``reach`` of it, `newerRules` if the state is not known under these rules.
  public init(
    kind: String, programme: Programme, size: UInt64, root: String, lastEntry: Timestamp,
    time: Timestamp, voidEntries: [UInt64], format: ReportFormat, language: ReportLanguage
  ) throws(ReportError) {
    let rules = programme.ledger?.rules ?? 0
    guard rules <= Rules.newest else {
      throw ReportError(
        .newerRules,
        "The ledger has adopted rules \(rules), and this software knows them to \(Rules.newest).",
        hint: "Use a newer onus, or report --as-of an entry before their adoption.")
    }
    guard lastEntry <= time, time <= lastEntry.adding(milliseconds: Self.reachMilliseconds) else {
      throw ReportError(
        .badInstant,
        "Dates are judged at an instant from \(lastEntry), the time of entry \(size - 1), to ten"
          + " years later, and \(time) is not one.",
        hint: "Choose another --at, or fewer entries with --as-of.")
    }
    self.provenance = ReportProvenance(
      kind: kind, origin: programme.ledger?.origin ?? "", size: size, root: root, rules: rules,
      time: time, isSimulated: programme.ledger?.clock == .simulated, format: format,
      language: language)
    self.programme = programme
    self.voidEntries = voidEntries
  }

  /// A log folded to some size.
  public init(
    kind: String, _ folded: FoldedLog, at time: Timestamp, format: ReportFormat,
    language: ReportLanguage
  ) throws(ReportError) {
    try self.init(
      kind: kind, programme: folded.programme, size: folded.position.size,
      root: folded.position.root.base64, lastEntry: folded.time ?? time, time: time,
      voidEntries: folded.voidEntries.map(\.entry), format: format, language: language)
  }
}
