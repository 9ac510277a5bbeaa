public import Accountability
public import Cryptography

/// One thing an audit found, placed where it is.
public struct Finding: Hashable, Sendable {
  /// What it is.
  public let code: FindingCode
  /// The entry it is laid at, where there is one.
  public let entry: UInt64?
  /// The leaf hash of a void entry: what acknowledges it in a list of known voids.
  public let leaf: Digest?
  /// What was found, for a person.
  public let sentence: Label
  /// How many entries it affects, its own included; 0 where it touches none.
  public internal(set) var affected: UInt64
  /// Whether it was acknowledged before; it then fails nothing.
  public let isKnown: Bool

  init(
    _ code: FindingCode, _ entry: UInt64?, affected: UInt64? = nil, leaf: Digest? = nil,
    isKnown: Bool = false, _ english: String, _ chinese: String
  ) {
    self.code = code
    self.entry = entry
    self.leaf = leaf
    self.sentence = Label(english: Self.printable(english), chinese: Self.printable(chinese))
    self.affected = affected ?? (entry == nil ? 0 : 1)
    self.isKnown = isKnown
  }

  /// A finding on the ledger as a whole.
  init(_ code: FindingCode, affected: UInt64 = 0, _ english: String, _ chinese: String) {
    self.init(code, nil, affected: affected, english, chinese)
  }

  /// The question of the audit that it answers.
  public var axis: Axis { code.axis }
  /// Whether it fails its axis; otherwise it leaves it unchecked, or was acknowledged.
  public var isViolation: Bool { code.isViolation && !isKnown }
}

/// Collects what is found, reports each at once, and keeps the number bounded.
struct FindingLog {
  /// More are counted, not kept: a ledger that is wrong throughout must not fill the memory.
  static let limit = 10_000

  private(set) var findings: [Finding] = []
  private(set) var furtherCount = 0
  private(set) var failed: Set<Axis> = []
  private(set) var unchecked: Set<Axis> = []
  private let report: (@Sendable (Finding) -> Void)?

  init(report: (@Sendable (Finding) -> Void)?) { self.report = report }

  /// Takes a finding in and returns its number, for ``affect(_:)``.
  @discardableResult
  mutating func add(_ finding: Finding) -> Int {
    if finding.isViolation {
      failed.insert(finding.axis)
    } else if !finding.isKnown {
      unchecked.insert(finding.axis)
    }
    report?(finding)
    guard findings.count < Self.limit else {
      furtherCount += 1
      return Self.limit
    }
    findings.append(finding)
    return findings.count - 1
  }

  /// An axis is not checked throughout, because of what a finding of another axis says.
  mutating func leaveUnchecked(_ axis: Axis) { unchecked.insert(axis) }

  /// One more entry is affected by that finding.
  mutating func affect(_ number: Int) {
    guard findings.indices.contains(number) else { return }
    findings[number].affected += 1
  }
}
